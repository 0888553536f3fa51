"""Who may do an action, by its declaration: whom it is now forbidden to, or no longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs

from escalation_rules.case import Case
from escalation_rules.engine import Program
from escalation_rules.engine.request import read_request
from escalation_rules.engine.verdict import verdict
from escalation_rules.errors import EscalationRulesError
from escalation_rules.policy.vocabulary import Action, Barred, Named, Vocabulary
from escalation_rules.solving.cases import CASE_ID
from escalation_rules.solving.symbols import PARTIES, SOME_TEXT
from escalation_rules.tools.compare.policies import NEW, OLD, Policies
from escalation_rules.tools.compare.result import How
from escalation_rules.values import Enumerated, ValueType

NOTHING_KNOWN = {"id": CASE_ID}
"""The smallest case."""
_PERSON, _OTHER, _CURRENCY = "person-1", "person-2", "EUR"


@attrs.frozen
class Asking:
    """Somebody who asks whether they may do something: a role, or a person of a case, about a record of it."""

    case: Mapping[str, Any]
    by: str
    about: str | None = None


@attrs.frozen
class DoersChange:
    """An action that others may do than before: the roles that may not any more (`lost`), and those that now may (`gained`), and
    who is barred from it now (`barred`), or no longer (`freed`)."""

    action: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    barred: tuple[Barred, ...] = ()
    freed: tuple[Barred, ...] = ()

    @property
    def sides(self) -> Iterator[tuple[How, tuple[str, ...]]]:
        """To which roles the action is now forbidden, and to which no longer."""
        sides: tuple[tuple[How, tuple[str, ...]], ...] = (("now", self.lost), ("no longer", self.gained))
        yield from (side for side in sides if side[1])

    @property
    def sides_barred(self) -> Iterator[tuple[How, Barred]]:
        """Who is barred from it now, and who no longer."""
        yield from (("now", barred_party) for barred_party in self.barred)
        yield from (("no longer", barred_party) for barred_party in self.freed)

    def shows(self, policies: Policies, role: str, at: datetime) -> bool:
        """Whether the policies answer differently when this role asks, of a case about which nothing is known."""
        return self._differs(policies, Asking(NOTHING_KNOWN, role), at)

    def shown_barred(self, policies: Policies, barred: Barred, at: datetime) -> Asking | None:
        """Who is barred, in a case in which the policies answer differently; None if they do not."""
        old, new = (model.vocabulary for model in policies.models)
        able = self._able(old) & self._able(new)
        for role in (role for role in new.roles if role in able):
            asking = _asking(new, self.action, barred, role, at)
            if asking is not None and self._differs(policies, asking, at):
                return asking
        return None

    def _able(self, vocabulary: Vocabulary) -> set[str]:
        return _doers(vocabulary.actions[self.action], vocabulary.roles)

    def _differs(self, policies: Policies, asking: Asking, at: datetime) -> bool:
        try:
            answers = [self._answer(program, asking, at) for program in policies.programs]
        except EscalationRulesError:  # one of them does not know what is in the case
            return False
        return answers[OLD] != answers[NEW]

    def _answer(self, program: Program, asking: Asking, at: datetime) -> str:
        case, moment = Case.from_mapping(program.model.vocabulary, asking.case), at.astimezone(UTC)
        assessment = program.assessment(case, case.at(moment), moment)
        request = read_request(assessment, self.action, by=asking.by, about=asking.about, params=None)
        return verdict(assessment, request.action, request.about, request.doer, request.params).verdict


def doers_changed(policies: Policies) -> Sequence[DoersChange]:
    """The actions of both policies whose `by:` or `not_by:` was changed."""
    old, new = (model.vocabulary for model in policies.models)
    found = []
    for name in sorted(old.actions.keys() & new.actions.keys()):
        mine, its = old.actions[name], new.actions[name]
        before, after = _doers(mine, old.roles), _doers(its, new.roles)
        both = old.roles.keys() & new.roles.keys()
        lost, gained = (
            tuple(sorted((one - other) & both)) for one, other in ((before, after), (after, before))
        )
        barred, freed = (
            tuple(barred_party for barred_party in one if barred_party not in other)
            for one, other in ((its.barred, mine.barred), (mine.barred, its.barred))
        )
        if lost or gained or barred or freed:
            found.append(DoersChange(name, lost, gained, barred, freed))
    return found


def _doers(action: Action, roles: Mapping[str, Named]) -> set[str]:
    return set(action.by or roles)


def _some(of: ValueType, by: str, at: datetime) -> object:
    """Some value of a parameter, in its plain form."""
    if isinstance(of, Enumerated):
        return of.names[0]
    values = {
        "flag": True,
        "amount": 1,
        "count": 1,
        "duration": "1 day",
        "instant": at.isoformat(),
        "party": by,
    }
    return values.get(of.kind, SOME_TEXT)


def _asking(vocabulary: Vocabulary, action: str, barred: Barred, role: str, at: datetime) -> Asking | None:
    """Somebody of this role who is barred, in the smallest case: a person if cases have people, otherwise the role."""
    case: dict[str, Any] = {**NOTHING_KNOWN}
    by = role
    people = vocabulary.records.get(PARTIES)
    if people is not None and "role" in people.fields:
        case[PARTIES], by = [{"id": _PERSON, "role": role}], _PERSON
        if barred.only:
            case[PARTIES].append({"id": _OTHER, "role": role})
    other = _OTHER if barred.only else by
    about = vocabulary.actions[action].about
    listed = vocabulary.records.get(about or "")
    record = None if listed is None else f"{listed.each}-1"
    if listed is not None:
        case[listed.name] = [{"id": record}]
    if barred.action is not None:
        declared = vocabulary.actions.get(barred.action)
        if declared is None:
            return None
        its = declared.about if declared.about in vocabulary.records else None
        if its is not None and its not in case:
            case[its] = [{"id": f"{vocabulary.records[its].each}-1"}]
        act: dict[str, Any] = {"action": barred.action, "by": by, "at": at.isoformat()}
        act |= {"outcome": declared.counts[0]} if declared.counts else {}
        required = {
            name: _some(parameter.type, by, at)
            for name, parameter in declared.params.items()
            if parameter.required
        }
        if any(
            parameter.type.kind == "amount" for parameter in declared.params.values() if parameter.required
        ):
            case["currency"] = _CURRENCY
        act |= {"params": required} if required else {}
        case["acts"] = [act | ({"about": f"{vocabulary.records[its].each}-1"} if its is not None else {})]
    elif barred.only and PARTIES not in case:
        return None  # without people, whoever has the role may do it
    elif barred.fact is not None:
        case["facts"] = {barred.fact: other}
    elif record is not None and barred.list == about:
        case[about] = [{"id": record, barred.field: other}]
    else:
        return None
    return Asking(case, by, record)
