"""The characters that end lines, and those that YAML forbids."""

from __future__ import annotations

import re

LINE_END = re.compile("\r\n?|\n")
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""The characters that YAML forbids, even in comments."""
