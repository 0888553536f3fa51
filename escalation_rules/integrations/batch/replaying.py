"""Replays each history under one policy or two. The result is a line of JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from escalation_rules import Diagnostic, EscalationRulesError, Policy
from escalation_rules.integrations.batch.found import Found, id_of
from escalation_rules.tools.replay import case_digest, line_of, problem_line

Line = dict[str, Any]


@attrs.frozen
class Replaying:
    """Replays histories up to `until` (aware) under policies, the old one first. `work` turns a found case
    into a line.

    For a case whose digest is in `finished`, the line contains only this fact.

    Can be pickled; the policies are compiled once in each receiving process.
    """

    policies: tuple[Policy, ...]
    until: datetime
    finished: frozenset[str] = frozenset()

    def __call__(self) -> Callable[[Found], Line]:
        """The function that a process calls for each history."""
        return self.work

    def work(self, found: Found) -> Line:
        """The line of a history; if it cannot be replayed, a line with the problems."""
        data: Mapping[str, Any] | None = None
        digest: str | None = None
        placed = {"place": f"{found.place.file}:{found.place.line}"}
        try:
            data = found.plain()
            digest = case_digest(data)
            if digest in self.finished:
                return {"finished": digest, **placed}
            return {**self.line(found, data, digest), **placed}
        except EscalationRulesError as error:
            problems = error.diagnostics
        except Exception as error:  # noqa: BLE001 - a fault in one case must not stop the run
            message = f"the case cannot be replayed: {type(error).__name__}: {error}"
            problems = (Diagnostic("not-replayed", message, found.place),)
        return {**problem_line(id_of(data) if data else None, digest, problems), **placed}

    def line(self, found: Found, data: Mapping[str, Any], digest: str) -> Line:
        """The line of a case given as plain data."""
        first, *others = self.policies
        case = found.case(first, data)
        replays = [first.replay(case, until=self.until)]
        for policy in others:
            same = policy.vocabulary.digest == case.vocabulary
            replays.append(policy.replay(case if same else found.case(policy, data), until=self.until))
        return line_of(case.id, digest, replays)

    def lost(self, found: Found) -> Line:
        """The line of a history whose process died on each attempt."""
        said = Diagnostic("worker-lost", "the process that worked on the case ended", found.place)
        return {**problem_line(None, None, [said]), "place": f"{found.place.file}:{found.place.line}"}
