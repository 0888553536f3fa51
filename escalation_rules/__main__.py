"""`python -m escalation_rules` is the command `escalation-rules`."""

from __future__ import annotations

import sys

from escalation_rules.cli import main

if __name__ == "__main__":
    sys.exit(main())
