"""A case found in a file or table, before it is read, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from escalation_rules import Case, CaseError, Diagnostic, Policy, Position
from escalation_rules.errors import Problems
from escalation_rules.source import parse_json
from escalation_rules.source.documents import plain_data


@attrs.frozen
class Found:
    """A case at `place`: the text of a file or line (`is_line`), plain `data`, or the `problems` that prevented reading."""

    place: Position
    text: str = ""
    is_json: bool = False
    is_line: bool = False
    data: Mapping[str, Any] | None = None
    problems: tuple[Diagnostic, ...] = ()

    def plain(self) -> Mapping[str, Any]:
        """The case as plain data. Raises `CaseError`."""
        if self.problems:
            raise CaseError(self.problems)
        if self.data is not None:
            return self.data
        problems = Problems()
        if self.is_line:
            data = parse_json(self.text, self.place.file, problems)
        else:
            data, _ = plain_data(self.text, self.place.file, problems, is_json=self.is_json)
        if problems.errors:
            raise CaseError(self._placed(diagnostic) for diagnostic in problems.errors)
        if not isinstance(data, Mapping):
            raise CaseError([Diagnostic("wrong-form", "the case is not a mapping", self.place,
                                        expected="`id`, `facts`, record lists")])  # fmt: skip
        return data

    def case(self, policy: Policy, data: Mapping[str, Any]) -> Case:
        """The case of a policy. Raises `CaseError` with all problems and their places."""
        try:
            return policy.case(data)
        except CaseError as error:
            if self.data is not None:
                raise CaseError(self._placed(diagnostic) for diagnostic in error.diagnostics) from None
        try:  # positions in the text are computed only if there are problems
            return policy.case(data, self._positions())
        except CaseError as error:
            raise CaseError(self._placed(diagnostic) for diagnostic in error.diagnostics) from None

    def _positions(self) -> dict[str, Position]:
        is_json = self.is_json or self.is_line
        return plain_data(self.text, self.place.file, Problems(), is_json=is_json)[1]

    def _placed(self, problem: Diagnostic) -> Diagnostic:
        """The problem with its line in the file."""
        where = problem.position
        if where is None:
            return attrs.evolve(problem, position=self.place)
        return attrs.evolve(problem, position=attrs.evolve(where, line=where.line + self.place.line - 1))


def id_of(data: Mapping[str, Any]) -> str | None:
    """The id of a case, or None if it has no printable one."""
    found = data.get("id")
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else None
