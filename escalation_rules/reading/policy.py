"""All layers → one checked policy model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from escalation_rules import calendar
from escalation_rules.errors import Diagnostic, PolicyError, Problems, listing, nearest
from escalation_rules.model import Disabled, PolicyModel, Rule, Ruleset
from escalation_rules.reading.checks import check_policy
from escalation_rules.reading.files import PolicyFile, read_layers
from escalation_rules.reading.rules import ReadRule, read_disabled, read_phase_orders, read_ruleset
from escalation_rules.reading.vocabulary import read_vocabulary
from escalation_rules.source import Scalar, to_plain

UNNAMED = "policy"
SEMANTICS = 1
"""Counts up whenever a release answers differently to the same policy and case."""


def read_policy(layers: Sequence[str | Path]) -> PolicyModel:
    """The policy that the layers make, the later ones upon the earlier; `PolicyError` with every problem otherwise."""
    problems = Problems()
    files = read_layers(layers, problems)
    vocabulary = read_vocabulary(files, problems)
    rulesets: dict[str, Ruleset] = {}
    read: list[ReadRule] = []
    for file in files:
        found = read_ruleset(file, vocabulary, problems)
        if found is not None:
            _add_ruleset(rulesets, found[0], problems)
            read += found[1]
    phase_orders = read_phase_orders(files, vocabulary, problems)
    disabled = read_disabled(files, vocabulary, problems)
    rules = _layered(read, disabled, problems)
    model = PolicyModel(_name(files, problems), vocabulary, rulesets, rules, phase_orders,
                        tuple(each for _, each in disabled), digest_of(files))  # fmt: skip
    check_policy(model, problems)
    if problems.errors:
        raise PolicyError(problems.errors)
    return model


def digest_of(files: Sequence[PolicyFile]) -> str:
    """A digest of what the files say (not of comments or layout) and of the versions that answers depend on."""
    content = [[file.layer, to_plain(file.root)] for file in files]
    versions = {**calendar.versions(), "semantics": SEMANTICS}
    # Order of files within a layer and of keys does not count; layers do.
    parts = sorted(json.dumps(each, sort_keys=True, default=str, ensure_ascii=True) for each in content)
    return hashlib.sha256(json.dumps([versions, parts], sort_keys=True).encode()).hexdigest()


def _name(files: Sequence[PolicyFile], problems: Problems) -> str:
    name = UNNAMED
    for file in files:
        node = file.root.get("name")
        if isinstance(node, Scalar) and isinstance(node.value, str):
            name = node.value
        elif node is not None:
            problems.add(Diagnostic("wrong-form", "the policy's name is no text", node.position, expected="a name"))
    return name


def _add_ruleset(rulesets: dict[str, Ruleset], ruleset: Ruleset, problems: Problems) -> None:
    if ruleset.id in rulesets:
        first = rulesets[ruleset.id].position
        problems.add(Diagnostic("duplicate", f"the ruleset {ruleset.id!r} is already in {first}", ruleset.position,
                                expected="another id"))
    else:
        rulesets[ruleset.id] = ruleset


def _layered(read: Sequence[ReadRule], disabled: Sequence[tuple[int, Disabled]], problems: Problems) -> tuple[Rule, ...]:
    """The rules that are in force, by id: later layers replace and disable, nothing else may collide."""
    kept: dict[str, ReadRule] = {}
    for each in sorted(read, key=lambda item: item.layer):
        if each.rule.replaces is not None:
            _replace(kept, each, problems)
        if each.rule.id in kept:
            first = kept[each.rule.id].rule.position
            problems.add(Diagnostic("duplicate", f"the rule {each.rule.id!r} is already at {first}", each.rule.position,
                                    expected="another id, or `replaces:` in a later layer"))
        else:
            kept[each.rule.id] = each
    for layer, entry in disabled:
        target = kept.get(entry.rule)
        if target is None:
            problems.add(Diagnostic("unknown-rule", f"there is no rule {entry.rule!r} to disable", entry.position,
                                    suggestion=nearest(entry.rule, kept)))
        elif target.layer >= layer:
            problems.add(Diagnostic("same-layer", f"the rule {entry.rule!r} is of this layer", entry.position,
                                    expected="to delete it, or to disable it in a later layer"))
        else:
            del kept[entry.rule]
    return tuple(kept[key].rule for key in sorted(kept))


def _replace(kept: dict[str, ReadRule], each: ReadRule, problems: Problems) -> None:
    name = each.rule.replaces or ""
    place = each.node.key("replaces")
    position = place.position if place else each.rule.position
    target = kept.get(name)
    if target is None:
        problems.add(Diagnostic("unknown-rule", f"there is no rule {name!r} to replace", position,
                                expected=None if nearest(name, kept) else listing(sorted(kept)),
                                suggestion=nearest(name, kept)))
    elif target.layer >= each.layer:
        problems.add(Diagnostic("same-layer", f"the rule {name!r} is of this layer", position,
                                expected="to edit it, or to replace it in a later layer"))
    else:
        del kept[name]
