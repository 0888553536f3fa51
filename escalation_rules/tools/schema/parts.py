"""Building blocks of schemas: names, lists, closed mappings, texts, durations.

Although the schemas declare 2020-12, they use only draft 7 features, which YAML editors support: `$defs` is
referenced by path, and there is no `unevaluatedProperties`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import attrs

from escalation_rules.calendar import DAYS_PATTERN, MONTHS, lengths, periods
from escalation_rules.policy.conditions.names import MOST_REFERENCES
from escalation_rules.policy.reading.common import NAME, RESERVED
from escalation_rules.policy.vocabulary import COLLEAGUE, Vocabulary
from escalation_rules.texts import LANGUAGES, Text

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOTHING: Schema = {"not": {}}
FLAG: Schema = {"type": "boolean"}
NAMED: Schema = {"type": "string", "pattern": f"^{NAME.pattern}$"}
NO_SLOT = ""
ANY_SLOT = NAME.pattern


@attrs.frozen
class Kit:
    """The vocabulary, and the definitions created so far."""

    vocabulary: Vocabulary
    defs: dict[str, Schema] = attrs.Factory(dict)

    def define(self, name: str, build: Callable[[], Schema]) -> Schema:
        """A reference to the definition `name`. `build` creates it on first use and may refer to it recursively."""
        if name not in self.defs:
            self.defs[name] = {}
            self.defs[name] = build()
        return {"$ref": f"#/$defs/{name}"}


FAR_NAME = rf"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){{2,{MOST_REFERENCES + 1}}}"
"""The pattern of a name that follows references of a record in scope, or several references."""


def document(kind: str, number: int, body: Schema, defs: Mapping[str, Schema]) -> Schema:
    """A complete schema. `number` is the version of the described format."""
    head = {"$schema": DIALECT, "$id": f"urn:escalation-rules:{kind}:{number}"}
    return head | body | {"$defs": {name: defs[name] for name in sorted(defs)}}


def described(schema: Schema, *parts: str) -> Schema:
    """The schema with a description."""
    text = " ".join(part for part in parts if part)
    return {"description": text, **schema} if text else schema


def spoken(text: Text) -> str:
    """A label in all its languages."""
    return " · ".join(dict.fromkeys(wording for _, wording in text.versions))


def one_of(names: Mapping[str, str] | Iterable[str]) -> Schema:
    """A schema for one of some names. A mapping gives the description of each."""
    known = list(names)
    if not known:
        return NOTHING
    if isinstance(names, Mapping) and any(names.values()):
        return {"enum": known, "enumDescriptions": [names[name] for name in known]}
    return {"enum": known}


def name_among(names: Iterable[str]) -> Schema:
    """A schema for one of some names of facts and fields, or a name that follows references. Which of these exist is not
    checked: their number grows with each reference."""
    return {"anyOf": [one_of(names), {"type": "string", "pattern": f"^({FAR_NAME})$"}]}


def several(item: Schema) -> Schema:
    """One item, or a list of distinct items."""
    return {"anyOf": [item, array(item) | {"uniqueItems": True}]}


def array(items: Schema, least: int = 1) -> Schema:
    """A list with at least `least` items."""
    return {"type": "array", "items": items, "minItems": least}


def closed(properties: Mapping[str, Schema | bool], required: Collection[str] = (), least: int = 0) -> Schema:
    """A mapping without other keys than these."""
    return {
        "type": "object",
        "properties": dict(properties),
        **({"required": sorted(required)} if required else {}),
        **({"minProperties": least} if least else {}),
        "additionalProperties": False,
    }


def exactly(keys: Iterable[str], parts: Mapping[str, Schema]) -> dict[str, Schema]:
    """The given entries of `parts`. Raises `KeyError` for a key that the loader knows but that has no schema yet."""
    return {key: parts[key] for key in keys}


def when(condition: Schema, then: Schema) -> Schema:
    """A schema that applies only where `condition` matches."""
    return {"if": condition, "then": then}


def given(key: str, values: Schema, properties: Mapping[str, Schema | bool]) -> Schema:
    """The schemas of properties that apply if the key has such a value."""
    return when(has(key, values), {"properties": dict(properties)})


def mapping_or(mapping: Schema, others: Iterable[Schema], unless: Schema | None = None) -> Schema:
    """A mapping of one form (except mappings that match `unless`), or one of the other forms.

    More precise than `anyOf` alone: messages can name the wrong key of a mapping, and editors offer all
    forms.
    """
    forms = list(others)
    schema: Schema = {"anyOf": [*forms, {"type": "object"}], "if": {"type": "object"}, "then": mapping}
    if unless is not None:
        schema["if"] = {"type": "object", "not": unless}
        schema["else"] = when({"type": "object"}, {"anyOf": forms})
    return schema


def has(key: str, values: Schema | None = None) -> Schema:
    """Matches mappings that have the key (with such a value, if given)."""
    return {"required": [key], **({"properties": {key: values}} if values is not None else {})}


def wording(slots: str = NO_SLOT) -> Schema:
    """A text in one language. `slots` is the pattern of names allowed in braces."""
    piece = r"[^{}]|\{\{|\}\}" + (rf"|\{{({slots})\}}" if slots else "")
    known = " except slots such as {name}" if slots else ""
    hint = f"Expected a text without braces{known}."
    return {
        "type": "string",
        "allOf": [{"pattern": r"\S"}, {"pattern": f"^({piece})*$", "patternErrorMessage": hint}],
    }


def text(kit: Kit, key: str = "plain", slots: str = NO_SLOT) -> Schema:
    """A text in several languages. `key` names the shared definition of texts with these slots."""
    one = kit.define(f"wording.{key}", lambda: wording(slots))
    several = closed(dict.fromkeys(LANGUAGES, one), least=1)
    alone = len(kit.vocabulary.languages) == 1
    return kit.define(f"text.{key}", lambda: {"anyOf": [several, one]} if alone else several)


def declared(pattern: str = NAME.pattern, reserved: Collection[str] = RESERVED) -> Schema:
    """A name in its declaration."""
    return {"type": "string", "pattern": f"^{pattern}$", "not": {"enum": sorted(reserved)}}


def named_list(label: Schema, pattern: str, reserved: Collection[str]) -> Schema:
    """A list of names, each with or without a label."""
    name = declared(pattern, reserved)
    labelled = {"type": "object", "propertyNames": name, "minProperties": 1, "maxProperties": 1,
                "additionalProperties": label}  # fmt: skip
    return array({"anyOf": [name, labelled]}) | {"uniqueItems": True}


def duration_pattern(vocabulary: Vocabulary) -> str:
    """The pattern of a length of elapsed or working time, without anchors."""
    return lengths.pattern(vocabulary.calendars, has_default=vocabulary.calendar is not None)


def shifted_pattern(vocabulary: Vocabulary, names: str) -> str:
    """The pattern of a time limit after or before one of the `names` (a pattern)."""
    return lengths.shifted_pattern(vocabulary.calendars, names, has_default=vocabulary.calendar is not None)


def deadline_pattern(vocabulary: Vocabulary, start: str, end: str = "") -> str:
    """The pattern of a `within` value; `start` is the pattern of its anchor, `end` that of an instant before which it ends."""
    return lengths.deadline_pattern(
        vocabulary.calendars, start, end, has_default=vocabulary.calendar is not None
    )


def duration(kit: Kit) -> Schema:
    """A duration such as `2 working days`."""
    pattern = duration_pattern(kit.vocabulary)
    return kit.define("duration", lambda: _length(pattern, "30 minutes, 2 working days"))


def age(kit: Kit) -> Schema:
    """A duration, or the start of a period such as `start of the month`."""
    vocabulary = kit.vocabulary
    pattern = periods.pattern(vocabulary.calendars, has_default=vocabulary.calendar is not None)
    start = _length(pattern, f"{periods.START}month")
    return (
        kit.define("age", lambda: {"anyOf": [duration(kit), start]})
        if vocabulary.calendars
        else duration(kit)
    )


def deadline(kit: Kit) -> Schema:
    """A time limit such as `15 days, moved to a working day`, without the instant from which it counts."""
    pattern = deadline_pattern(kit.vocabulary, "")
    return kit.define("deadline", lambda: _length(pattern, "2 working days, end of the working day"))


def elapsed(kit: Kit) -> Schema:
    """A duration that is not working time."""
    return kit.define("elapsed", lambda: _length(lengths.ELAPSED_PATTERN, "30 minutes, 24 hours"))


SPAN = r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"


def hours(kit: Kit) -> Schema:
    """Hours of the day, as used by `during`."""
    calendars = "|".join(sorted(kit.vocabulary.calendars))
    place = rf"(\s+in\s+({calendars}))" + ("?" if kit.vocabulary.calendar else "")
    date = rf"[0-9]{{1,2}}\s+({'|'.join((*MONTHS, *(month[:3] for month in MONTHS)))})"
    pattern = (
        rf"\s*(working\s+time|{SPAN}|{DAYS_PATTERN}|{date}(\s+to\s+{date})?){place}\s*"
        if calendars
        else r"[^\s\S]"
    )
    what = "working time, hours such as 23:00-07:00, days such as sat-sun, or dates such as 1 November to 31 March"
    return kit.define("hours", lambda: phrase(pattern, what))


def _length(pattern: str, example: str) -> Schema:
    return phrase(pattern, f"a length of time, such as {example}")


def phrase(pattern: str, what: str) -> Schema:
    """A text that matches a pattern. `what` describes it in error messages of editors."""
    known = {"description": f"{what[0].upper()}{what[1:]}.", "patternErrorMessage": f"Expected {what}."}
    return {"type": "string", "pattern": f"^{pattern}$", **known}


def labels(vocabulary: Vocabulary, what: str) -> dict[str, str]:
    """The names of one part of the vocabulary (`actions`, `roles`, …), with their labels."""
    return {name: spoken(named.label) for name, named in getattr(vocabulary, what).items()}


def actions(kit: Kit) -> Schema:
    """An action."""
    return kit.define("action", lambda: one_of(labels(kit.vocabulary, "actions")))


def deeds(kit: Kit) -> Schema:
    """An action or a group of actions."""
    known = labels(kit.vocabulary, "actions") | labels(kit.vocabulary, "groups")
    return kit.define("deed", lambda: one_of(known))


def roles(kit: Kit) -> Schema:
    """A role."""
    return kit.define("role", lambda: one_of(labels(kit.vocabulary, "roles")))


def says_to(kit: Kit) -> Schema:
    """Whom a wording is for."""
    return kit.define("says_to", lambda: {"anyOf": [roles(kit), {"const": COLLEAGUE}]})


def lists(kit: Kit) -> Schema:
    """A record list."""
    return kit.define("list", lambda: one_of(labels(kit.vocabulary, "records")))
