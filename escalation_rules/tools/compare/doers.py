"""Who may do an action, by its declaration: whom it is now forbidden to, or no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import attrs

from escalation_rules.case import Case
from escalation_rules.engine import Program
from escalation_rules.engine.request import read_request
from escalation_rules.engine.verdict import verdict
from escalation_rules.policy.vocabulary import Action, Named
from escalation_rules.solving.cases import CASE_ID
from escalation_rules.tools.compare.policies import NEW, OLD, Policies
from escalation_rules.tools.compare.result import How

NOTHING_KNOWN = {"id": CASE_ID}
"""The smallest case."""


@attrs.frozen
class DoersChange:
    """An action that other roles may do than before: those that may not any more, and those that now may."""

    action: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def sides(self) -> Iterator[tuple[How, tuple[str, ...]]]:
        """To whom the action is now forbidden, and to whom no longer."""
        sides: tuple[tuple[How, tuple[str, ...]], ...] = (("now", self.lost), ("no longer", self.gained))
        yield from (each for each in sides if each[1])

    def shows(self, policies: Policies, role: str, at: datetime) -> bool:
        """Whether the policies answer differently when this role asks, of a case about which nothing is known."""
        answers = [self._answer(each, role, at) for each in policies.programs]
        return answers[OLD] != answers[NEW]

    def _answer(self, program: Program, role: str, at: datetime) -> str:
        case, moment = Case.from_mapping(program.model.vocabulary, NOTHING_KNOWN), at.astimezone(UTC)
        assessment = program.assessment(case, case.at(moment), moment)
        request = read_request(assessment, self.action, by=role, about=None, params=None)
        return verdict(assessment, request.action, request.about, request.doer, request.params).verdict


def doers_changed(policies: Policies) -> Sequence[DoersChange]:
    """The actions of both policies whose `by:` was changed."""
    old, new = (each.vocabulary for each in policies.models)
    found = []
    for name in sorted(old.actions.keys() & new.actions.keys()):
        before, after = _doers(old.actions[name], old.roles), _doers(new.actions[name], new.roles)
        both = old.roles.keys() & new.roles.keys()
        lost, gained = (
            tuple(sorted((one - other) & both)) for one, other in ((before, after), (after, before))
        )
        if lost or gained:
            found.append(DoersChange(name, lost, gained))
    return found


def _doers(action: Action, roles: Mapping[str, Named]) -> set[str]:
    return set(action.by or roles)
