"""Reads acts from plain data: action, doer and role, time, record, and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from escalation_rules.case.log import Log
from escalation_rules.case.values import Reader
from escalation_rules.errors import Position, Problems, listing
from escalation_rules.policy.conditions import Act
from escalation_rules.policy.vocabulary import Action, Vocabulary
from escalation_rules.values import Instant, Party, Value, ValueType, plain_text, records_named, show

_KEYS = ("id", "action", "by", "as", "at", "outcome", "about", "params", "retract")
_WITHDRAWAL = ("id", "retract")
INSTANT = Instant()


class ActReader(Reader):
    """A `Reader` of acts, which are added to `log`. `references` collects the places where a record is named
    by its id, for checking when all records are known: the path, the id, and the list that must contain it
    (None: any)."""

    def __init__(self, vocabulary: Vocabulary, problems: Problems, positions: Mapping[str, Position]) -> None:
        super().__init__(vocabulary, problems, positions)
        self.log = Log()
        self.references: list[tuple[str, str, str | None]] = []
        self._count = 0

    def number(self) -> int:
        """The next sequence number in a history. Each entry's facts and each act have one."""
        self._count += 1
        return self._count

    def refers(self, path: str, of: ValueType, value: Value | None) -> None:
        """Record the references to records in a value."""
        listed, keys = records_named(of, value) or ("", ())
        self.references += [(path, key, listed) for key in keys]

    def acts(self, data: object, path: str, at: datetime | None, entry: int) -> None:
        """Read the acts of an entry. `entry` is its number, `at` its instant (None: a plain case)."""
        for index, raw in enumerate(self.items(data, path)):
            place = f"{path}[{index}]"
            if not isinstance(raw, Mapping):
                self.error(
                    "wrong-form",
                    place,
                    f"an act cannot be {show(raw)}",
                    "a mapping with `action:`, `by:` and `at:`",
                )
            elif "retract" in raw and at is None:
                message = "acts can only be withdrawn in a history"
                self.error("does-not-fit", f"{place}.retract", message, "the case without this act")
            elif self.flag(raw.get("retract"), f"{place}.retract"):
                self._withdraw(raw, place)
            elif raw.get("retract") in (None, False):
                self.only_keys(self._but_parameters(raw, place), _KEYS, place, "the act")
                self._tell(raw, place, at, entry)

    def _but_parameters(self, item: Mapping[str, Any], path: str) -> list[Any]:
        """The keys of an act without parameters written outside `params:`, which are reported here."""
        name = item.get("action")
        action = self.vocabulary.actions.get(name) if isinstance(name, str) else None
        stray = [key for key in item if key not in _KEYS and action is not None and key in action.params]
        for key in stray:
            message = f"{key} is a parameter of {name}, and no key of the act"
            self.error("unknown-key", f"{path}.{key}", message, f"`params:` with `{key}:` below it")
        return [key for key in item if key not in stray]

    def _withdraw(self, item: Mapping[str, Any], path: str) -> None:
        self.only_keys(item, _WITHDRAWAL, path, "the withdrawal of an act")
        act_id = self.identifier(item.get("id"), f"{path}.id")
        if act_id is not None and not self.log.withdraw(act_id):
            self.unknown("unknown-act", f"{path}.id", "earlier act", act_id, self.log.ids)

    def _tell(self, item: Mapping[str, Any], path: str, at: datetime | None, entry: int) -> None:
        act_id = self.identifier(item.get("id"), f"{path}.id") if item.get("id") is not None else None
        before = self.log.known(act_id) if at is not None else None  # in a plain case, nothing is told later
        name = item.get("action") if "action" in item or before is None else before.action
        action = self.vocabulary.actions.get(name) if isinstance(name, str) else None
        if name is None:
            self.error("missing-key", path, "missing `action:` in the act", "`action:` with what was done")
            return
        if action is None:
            said = show(name).strip("'")
            self.unknown("unknown-action", f"{path}.action", "action", said, self.vocabulary.actions)
            return
        act = self.act(item, action, path, at if before is None else before.at, before)
        if act is not None and not self.log.add(act, act_id, entry):
            message = f"the id {act_id!r} is already used for a different act"
            self.error("duplicate", f"{path}.id", message, "another id, or the same act")

    def act(
        self,
        item: Mapping[str, Any],
        action: Action,
        path: str,
        at: datetime | None,
        before: Act | None = None,
    ) -> Act | None:
        """Read one act. `at` is the default for its instant (None: in a plain case, the act must have one).

        `before` is its previous version. If that is of the same action, what is not stated again is kept.
        """
        kept = before if before is not None and before.action == action.name else None
        if item.get("at") is None and at is None:
            self.error("missing-key", path, "missing `at:` in the act", INSTANT.expected)
        moment = at if item.get("at") is None else self.value(item["at"], INSTANT, f"{path}.at")
        party = self.doer(item, path, before)
        if kept is not None and party is not None and item.get("as") is None and party.name == kept.by.name:
            party = kept.by
        outcome = item.get("outcome")
        if outcome is None:
            outcome = action.outcomes[0] if kept is None or "outcome" in item else kept.outcome
        if outcome not in action.outcomes:
            self.unknown(
                "wrong-value", f"{path}.outcome", "outcome", outcome, action.outcomes, f" of {action.name}"
            )
        about = self.identifier(item.get("about"), f"{path}.about") if item.get("about") is not None else None
        if about is not None:
            self.references.append((f"{path}.about", about, action.about if action.about != "case" else None))
        stated = self.mapping(item.get("params"), f"{path}.params")
        params = self.params(stated, action, f"{path}.params")
        if kept is not None:
            about = about if "about" in item else kept.about
            same = {} if "params" in item and item["params"] is None else kept.params
            params = {**{name: value for name, value in same.items() if name not in stated}, **params}
        if not isinstance(moment, datetime) or party is None or not isinstance(outcome, str):
            return None
        order = None if at is None else self.number()
        return Act(action.name, party, moment, plain_text(outcome), about, params, order)

    def params(self, data: Mapping[str, Any], action: Action, path: str) -> dict[str, Value]:
        """Read the parameters of an act, as declared by its action."""
        self.only_keys(data, action.params, path, f"{action.name}")
        read = {
            name: self.value(value, action.params[name].type, f"{path}.{name}")
            for name, value in data.items()
            if name in action.params
        }
        for name, value in read.items():
            self.refers(f"{path}.{name}", action.params[name].type, value)
        return {name: value for name, value in read.items() if value is not None}

    def doer(self, item: Mapping[str, Any], path: str, before: Act | None = None) -> Party | None:
        """Read the doer, by default that of the previous version of the act, with the role given by `as:`. A missing role is
        filled in when all parties are known."""
        if before is not None and "by" not in item and item.get("as") is None:
            return before.by
        stated = before.by.name if before is not None and "by" not in item else item.get("by")
        party, role = self.party(stated, f"{path}.by"), item.get("as")
        if role is None or party is None:
            return party
        if not isinstance(role, str) or role not in self.vocabulary.roles:
            self.unknown("unknown-role", f"{path}.as", "role", show(role).strip("'"), self.vocabulary.roles)
        elif party.role not in {None, role}:
            message = f"`by: {party.name}` names a role, but `as:` names another"
            self.error("wrong-value", f"{path}.as", message, "`by:` with the id of a party, or no `as:`")
        return Party(party.name, role) if isinstance(role, str) else party

    def party(self, data: object, path: str) -> Party | None:
        """Read a role, or the id of a record in `parties`."""
        if data is None:
            self.error("missing-key", path, "missing `by:`", f"a role ({listing(self.vocabulary.roles)})")
            return None
        name = self.identifier(data, path)
        if name is None:
            return None
        if name in self.vocabulary.roles:
            return Party(name, name)
        self.named_parties.append((path, name))
        return Party(name, None)
