"""Which rules are in force: a later layer adds, replaces and disables rules of lower ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs

from escalation_rules.errors import Diagnostic, Position, Problems
from escalation_rules.policy.conditions.unknown_names import BUILTIN_FIRST
from escalation_rules.policy.model import Disabled, Removed
from escalation_rules.policy.reading.rules import ReadRule


@attrs.frozen
class InForce:
    """The rules that are in force (`kept`, by id), and those that are `gone`."""

    kept: dict[str, ReadRule]
    gone: dict[str, Removed]


def rules_in_force(
    read: Sequence[ReadRule], disabled: Sequence[tuple[int, Disabled]], problems: Problems
) -> InForce:
    """The rules in force. Later layers may replace and disable rules; other collisions are reported."""
    in_force = InForce({}, {})
    for read_rule in sorted(read, key=lambda read_rule: read_rule.layer):
        sound = read_rule.rule.replaces is None or _replace(in_force, read_rule, problems)
        first = in_force.kept.setdefault(read_rule.rule.id, read_rule)
        if first is not read_rule and sound:
            later = "another id, or `replaces:`" if read_rule.layer > first.layer else "another id"
            message = f"the rule {read_rule.rule.id!r} is already at {first.rule.position}"
            problems.add(Diagnostic("duplicate", message, read_rule.rule.position, expected=later))
    for layer, entry in disabled:
        target = _lower(in_force, entry.rule, layer, "disable", entry.position, problems)
        if target is not None:
            in_force.gone[entry.rule] = Removed(target.rule, None, entry.because, position=entry.position)
            del in_force.kept[entry.rule]
    return in_force


def _replace(in_force: InForce, read_rule: ReadRule, problems: Problems) -> bool:
    name, node = read_rule.rule.replaces or "", read_rule.node.get("replaces")
    place = node.position if node is not None else read_rule.rule.position
    target = _lower(in_force, name, read_rule.layer, "replaces", place, problems)
    if target is not None:
        in_force.gone[name] = Removed(
            target.rule, read_rule.rule, read_rule.rule.because, position=read_rule.rule.position
        )
        del in_force.kept[name]
    return target is not None


def _lower(
    in_force: InForce, name: str, layer: int, verb: str, place: Position, problems: Problems
) -> ReadRule | None:
    """The rule of a lower layer to be replaced or disabled; None, with a problem, if there is none."""
    target = in_force.kept.get(name)
    if target is not None and target.layer < layer:
        return target
    if target is not None:
        instead = f"to {'edit' if verb == 'replaces' else 'delete'} it, or `{verb}` in a later layer"
        problems.add(
            Diagnostic("same-layer", f"the rule {name!r} is in the same layer", place, expected=instead)
        )
    elif name in in_force.gone:
        problems.add(Diagnostic("duplicate", f"the rule {name!r} is already {in_force.gone[name]}", place))
    elif not problems.blind and not problems.doubts(name):
        lower = sorted(key for key, read_rule in in_force.kept.items() if read_rule.layer < layer)
        unknown_rule(problems, name, verb, lower, place)
    else:
        problems.excuse(place)
    return None


def unknown_rule(problems: Problems, name: str, key: str, known: Collection[str], place: Position) -> None:
    """Report a rule, named in `key:`, that there is not."""
    message, expected = f"unknown rule {name[:100]!r} in `{key}`", None if known else BUILTIN_FIRST
    problems.unknown("unknown-rule", message, name, known, position=place, expected=expected)
