"""Formats the replay of one history as a line of JSON, for the log of a run and for summaries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from escalation_rules.errors import Diagnostic
from escalation_rules.tools.replay.comparing import differences
from escalation_rules.tools.replay.model import Replay

FORMAT = 1
"""The version of the line format."""


def case_digest(data: object) -> str:
    """SHA-256 (hex) of the plain data of a case, independent of the order of keys."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def line_of(case: str | None, digest: str, replays: Sequence[Replay]) -> dict[str, Any]:
    """The replays of one history, under one or two policies, as plain data."""
    line: dict[str, Any] = {
        "format": FORMAT,
        "case": case,
        "digest": digest,
        "replays": [_slim(replay) for replay in replays],
    }
    if len(replays) == 2:
        line["differences"] = [difference.to_dict() for difference in differences(*replays)]
    return line


def _slim(replay: Replay) -> dict[str, Any]:
    """A replay as plain data; of the rules behind a breach only the ids, since the policy has the texts."""
    data = replay.to_dict("en")
    for breach in (*data["breaches"], *data["unverified"]):
        breach["because"] = [reason["rule"] for reason in breach["because"]]
    return data


def problem_line(case: str | None, digest: str | None, problems: Iterable[Diagnostic]) -> dict[str, Any]:
    """A line for a history that could not be replayed, with the problems."""
    said = [problem.to_dict() for problem in problems]
    return {"format": FORMAT, "case": case, "digest": digest, "problems": said}
