"""Where rules come from: a layer, a file or a ruleset, of which is asked whether its rules recommend anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from escalation_rules.errors import Diagnostic, RequestError, unknown_name
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.policy.reading.files import BUILTIN_WORD
from escalation_rules.policy.strata import conclusions_read


@attrs.frozen
class Origin:
    """A layer, a file or a ruleset, as it was named, with its rules and files. `about`: what is declared there and must lead to a
    step, each with a condition in YAML: a list with a record, and a flag that none of the rules reads."""

    name: str
    rules: frozenset[str]
    files: frozenset[str]
    about: tuple[tuple[str, str], ...]


def origin(model: PolicyModel, layers: Sequence[Path], name: str, *, alone: bool) -> Origin:
    """The origin of this name: a layer as it was given, a ruleset, or a file. Raises `RequestError` if there is none, or if it
    declares nothing to ask about, which it must if it stands `alone`, without a condition on cases."""
    files = _files(model, layers, name)
    if files:
        rules = [rule for rule in model.rules if rule.position.file in files]
    else:
        rules = [rule for rule in model.rules if rule.ruleset == name]
        numbers = {model.layers.get(rule.position.file) for rule in rules}
        files = {file for file, number in model.layers.items() if number in numbers}
    if not files:
        known = {
            *(_word(layer) for layer in layers),
            *model.rulesets,
            *(Path(file).name for file in model.layers),
        }
        message = f"unknown layer, file or ruleset '{name}'"
        raise RequestError([unknown_name("unknown-name", message, name, known)])
    about = tuple(_about(model, files, rules))
    if alone and not about:
        message = f"'{name}' declares no list, and its rules read each flag that it declares"
        raise RequestError(
            [Diagnostic("usage", message, expected="a condition on cases (`--gaps-in`) beside it")]
        )
    return Origin(name, frozenset(rule.id for rule in rules), frozenset(files), about)


def _files(model: PolicyModel, layers: Sequence[Path], name: str) -> set[str]:
    """The files of a layer, or the one file, of this name."""
    for number, layer in enumerate(layers):
        if name == _word(layer) or Path(name).resolve() == layer.resolve():
            return {file for file, its in model.layers.items() if its == number}
    return {file for file in model.layers if name in (file, Path(file).name)}


def _word(layer: Path) -> str:
    """How a layer is named in a command."""
    return BUILTIN_WORD if layer == builtin_path() else layer.name


def _about(model: PolicyModel, files: set[str], rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    vocabulary = model.vocabulary
    read = {name for rule in rules if rule.recommends for name in _read(model, rule, frozenset())}
    for listed in vocabulary.records.values():
        if listed.position.file in files:
            yield listed.name, f"{{some: {listed.name}}}"
    for fact in vocabulary.facts.values():
        is_flag = fact.type.kind == "flag" and not fact.concluded
        if is_flag and fact.position.file in files and fact.name not in read:
            yield fact.name, f"{{{fact.name}: true}}"


def _read(model: PolicyModel, rule: Rule, seen: frozenset[str]) -> Iterator[str]:
    """The names that decide whether a rule holds, also those behind the conclusions that it reads."""
    yield from (name for name, _ in rule.reads)
    concluded = conclusions_read(rule, model.rulesets) - seen
    for other in model.rules if concluded else ():
        if any(one.name in concluded for one in other.concludes):
            yield from _read(model, other, seen | concluded)
