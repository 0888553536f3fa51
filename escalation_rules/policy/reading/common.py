"""Shared parts of the readers of policy files: texts, names, labelled names, single keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

import attrs

from escalation_rules.errors import article
from escalation_rules.policy.conditions import WORDS, Context
from escalation_rules.policy.conditions.context import Word, describe
from escalation_rules.policy.conditions.facts import BARE_WORDS
from escalation_rules.policy.reading.effect_keys import EFFECT_KEYS, HEADS
from escalation_rules.policy.reading.files import warning
from escalation_rules.policy.vocabulary import CASE_KEYS, ENTRY_KEYS, HISTORY, RETRACT, STATED_KEYS, Named
from escalation_rules.source import Mapping, Node, Scalar, Sequence, one_or_more
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.values import Flag, show

NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")
FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}\.[a-z][a-z0-9_]{0,79}")
RULE_ID = re.compile(r"[a-z0-9]{1,80}(-[a-z0-9]{1,80}){0,30}")
FORMS = {
    NAME: "small letters, digits and _, starting with a letter",
    FACT_NAME: "two words with a dot, such as customer.need",
    RULE_ID: "small letters, digits and -, such as waive-the-fee",
}
"""The description of each form of names."""
VALUES_RESERVED = frozenset((*BARE_WORDS, "true", "false", "null"))
"""Words that cannot be values of a choice, because conditions use them with another meaning."""
RESERVED = frozenset(
    {
        *VALUES_RESERVED,
        *WORDS,
        *HEADS,
        *CASE_KEYS,
        *STATED_KEYS,
        HISTORY,
        RETRACT,
        "this",
        "case",
        "recorded_at",
        "due",
    }
)
"""Words of the policy language, which cannot be names."""
PARAMETERS_RESERVED = RESERVED | EFFECT_KEYS
"""Words that cannot be names of parameters, because effects have keys of these names."""
LISTS_RESERVED = RESERVED.union(ENTRY_KEYS)
"""Words that cannot be names of record lists, because entries of a history have keys of these names."""

T = TypeVar("T")


def mapping(context: Context, node: Node | None, what: str, expected: str | None = None) -> Mapping | None:
    """`node` as a mapping; None, with a problem, if it is something else. Returns None for no node."""
    if node is None or isinstance(node, Mapping):
        return node
    context.error(
        "wrong-form", node, f"found {describe(node)} instead of {what}", expected or f"a mapping for {what}"
    )
    return None


def items(context: Context, node: Node | None, what: str) -> tuple[Node, ...]:
    """`node` as the items of a list; () with a problem if it is something else. Returns () for no node."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return node.items
    context.error(
        "wrong-form", node, f"found {describe(node)} instead of {what}", f"a list of {what}, each after `- `"
    )
    return ()


@attrs.frozen
class Slots:
    """The slots that a text may contain: `can_be` tests a name; `known` are those for suggestions."""

    can_be: Callable[[str], bool]
    known: Callable[[], Iterable[str]]

    @classmethod
    def among(cls, names: Collection[str]) -> Slots:
        """Allow only slots with these names."""
        return cls(names.__contains__, lambda: names)


def text(context: Context, node: Node | None, allowed: Slots | None = None) -> Text:
    """Read a text in several languages. Slots are checked with `allowed` (None: no slots)."""
    if node is None:
        return Text()
    languages = context.vocabulary.languages
    if isinstance(node, Scalar) and isinstance(node.value, str) and len(languages) == 1:
        _check_slots(context, node, node.value, allowed)
        return Text.of({languages[0]: node.value.strip()})
    if not isinstance(node, Mapping):
        lines = ", ".join(f"`{language}: …`" for language in languages)
        expected = f"one line for each language below the key: {lines}"
        if isinstance(node, Scalar) and len(languages) > 1:
            expected += f" (or `languages: [{languages[0]}]` at the top of a file, if you write in one only)"
        context.error("wrong-form", node, f"found {describe(node)} instead of a text", expected)
        return Text()
    if node.flow and node.entries:
        context.error(
            "flow-text",
            node,
            "a text in several languages cannot be written in braces",
            "one line for each language",
        )
    versions: dict[str, str] = {}
    for key, value in node.entries:
        if key.text not in LANGUAGES:
            if not node.flow:  # in braces, a comma in the text begins a key
                context.word(key, "language", LANGUAGES, "unknown-language")
        elif not isinstance(value, Scalar) or not isinstance(value.value, str) or not value.value.strip():
            context.error(
                "wrong-form", value, f"found {describe(value)} instead of the text in {key.text}", "a text"
            )
        else:
            versions[key.text] = value.value.strip()
            _check_slots(context, value, versions[key.text], allowed)
    if not node.entries:
        context.error("empty", node, "the text is empty", f"a text in {', '.join(languages)}")
    return Text.of(versions)


