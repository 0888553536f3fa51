"""Result types of a replay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.decision import to_plain
from escalation_rules.frozen import frozen
from escalation_rules.texts import known_language

Kind = Literal["do", "must_not", "must_wait", "find_out", "found"]
"""A step of the plan, a forbidden action, a held action, a question, a conclusion."""

KINDS: tuple[Kind, ...] = ("do", "must_not", "must_wait", "find_out", "found")


@attrs.frozen
class Span:
    """One thing that the decisions said from `since` up to but excluding `until` (both UTC; None: still at
    the end).

    `name` is the action or fact, `about` the record, and `value` what was said, e.g. owner and due time of a
    step or the value of a conclusion. `because` names the rules behind it when it was first said.
    """

    kind: Kind
    name: str
    about: str | None
    value: Any = attrs.field(converter=frozen)
    because: tuple[str, ...]
    since: datetime
    until: datetime | None

    @property
    def apart(self) -> tuple[str, ...]:
        """The parameters that tell the steps of an action apart."""
        found = self.value.get("apart", {}) if isinstance(self.value, Mapping) else {}
        return tuple(sorted(map(str, found.items())))

    @property
    def key(self) -> tuple[Any, ...]:
        """The key that distinguishes things said at the same time."""
        by = tuple(self.value.get("by", ())) if isinstance(self.value, Mapping) else ()
        return KINDS.index(self.kind), self.name, self.about or "", by, self.apart


@attrs.frozen
class Replay:
    """One history under one policy, up to `until` (UTC).

    `moments` counts the decisions: at each entry, each act, and each review in between. `fired` are the rules
    that held at least once. `overruled` are those that held but gave way to an overriding rule or to a
    prohibition. `breaches` and `unverified` are the results of an audit.
    """

    policy: str
    until: datetime
    moments: int
    said: tuple[Span, ...]
    fired: tuple[str, ...]
    overruled: tuple[str, ...]
    breaches: tuple[Any, ...]
    unverified: tuple[Any, ...]

    def to_dict(self, language: str | None = None) -> dict[str, Any]:
        """The replay as plain data for JSON; texts in `language`, or in all languages if None."""
        return to_plain(self, known_language(language))
