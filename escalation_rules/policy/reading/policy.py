"""Reads all layers and returns a checked policy model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from escalation_rules import calendar
from escalation_rules.errors import Diagnostic, PolicyError, Problems
from escalation_rules.policy.conditions import Context, Scope
from escalation_rules.policy.model import PolicyModel, Ruleset
from escalation_rules.policy.reading.checks import check_policy
from escalation_rules.policy.reading.common import flag
from escalation_rules.policy.reading.files import PolicyFile, read_layers
from escalation_rules.policy.reading.heading import read_heading
from escalation_rules.policy.reading.layers import rules_in_force
from escalation_rules.policy.reading.pauses import read_pauses
from escalation_rules.policy.reading.rules import ReadRule, read_disabled, read_phase_orders, read_ruleset
from escalation_rules.policy.reading.vocabulary import read_vocabulary
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Scalar, to_plain

UNNAMED = "policy"
DENIES = "only_what_is_recommended"
SEMANTICS = 1
"""Incremented whenever a release gives different decisions for the same policy and case."""


def read_policy(layers: Sequence[str | Path]) -> PolicyModel:
    """Read the policy of the layers, later ones on top of earlier ones. Raises `PolicyError` with all problems."""
    problems = Problems()
    files = read_layers(layers, problems)
    vocabulary = attrs.evolve(read_vocabulary(files, problems), digest=_digest_of_vocabulary(files))
    rulesets: dict[str, Ruleset] = {}
    read: list[ReadRule] = []
    for file in files:
        found = read_ruleset(file, vocabulary, problems)
        if found is not None:
            _add_ruleset(rulesets, found[0], problems)
            read += found[1]
    phase_orders = read_phase_orders(files, vocabulary, problems)
    heading = read_heading(files, vocabulary, problems)
    pauses = read_pauses(files, vocabulary, problems)
    disabled = read_disabled(files, vocabulary, problems)
    in_force = rules_in_force(read, disabled, problems)
    rules = tuple(in_force.kept[key].rule for key in sorted(in_force.kept))
    digest, content_digest = digests_of(files)
    model = PolicyModel(
        _name(files, problems),
        vocabulary,
        rulesets,
        rules,
        phase_orders=phase_orders,
        heading=heading,
        pauses=pauses,
        disabled=tuple(removal for _, removal in disabled),
        removed=in_force.gone,
        digest=digest,
        content_digest=content_digest,
        versions=versions(),
        files=len(files),
        only_what_is_recommended=_denies_by_default(files, problems),
    )
    check_policy(model, in_force.kept, in_force.gone, problems)
    if problems.errors:
        raise PolicyError(problems.errors)
    return attrs.evolve(model, warnings=problems.warnings, layers={file.file: file.layer for file in files})


def digests_of(files: Sequence[PolicyFile]) -> tuple[str, str]:
    """The digest of the files' content (without comments and layout) and of the versions that decisions
    depend on, and the digest of the content alone."""
    parts = _parts([[file.layer, to_plain(file.root)] for file in files])
    return _digest(_versions(), parts), _digest({}, parts)


def versions() -> dict[str, str]:
    """The versions that decisions depend on besides the policy: calendar data and the rule language."""
    return {name: str(version) for name, version in _versions().items()}


def _versions() -> dict[str, object]:
    return {**calendar.versions(), "semantics": SEMANTICS}


def _digest_of_vocabulary(files: Sequence[PolicyFile]) -> str:
    """A digest of the declarations. Cases are valid for all policies with the same digest."""
    declared = ((file.layer, file.root.get("vocabulary")) for file in files)
    return _digest({}, _parts([[layer, to_plain(node)] for layer, node in declared if node is not None]))


def _parts(content: Sequence[object]) -> list[str]:
    """The parts of a digest. Independent of the order of files within a layer and of keys, but not of layers."""
    return sorted(json.dumps(part, sort_keys=True, default=str, ensure_ascii=True) for part in content)


def _digest(versions: Mapping[str, object], parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([versions, parts], sort_keys=True).encode()).hexdigest()


def _name(files: Sequence[PolicyFile], problems: Problems) -> str:
    name = UNNAMED
    for file in files:
        node = file.root.get("name")
        if isinstance(node, Scalar) and isinstance(node.value, str):
            name = node.value
        elif node is not None:
            problems.add(
                Diagnostic("wrong-form", "the policy's name is not a text", node.position, expected="a name")
            )
    return name


def _denies_by_default(files: Sequence[PolicyFile], problems: Problems) -> bool:
    """Whether only recommended actions are allowed, according to the highest layer that says so."""
    context = Context(Scope(Vocabulary()), problems)
    said = [flag(context, node) for file in files if (node := file.root.get(DENIES)) is not None]
    return said[-1] if said else False


def _add_ruleset(rulesets: dict[str, Ruleset], ruleset: Ruleset, problems: Problems) -> None:
    if ruleset.id in rulesets:
        first = rulesets[ruleset.id].position
        problems.add(
            Diagnostic(
                "duplicate",
                f"the ruleset {ruleset.id!r} is already in {first}",
                ruleset.position,
                expected="another id",
            )
        )
    else:
        rulesets[ruleset.id] = ruleset
