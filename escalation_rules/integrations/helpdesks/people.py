"""Determines the participants and their roles. A role stated by the system takes precedence over one implied by a place."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from escalation_rules.integrations.helpdesks.normal import Person
from escalation_rules.integrations.helpdesks.paths import MAX_ITEMS, Item, word
from escalation_rules.integrations.helpdesks.scope import Scope
from escalation_rules.integrations.helpdesks.spec import PeopleSource, Source

USER = "user"


@attrs.define
class _Known:
    id: str
    name: str = ""
    addresses: tuple[str, ...] = ()
    role: str | None = None
    sure: bool = False
    contradicted: bool = False


@attrs.define
class People:
    """The people of a payload, by id. Roles are either stated by the system (sure) or implied by a place (guessed)."""

    scope: Scope
    known: dict[str, _Known] = attrs.Factory(dict)

    def read(self) -> None:
        """Read all people in the profile's `people:`, in order."""
        for source in self.scope.spec.people:
            for number, entry in enumerate(self.scope.items(source.place)):
                if number >= MAX_ITEMS:
                    self.scope.no("people", f"more than {MAX_ITEMS} people; the rest is left out")
                    break
                if source.when.holds(entry):
                    self._read(source, entry)

    def _read(self, source: PeopleSource, item: Item) -> None:
        key = self.party(source.id, source.space, item)
        if key is None:
            self.scope.keyed(source.place, item)
            return
        person = self.known.setdefault(key, _Known(key))
        person.name = person.name or " ".join(
            filter(None, (self.scope.text(part, item, 200) for part in source.name))
        )
        address = word(source.address.raw(item))
        if address and len(address) < 300:
            person.addresses = tuple(dict.fromkeys((*person.addresses, address.strip().casefold())))
        value, strange = source.role.value(item)
        if strange is not None:
            self.scope.no(source.role.place, "role: the profile does not map this value", strange)
        if value is not None:
            self.state(key, str(value), not source.role.guess)

    def party(self, source: Source, space: Source, item: Item) -> str | None:
        """The id of the person that a source names, or None. Adds the person if new."""
        party = self.key(source, space, item)
        if party is not None:
            self.known.setdefault(party, _Known(party))
        return party

    def key(self, source: Source, space: Source, item: Item) -> str | None:
        """The id of the person that a source names, whether already known or not."""
        key = self.scope.id(source, item)
        if key is None or key == "0" or key in self.scope.spec.unset:
            return None
        return self.scope.prefixed(self.scope.chosen(space, item, "kind of person") or USER, key)

    def named(self, name: str) -> list[str]:
        """The ids of people with this name or address, for systems that write names instead of ids."""
        wanted = name.strip().casefold()
        return [
            person.id
            for person in self.known.values()
            if wanted in (person.name.casefold(), *person.addresses)
        ]

    def state(self, key: str, role: str, sure: bool) -> None:
        """Record a role. If somebody is both customer and staff, the sure role is kept; if both are equally
        sure, neither is."""
        person = self.known.setdefault(key, _Known(key))
        side = self.scope.customer_side
        if person.contradicted and not sure:
            return
        if person.role is None or (sure and not person.sure):
            if person.role is not None and side(person.role) != side(role):
                self.scope.guess(
                    key, f"is {role} according to the system, although the place suggests {person.role}"
                )
            elif not sure:
                self.scope.guess(key, f"is {role}, which follows from the place")
            person.role, person.sure, person.contradicted = role, sure, False
        elif side(person.role) == side(role):
            person.role = (
                role if not side(role) and (sure or not person.sure or role == "case_owner") else person.role
            )
        elif person.sure and not sure:
            self.scope.guess(
                key, f"is {person.role} according to the system, although the place suggests {role}"
            )
        else:
            self.scope.no(key, f"is both {person.role} and {role}; the role stays unknown")
            person.role, person.contradicted = None, True

    def role(self, key: str | None) -> str | None:
        """The role of a person, or None."""
        return self.known[key].role if key in self.known else None

    def customers(self) -> list[_Known]:
        """The people who are customers."""
        return [person for person in self.known.values() if self.scope.customer_side(person.role)]

    def all(self) -> Iterator[Person]:
        """All people, in the order of the payload."""
        for person in self.known.values():
            yield Person(person.id, person.role, person.name, person.addresses)
