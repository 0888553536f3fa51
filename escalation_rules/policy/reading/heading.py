"""Reads `heading:` of a vocabulary: what stands above a decision, so that a person knows whom and what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import Context, Scope, Selection, read_condition
from escalation_rules.policy.model import Headed
from escalation_rules.policy.reading.common import items, mapping, required
from escalation_rules.policy.reading.files import PolicyFile
from escalation_rules.policy.reading.parameters import COMPUTING
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Mapping, Node, Scalar

HEADING_KEYS = ("for_each", "where", "show")
"""The keys of an entry about the records of a list."""
ZONE_KEYS = ("local_time",)
"""The key of an entry about a fact that names a time zone."""


def read_heading(
    files: Sequence[PolicyFile], vocabulary: Vocabulary, problems: Problems
) -> tuple[Headed, ...]:
    """The heading of the highest layer that states one; () if none does."""
    context = Context(Scope(vocabulary), problems, COMPUTING)
    found: tuple[Headed, ...] = ()
    said: dict[int, Node] = {}
    for file in files:
        section = file.root.get("vocabulary")
        if not isinstance(section, Mapping) or (node := section.get("heading")) is None:
            continue
        if file.layer in said:
            place = said[file.layer].position
            context.error("duplicate", node, f"the heading is already declared at {place}", "one `heading:`")
            continue
        said[file.layer] = node
        parts = (
            _part(context, entry) for entry in items(context, node, "facts, or entries with `for_each:`")
        )
        found = tuple(part for part in parts if part is not None)
    return found


def _part(context: Context, item: Node) -> Headed | None:
    if isinstance(item, Scalar):
        fact = context.named(item, "fact", context.vocabulary.facts)
        return Headed(fact, position=item.position) if fact is not None else None
    node = mapping(context, item, "a part of the heading")
    if node is None:
        return None
    if node.get("local_time") is not None:
        return _zone(context, node)
    context.only_keys(node, (*HEADING_KEYS, *ZONE_KEYS), "a part of the heading")
    listed_node = required(context, node, "for_each", "a part of the heading")
    if listed_node is None:
        return None
    name = context.named(listed_node, "record list", context.vocabulary.records)
    if name is None:
        return None
    listed = context.vocabulary.records[name]
    where_node, shown = node.get("where"), node.get("show")
    inner = context.within(context.scope.inside(listed))
    where = read_condition(inner, where_node) if where_node is not None else None
    if where_node is not None and where is None:
        return None
    fields = context.several(shown, "field", listed.fields) if shown is not None else ()
    return Headed(selection=Selection(name, where), fields=fields, position=item.position)


def _zone(context: Context, node: Mapping) -> Headed | None:
    """The fact that names the time zone in which the customer is."""
    context.only_keys(node, ZONE_KEYS, "a local time in the heading")
    fact_node = node.get("local_time")
    fact = context.named(fact_node, "fact", context.vocabulary.facts) if fact_node is not None else None
    if fact_node is None or fact is None:
        return None
    if (kind := context.vocabulary.facts[fact].type.kind) != "text":
        message = f"{fact} is of the type {kind}, and names no time zone"
        context.error("wrong-value", fact_node, message, "a fact of the type text, such as Europe/London")
        return None
    return Headed(fact, is_zone=True, position=node.position)
