"""Replays histories under one policy, or compares two: decisions over time, breaches, statistics.

`replay` follows one history under one policy; `differences` compares two replays of the same history; `Tally`
adds up the results of any number of histories, as plain data, into a `Summary`.
"""

from escalation_rules.tools.replay.comparing import Difference, differences
from escalation_rules.tools.replay.following import replay, said_at
from escalation_rules.tools.replay.lines import case_digest, line_of, problem_line
from escalation_rules.tools.replay.model import Replay, Span
from escalation_rules.tools.replay.summary import PART, Blame, Cause, Summary, Tally

__all__ = [
    "PART", "Blame", "Cause", "Difference", "Replay", "Span", "Summary", "Tally", "case_digest", "differences", "line_of",
    "problem_line", "replay", "said_at",
]  # fmt: skip
