"""Reads `languages:`, the languages that the policy is written in."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import Context, Scope
from escalation_rules.policy.reading.common import items
from escalation_rules.policy.reading.files import PolicyFile
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Node, Scalar
from escalation_rules.texts import LANGUAGES


def read_languages(files: Sequence[PolicyFile], problems: Problems) -> tuple[str, ...]:
    """The languages of the last layer that names any; all supported ones if none does."""
    context = Context(Scope(Vocabulary()), problems)
    chosen: tuple[int, Node, tuple[str, ...]] | None = None
    for file in files:
        node = file.root.get("languages")
        if node is None:
            continue
        found = _named(context, node)
        if chosen is not None and chosen[0] == file.layer and set(chosen[2]) != set(found):
            context.error(
                "duplicate",
                node,
                f"the languages are already at {chosen[1].position}",
                "`languages:` once in a layer",
            )
        chosen = file.layer, node, found
    if chosen is None or not chosen[2]:
        return LANGUAGES
    return tuple(language for language in LANGUAGES if language in chosen[2])


def _named(context: Context, node: Node) -> tuple[str, ...]:
    listed = (node,) if isinstance(node, Scalar) else items(context, node, "languages")
    found = [context.word(entry, "language", LANGUAGES, "unknown-language") for entry in listed]
    if not listed:
        context.error("empty", node, "the list is empty", f"some of {', '.join(LANGUAGES)}, or no list")
    return tuple(language for language in found if language is not None)
