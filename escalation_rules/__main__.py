"""Runs the command line for `python -m escalation_rules`."""

from __future__ import annotations

import sys

from escalation_rules.cli import main

if __name__ == "__main__":
    sys.exit(main())
