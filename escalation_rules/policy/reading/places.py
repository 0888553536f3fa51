"""Reports keys at the wrong level: `until:` beside `then:`, `because:` inside an effect.

Each is reported once, with its right place; consequential problems are suppressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingABC

from escalation_rules.errors import listing
from escalation_rules.policy.conditions import WORDS, Context
from escalation_rules.policy.conditions.reading_records import MODIFIERS_OF
from escalation_rules.policy.reading.effect_keys import HEADS, KEYS_OF
from escalation_rules.policy.vocabulary import Action
from escalation_rules.source import Mapping, Node, Scalar, one_or_more

CONDITIONS = ("when", "unless")


def check_places(context: Context, rule: Mapping, keys: tuple[str, ...]) -> None:
    """Report keys at the wrong level of a rule, whose own keys are `keys`."""
    for key, _ in rule.entries:
        if key.text not in keys:
            _too_far_out(context, rule, key)
    for owner, inner in _below(rule, context.vocabulary.actions):
        for key, _ in inner.entries:
            if key.text in keys and key.text not in owner and not context.sees(key.text):
                place = "then" if key.text != "then" and rule.get("then") is not None else "id"
                message = f"`{key.text}:` belongs to the rule, not to {owner[0]}"
                _report(context, key, message, f"`{key.text}:` with the same indentation as `{place}:`")
                context.problems.doubt((rule.position, key.text))


def _below(rule: Mapping, actions: MappingABC[str, Action]) -> Iterator[tuple[tuple[str, ...], Mapping]]:
    """The conditions and effects of a rule, each with its name and its own keys."""
    for name in CONDITIONS:
        condition = rule.get(name)
        if isinstance(condition, Mapping):
            yield (f"`{name}:`", *WORDS), condition
    for head, effect in _effects(rule):
        action = actions.get(getattr(effect.get(head), "text", ""))
        yield (f"`{head}`", *KEYS_OF[head], *(action.params if action else ())), effect


def _effects(rule: Mapping) -> Iterator[tuple[str, Mapping]]:
    """The effects, each with its keyword."""
    for node in one_or_more(rule.get("then")):
        if isinstance(node, Mapping):
            yield from ((head, node) for head in HEADS if node.get(head) is not None)


def _too_far_out(context: Context, rule: Mapping, key: Scalar) -> None:
    """Report a key of a rule that belongs to its effects, or to a part of its condition."""
    effects = [(head, effect) for head, effect in _effects(rule) if key.text in KEYS_OF[head]]
    homes = [*_tests(rule.get("when"), key.text), *(_named(effect, head) for head, effect in effects)]
    homes = homes or [f"`{head}:`" for head in HEADS if key.text in KEYS_OF[head]]
    if key.text in HEADS:
        _report(context, key, f"`{key.text}:` is an effect", f"`- {key.text}: …` below `then:`")
        context.problems.doubt((rule.position, "then"))
    elif homes:
        message = f"`{key.text}:` is not a key of a rule; it belongs to a part of the rule"
        _report(
            context,
            key,
            message,
            f"`{key.text}:` beside {listing(dict.fromkeys(homes))}, with the same indentation",
        )
        when = rule.get("when")
        holders = [
            *(effect.position for _, effect in effects),
            *([when.position] if when is not None else []),
        ]
        context.problems.doubt(*((place, key.text) for place in holders))
    elif key.text in WORDS or context.sees(key.text):
        message = f"`{key.text}:` belongs to the condition, not to the rule"
        _report(context, key, message, f"`{key.text}:` below `when:`, indented by two more spaces")
        context.problems.doubt((rule.position, "when"))


def _tests(condition: Node | None, key: str) -> list[str]:
    """The tests on records, at the condition's top level, that accept the key and lack it."""
    if not isinstance(condition, Mapping) or condition.get(key) is not None:
        return []
    entries = ((name.text, value) for name, value in condition.entries)
    return [_named(condition, head) for head, _ in entries if key in MODIFIERS_OF.get(head, ())]


def _named(node: Mapping, head: str) -> str:
    target = node.get(head)
    return f"`{head}: {target.text[:60]}`" if isinstance(target, Scalar) else f"`{head}:`"


def _report(context: Context, key: Scalar, message: str, expected: str) -> None:
    context.error("misplaced-key", key, message, expected)
    context.problems.doubt(key.position)
