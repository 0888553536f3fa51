"""The acts of a case as they are told: one that is told again under the same id is the same act, perhaps corrected."""

from __future__ import annotations

import attrs

from escalation_rules.policy.conditions import Act


class Log:
    """Collects acts, each with the number of the entry that tells of it.

    What a later entry says of an act replaces what was said before, from the start: it was always so. Its place among what
    happened at the same instant stays.
    """

    def __init__(self) -> None:
        self._acts: list[Act | None] = []
        self._told: dict[str, tuple[int, int]] = {}
        self._withdrawn: set[str] = set()

    @property
    def acts(self) -> list[Act]:
        """All that was done, in the order in which it was told."""
        return [each for each in self._acts if each is not None]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all acts that were told, also of those that were withdrawn."""
        return frozenset(self._told) | self._withdrawn

    def known(self, act_id: str | None) -> Act | None:
        """The act of that id as it was told last."""
        return self._acts[self._told[act_id][0]] if act_id in self._told else None

    def add(self, act: Act, act_id: str | None, entry: int) -> bool:
        """Add an act of an entry, or what it says anew of one; False if the same entry says otherwise of it."""
        known = self.known(act_id)
        if known is None or act_id is None:
            if act_id is not None:
                self._told[act_id] = len(self._acts), entry
            self._acts.append(act)
            return True
        place, told = self._told[act_id]
        again = attrs.evolve(act, order=known.order)
        if told == entry:
            return again == known
        self._acts[place] = again
        self._told[act_id] = place, entry
        return True

    def withdraw(self, act_id: str) -> bool:
        """Take an act out, as it was never done; False if none of that id was told."""
        if act_id in self._told:
            self._acts[self._told.pop(act_id)[0]] = None
            self._withdrawn.add(act_id)
        return act_id in self._withdrawn