def _check_slots(context: Context, node: Scalar, wording: str, allowed: Slots | None) -> None:
    if node.cut:
        cut = f"the text ends at {wording[-30:]!r}, as ` #` begins a comment"
        whole = "the whole text in quotes, or a space behind `#` if it is a comment"
        context.problems.add(warning("comment-in-text", cut, node.position, whole))
    rest = re.sub(r"\{[^{}]*\}", "", wording.replace("{{", "").replace("}}", ""))
    if "{" in rest or "}" in rest:
        context.error(
            "bad-slot", node, "unmatched brace in the text", "{name} for a slot, {{ and }} for braces"
        )
    for _, slot in Text((("", wording),)).slots():
        if allowed is None:
            context.error(
                "bad-slot",
                node,
                f"slots such as {{{slot[:60]}}} are not allowed here",
                "a text without slots",
            )
        elif not allowed.can_be(slot):
            expected = "the name of a fact, a field or a parameter that is available here"
            context.problems.unknown("bad-slot", f"unknown slot {{{slot[:60]}}}", slot, allowed.known(),
                                     position=node.position, expected=expected)  # fmt: skip


def is_name(
    context: Context,
    node: Scalar,
    what: str,
    pattern: re.Pattern[str] = NAME,
    reserved: Collection[str] = RESERVED,
) -> bool:
    """Whether a declared name has the right form and is not reserved; otherwise reports it."""
    if not pattern.fullmatch(node.text):
        context.error(
            "bad-name", node, f"{show(node.text)} cannot be the name of {article(what)}", FORMS[pattern]
        )
        context.problems.doubt(node.text)
        return False
    if node.text in reserved:
        words = ", ".join(
            sorted(reserved_word for reserved_word in reserved if pattern.fullmatch(reserved_word))
        )
        message = f"{node.text!r} is a word of the policy language"
        context.error("reserved-name", node, message, f"a name other than {words}")
        context.problems.doubt(node.text)
        return False
    return True


def labelled(
    context: Context, node: Node | None, what: str, pattern: re.Pattern[str] = NAME
) -> tuple[Named, ...]:
    """Read a list of distinct names, each with or without a label. `what` describes an item in messages."""
    found: dict[str, Named] = {}
    for entry in items(context, node, f"{what}s"):
        key, label = entry, None
        if isinstance(entry, Mapping) and len(entry.entries) == 1:
            key, label = entry.entries[0]
        if not isinstance(key, Scalar):
            several = isinstance(entry, Mapping) and len(entry.entries) > 1
            context.error(
                "wrong-form",
                entry.entries[1][0] if isinstance(entry, Mapping) and several else entry,
                f"found {describe(entry)} instead of {article(what)}",
                "a name, or a name with its label",
            )
        elif key.text in found:
            context.error("duplicate", key, f"{key.text!r} is listed twice")
        elif is_name(context, key, what, pattern, VALUES_RESERVED):
            found[key.text] = Named(key.text, text(context, label), key.position)
    check_not_empty(context, node, article(what))
    return tuple(found.values())


def names_listed(context: Context, node: Node | None, what: str) -> tuple[Scalar, ...]:
    """Read one name or a list of distinct names that are looked up later. `what` describes them in messages."""
    found: dict[str, Scalar] = {}
    for entry in (node,) if isinstance(node, Scalar) else items(context, node, what):
        if context.scalar(entry, f"the name of one of the {what}") is None or not isinstance(entry, Scalar):
            continue
        if entry.text in found:
            context.error("repeated", entry, f"{entry.text!r} is named twice")
        found.setdefault(entry.text, entry)
    check_not_empty(context, node, article(what.removesuffix("s")))
    return tuple(found.values())


def item_named(node: Node, key: str, name: str) -> Scalar | None:
    """The item below a key of a mapping, one or in a list, that is this name."""
    below = node.get(key) if isinstance(node, Mapping) else None
    return next(
        (entry for entry in one_or_more(below) if isinstance(entry, Scalar) and entry.text == name), None
    )


def check_not_empty(context: Context, node: Node | None, what: str) -> None:
    """Report an empty list."""
    if isinstance(node, Sequence) and not node.items:
        context.error("empty", node, "the list is empty", f"{what}, or no list")


def required(context: Context, node: Mapping, key: str, what: str, place: Node | None = None) -> Node | None:
    """The value of a required key. If missing, it is reported at `place`, by default at `node`."""
    value = node.get(key)
    if value is None:
        context.missing(node, key, f"missing `{key}:` in {what}", f"`{key}:`", place)
    return value


def word(context: Context, node: Node | None, what: str, known: Collection[Word], default: T) -> Word | T:
    """One of a few fixed words; `default` if missing or invalid."""
    found = context.word(node, what, known) if node is not None else None
    return default if found is None else found


def flag(context: Context, node: Node | None) -> bool:
    """True or false; false if missing."""
    if node is None:
        return False
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    context.literal(node, Flag())  # reports it
    return False


def names_in_order(names: Iterable[Named]) -> dict[str, Named]:
    """Named things by name, in order."""
    return {name.name: name for name in names}
