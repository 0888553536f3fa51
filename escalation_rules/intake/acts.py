"""Plain data → typed acts: what was done, by whom and in which role, when, and about which record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from escalation_rules.conditions import Act
from escalation_rules.errors import Position, Problems, listing, nearest
from escalation_rules.intake.reader import Reader
from escalation_rules.values import Instant, Party, Value, ValueType, plain_text, records_named, show
from escalation_rules.vocabulary import Action, Vocabulary

_KEYS = ("action", "by", "as", "at", "outcome", "about", "params")
INSTANT = Instant()


class ActReader(Reader):
    """A `Reader` of acts. `references` collects the places where a record is named by its id, to be looked up once all
    records are known: the place, the id, and the list that it must be in (None: any)."""

    def __init__(self, vocabulary: Vocabulary, problems: Problems, positions: Mapping[str, Position]) -> None:
        super().__init__(vocabulary, problems, positions)
        self.references: list[tuple[str, str, str | None]] = []
        self._count = 0

    def number(self) -> int:
        """The next place in the order in which a history says things: of the facts of an entry, or of one act."""
        self._count += 1
        return self._count

    def refers(self, path: str, of: ValueType, value: Value | None) -> None:
        """Remember the records that a value names."""
        listed, keys = records_named(of, value) or ("", ())
        self.references += [(path, key, listed) for key in keys]

    def acts(self, data: object, path: str, at: datetime | None) -> Iterator[Act]:
        """The acts on record."""
        for index, item in enumerate(self.items(data, path)):
            place = f"{path}[{index}]"
            if not isinstance(item, Mapping):
                self.error(
                    "wrong-form",
                    place,
                    f"the act is {show(item)}",
                    "a mapping with `action:`, `by:` and `at:`",
                )
                continue
            self.only_keys(item, _KEYS, place, "act")
            name = item.get("action")
            action = self.vocabulary.actions.get(name) if isinstance(name, str) else None
            if action is None:
                self.unknown(
                    "unknown-action",
                    f"{place}.action",
                    "action",
                    show(name).strip("'"),
                    self.vocabulary.actions,
                )
            else:
                act = self.act(item, action, place, at)
                if act is not None:
                    yield act

    def act(self, item: Mapping[str, Any], action: Action, path: str, at: datetime | None) -> Act | None:
        """One act on record; `at` is the instant of its entry in a history, if it gives none itself."""
        moment = (
            at
            if item.get("at") is None and at is not None
            else self.value(item.get("at"), INSTANT, f"{path}.at")
        )
        if moment is None and item.get("at") is None:
            self.error("missing-key", path, "the act has no `at:`", INSTANT.expected)
        party = self.doer(item, path)
        outcome = action.outcomes[0] if item.get("outcome") is None else item["outcome"]
        if outcome not in action.outcomes:
            close = nearest(outcome, action.outcomes) if isinstance(outcome, str) else None
            self.error(
                "wrong-value",
                f"{path}.outcome",
                f"{show(outcome)} is no outcome of {action.name}",
                listing(action.outcomes),
                close,
            )
        about = self.identifier(item.get("about"), f"{path}.about") if item.get("about") is not None else None
        if about is not None:
            self.references.append((f"{path}.about", about, action.about if action.about != "case" else None))
        params = self.params(self.mapping(item.get("params"), f"{path}.params"), action, f"{path}.params")
        if not isinstance(moment, datetime) or party is None:
            return None
        return Act(
            action.name,
            party,
            moment,
            plain_text(outcome) if isinstance(outcome, str) else "",
            about,
            params,
            None if at is None else self.number(),
        )

    def params(self, data: Mapping[str, Any], action: Action, path: str) -> dict[str, Value]:
        """The parameters of an act, by the declarations of its action."""
        self.only_keys(data, action.params, path, f"{action.name}")
        read = {
            name: self.value(value, action.params[name].type, f"{path}.{name}")
            for name, value in data.items()
            if name in action.params
        }
        for name, value in read.items():
            self.refers(f"{path}.{name}", action.params[name].type, value)
        return {name: value for name, value in read.items() if value is not None}

    def doer(self, item: Mapping[str, Any], path: str) -> Party | None:
        """Who did it, with the role that `as:` says; what it does not say is filled in once all parties are known."""
        party, role = self.party(item.get("by"), f"{path}.by"), item.get("as")
        if role is None or party is None:
            return party
        if not isinstance(role, str) or role not in self.vocabulary.roles:
            self.unknown("unknown-role", f"{path}.as", "role", show(role).strip("'"), self.vocabulary.roles)
        elif party.role not in {None, role}:
            message = f"`by: {party.name}` names a role already, and `as:` another"
            self.error("wrong-value", f"{path}.as", message, "`by:` with the id of a party, or no `as:`")
        return Party(party.name, role) if isinstance(role, str) else party

    def party(self, data: object, path: str) -> Party | None:
        """A role, or the id of a record in `parties`."""
        if data is None:
            self.error(
                "missing-key", path, "it is not said by whom", f"a role ({listing(self.vocabulary.roles)})"
            )
            return None
        name = self.identifier(data, path)
        if name is None:
            return None
        if name in self.vocabulary.roles:
            return Party(name, name)
        self.named_parties.append((path, name))
        return Party(name, None)
