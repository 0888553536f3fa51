"""What the schemas are built of: names, lists, closed mappings, texts, lengths of time.

Editors for YAML know JSON Schema up to draft 7, so nothing newer is used, though the schemas say 2020-12: `$defs` is
reached by its path, and no `unevaluatedProperties`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import attrs

from escalation_rules.calendar import lengths
from escalation_rules.policy.reading.common import NAME, RESERVED
from escalation_rules.policy.vocabulary import Vocabulary
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
    """The vocabulary, and the definitions that have been made for it."""

    vocabulary: Vocabulary
    defs: dict[str, Schema] = attrs.Factory(dict)

    def define(self, name: str, build: Callable[[], Schema]) -> Schema:
        """A reference to the definition `name`. `build` makes it when it is first asked for; it may refer to itself."""
        if name not in self.defs:
            self.defs[name] = {}
            self.defs[name] = build()
        return {"$ref": f"#/$defs/{name}"}


def document(kind: str, number: int, body: Schema, defs: Mapping[str, Schema]) -> Schema:
    """A whole schema; `number` is the version of the format that it describes."""
    head = {"$schema": DIALECT, "$id": f"urn:escalation-rules:{kind}:{number}"}
    return head | body | {"$defs": {name: defs[name] for name in sorted(defs)}}


def described(schema: Schema, *parts: str) -> Schema:
    """The schema with a description for people."""
    text = " ".join(part for part in parts if part)
    return {"description": text, **schema} if text else schema


def spoken(text: Text) -> str:
    """A label in all its languages."""
    return " · ".join(dict.fromkeys(wording for _, wording in text.versions))


def one_of(names: Mapping[str, str] | Iterable[str]) -> Schema:
    """One of some names; a mapping says of each what it means."""
    known = list(names)
    if not known:
        return NOTHING
    if isinstance(names, Mapping) and any(names.values()):
        return {"enum": known, "enumDescriptions": [names[name] for name in known]}
    return {"enum": known}


def several(item: Schema) -> Schema:
    """One item, or a list of different ones."""
    return {"anyOf": [item, array(item) | {"uniqueItems": True}]}


def array(items: Schema, least: int = 1) -> Schema:
    """A list of at least so many items."""
    return {"type": "array", "items": items, "minItems": least}


def closed(properties: Mapping[str, Schema | bool], required: Collection[str] = (), least: int = 0) -> Schema:
    """A mapping that has no other keys than these."""
    return {
        "type": "object",
        "properties": dict(properties),
        **({"required": sorted(required)} if required else {}),
        **({"minProperties": least} if least else {}),
        "additionalProperties": False,
    }


def exactly(keys: Iterable[str], parts: Mapping[str, Schema]) -> dict[str, Schema]:
    """Of `parts` those that the loader knows; `KeyError` if it has learned a key that has no schema yet."""
    return {key: parts[key] for key in keys}


def when(condition: Schema, then: Schema) -> Schema:
    """A schema that counts where another fits."""
    return {"if": condition, "then": then}


def given(key: str, values: Schema, properties: Mapping[str, Schema | bool]) -> Schema:
    """What the properties are where the key has such a value."""
    return when(has(key, values), {"properties": dict(properties)})


def mapping_or(mapping: Schema, others: Iterable[Schema], unless: Schema | None = None) -> Schema:
    """A mapping of one form (but for those of the form `unless`), or one of the other forms.

    `anyOf` alone would do; but only so can messages name the wrong key of a mapping, and editors offer all forms.
    """
    forms = list(others)
    schema: Schema = {"anyOf": [*forms, {"type": "object"}], "if": {"type": "object"}, "then": mapping}
    if unless is not None:
        schema["if"] = {"type": "object", "not": unless}
        schema["else"] = when({"type": "object"}, {"anyOf": forms})
    return schema


def has(key: str, values: Schema | None = None) -> Schema:
    """Fits mappings that have the key (with such a value)."""
    return {"required": [key], **({"properties": {key: values}} if values is not None else {})}


def wording(slots: str = NO_SLOT) -> Schema:
    """A text in one language; `slots` is the pattern of the names that may stand in braces."""
    piece = r"[^{}]|\{\{|\}\}" + (rf"|\{{({slots})\}}" if slots else "")
    known = " but {names} of what can be filled in" if slots else ""
    hint = f"Expected a text without braces{known}."
    return {
        "type": "string",
        "allOf": [{"pattern": r"\S"}, {"pattern": f"^({piece})*$", "patternErrorMessage": hint}],
    }


def text(kit: Kit, key: str = "plain", slots: str = NO_SLOT) -> Schema:
    """A text in several languages; `key` names the definition of those that have these slots."""
    one = kit.define(f"wording.{key}", lambda: wording(slots))
    several = closed(dict.fromkeys(LANGUAGES, one), least=1)
    alone = len(kit.vocabulary.languages) == 1
    return kit.define(f"text.{key}", lambda: {"anyOf": [several, one]} if alone else several)


def declared(pattern: str = NAME.pattern, reserved: Collection[str] = RESERVED) -> Schema:
    """A name that is being declared."""
    return {"type": "string", "pattern": f"^{pattern}$", "not": {"enum": sorted(reserved)}}


def named_list(label: Schema, pattern: str, reserved: Collection[str]) -> Schema:
    """A list of names, each bare or with its label."""
    name = declared(pattern, reserved)
    labelled = {"type": "object", "propertyNames": name, "minProperties": 1, "maxProperties": 1,
                "additionalProperties": label}  # fmt: skip
    return array({"anyOf": [name, labelled]}) | {"uniqueItems": True}


def duration_pattern(vocabulary: Vocabulary) -> str:
    """A length of elapsed or working time, without anchors."""
    return lengths.pattern(vocabulary.calendars, has_default=vocabulary.calendar is not None)


def deadline_pattern(vocabulary: Vocabulary, start: str) -> str:
    """What `within` states; `start` is the pattern of what it counts from."""
    return lengths.deadline_pattern(vocabulary.calendars, start, has_default=vocabulary.calendar is not None)


def duration(kit: Kit) -> Schema:
    """A length of time such as `2 working days`."""
    pattern = duration_pattern(kit.vocabulary)
    return kit.define("duration", lambda: _length(pattern, "30 minutes, 2 working days"))


def elapsed(kit: Kit) -> Schema:
    """A length of time that is not working time."""
    return kit.define("elapsed", lambda: _length(lengths.ELAPSED_PATTERN, "30 minutes, 24 hours"))


SPAN = r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"


def hours(kit: Kit) -> Schema:
    """Hours of the day, as `during` names them."""
    calendars = "|".join(sorted(kit.vocabulary.calendars))
    place = rf"(\s+in\s+({calendars}))" + ("?" if kit.vocabulary.calendar else "")
    pattern = rf"\s*(working\s+time|{SPAN}){place}\s*" if calendars else r"[^\s\S]"
    return kit.define("hours", lambda: phrase(pattern, "working time, or hours such as 23:00-07:00"))


def _length(pattern: str, example: str) -> Schema:
    return phrase(pattern, f"a length of time, as {example}")


def phrase(pattern: str, what: str) -> Schema:
    """A text of one form; `what` tells people what it should be, editors show it instead of the pattern."""
    known = {"description": f"{what[0].upper()}{what[1:]}.", "patternErrorMessage": f"Expected {what}."}
    return {"type": "string", "pattern": f"^{pattern}$", **known}


def labels(vocabulary: Vocabulary, what: str) -> dict[str, str]:
    """The names of one part of the vocabulary (`actions`, `roles`, …), with their labels."""
    return {name: spoken(each.label) for name, each in getattr(vocabulary, what).items()}


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


def lists(kit: Kit) -> Schema:
    """A record list."""
    return kit.define("list", lambda: one_of(labels(kit.vocabulary, "records")))
