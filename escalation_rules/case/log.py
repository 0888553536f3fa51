"""Collects the acts of a case. An act repeated with the same id is the same act, perhaps corrected."""

from __future__ import annotations

import attrs

from escalation_rules.policy.conditions import Act


class Log:
    """Collects acts, each with the number of its entry.

    A later entry with the same id replaces the act retroactively. Its position among acts at the same instant
    is kept.
    """

    def __init__(self) -> None:
        self._acts: list[Act | None] = []
        self._told: dict[str, tuple[int, int]] = {}
        self._withdrawn: set[str] = set()

    @property
    def acts(self) -> list[Act]:
        """All acts, in the order in which they were first logged."""
        return [act for act in self._acts if act is not None]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all acts, including withdrawn ones."""
        return frozenset(self._told) | self._withdrawn

    def known(self, act_id: str | None) -> Act | None:
        """The latest version of the act with this id."""
        return self._acts[self._told[act_id][0]] if act_id in self._told else None

    def add(self, act: Act, act_id: str | None, entry: int) -> bool:
        """Add an act of an entry, or its new version. Returns False if the same entry contradicts itself."""
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
        """Remove an act retroactively. Returns False if there is none with this id."""
        if act_id in self._told:
            self._acts[self._told.pop(act_id)[0]] = None
            self._withdrawn.add(act_id)
        return act_id in self._withdrawn
