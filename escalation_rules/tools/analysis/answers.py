"""Reads the answers of a policy's owners: accepted concerns and warnings with reasons, and which cases must have a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as TypingMapping
from pathlib import Path

import attrs

from escalation_rules.codes import CODES
from escalation_rules.errors import Diagnostic, PolicyError, Position, Problems
from escalation_rules.policy.conditions import Condition, Context, Scope, read_condition
from escalation_rules.policy.model import PolicyModel, Ruleset
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.policy.reading.parameters import COMPUTING
from escalation_rules.policy.vocabulary import Action, Fact, Group, Named, RecordList
from escalation_rules.source import Mapping, Node, Scalar, parse_yaml
from escalation_rules.source import Sequence as SequenceNode
from escalation_rules.tools.analysis.result import KINDS, Answer

FILE = ".analysis.yaml"
KEYS = ("needs_a_step", "answered")
WARNINGS = tuple(name for name, code in CODES.items() if "warning" in code.severities)
"""The warnings of lint, which are answered in the same way."""


@attrs.frozen
class Answers:
    """The owners' answers, and the condition under which a case must have a step (None: not stated)."""

    needs_a_step: Condition | None = None
    answers: tuple[Answer, ...] = ()


def read_answers(model: PolicyModel, layers: Sequence[Path]) -> Answers:
    """Read the answers file of each layer. Raises `PolicyError` with all problems of all files."""
    problems, found = Problems(), Answers()
    for number, layer in enumerate(layers):
        path = layer / FILE
        if layer.is_dir() and path.is_file():
            file = _File(model, number, fixed=layer == builtin_path() and number < len(layers) - 1)
            read = _read(Context(Scope(model.vocabulary), problems, COMPUTING), file, path)
            if read.needs_a_step is not None:
                # It replaces that of lower layers, whose answers about gaps are answers to another question.
                kept = tuple(answer for answer in found.answers if answer.kind != "gap")
                found = Answers(read.needs_a_step, kept)
            found = attrs.evolve(found, answers=(*found.answers, *read.answers))
    if problems.errors:
        raise PolicyError(problems.errors)
    return found


@attrs.frozen
class _File:
    """The answers file of a layer. `fixed`: of the built-in policy below other layers, whose owners cannot edit it."""

    model: PolicyModel
    layer: int
    fixed: bool

    def removed(self) -> set[str]:
        """The rules that later layers removed, or replaced under the same id."""
        layers = self.model.layers
        return {
            name
            for name, removal in self.model.removed.items()
            if layers.get(removal.position.file, 0) > self.layer
        }


def _read(context: Context, file: _File, path: Path) -> Answers:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        context.problems.add(Diagnostic("unreadable", f"{path} cannot be read: {error}"))
        return Answers()
    node = parse_yaml(text, str(path), context.problems)
    if not isinstance(node, Mapping):
        if node is not None:
            context.error("wrong-form", node, "the file is not a mapping", "`answered:` with a list below it")
        return Answers()
    context.only_keys(node, KEYS, "the answers to an analysis")
    case, listed = node.get("needs_a_step"), node.get("answered")
    condition = read_condition(context, case) if case is not None else None
    if listed is not None and not isinstance(listed, SequenceNode):
        context.error("wrong-form", listed, "`answered:` needs a list", "a list of answers")
    items = listed.items if isinstance(listed, SequenceNode) else ()
    found = [_answer(context, entry, file) for entry in items]
    return Answers(condition, tuple(answer for answer in found if answer is not None))


def _answer(context: Context, node: Node, file: _File) -> Answer | None:
    """An answer; None if it is invalid, or only about rules that later layers removed."""
    if not isinstance(node, Mapping):
        context.error("wrong-form", node, "an answer is a mapping", "`concern:`, `rules:` and `because:`")
        return None
    context.only_keys(node, ("concern", "rules", "names", "cases", "unless", "because"), "an answer")
    concern, rules, names, cases, unless, because = (
        node.get(key) for key in ("concern", "rules", "names", "cases", "unless", "because")
    )
    told = _said(concern)
    by_name = told in WARNINGS
    about, has_about = "`rules:` or `names:`" if by_name else "`rules:`", rules is not None
    if told == "gap":
        about, has_about = "`cases:`, a condition that says which gaps it answers", cases is not None
    else:
        for key, given in (("cases", cases), ("unless", unless)):
            if given is not None:
                context.error("wrong-form", given, f"`{key}:` goes only with `concern: gap`", about)
    for key, wanted, is_there in (
        ("concern", "`concern:`", concern is not None),
        ("cases" if told == "gap" else "rules", about, has_about or (by_name and names is not None)),
        ("because", "`because:`", because is not None),
    ):
        if not is_there:
            context.missing(node, key, f"missing {wanted.partition(',')[0]} in the answer", wanted)
    word = context.word(concern, "concern", (*KINDS, *WARNINGS)) if concern is not None else None
    removed = file.removed()
    known = {*(rule.id for rule in file.model.rules), *removed}
    said = context.scalar(because, "the reason", "why it is as it should be") if because is not None else None
    named = context.several(rules, "rule", known) if rules is not None else ()
    left = tuple(name for name in named if name not in removed)
    declared = context.several(names, "name", dict(declared_names(file.model))) if names is not None else ()
    in_cases, exception = (
        None if entry is None else read_condition(context, entry) for entry in (cases, unless)
    )
    if word is None or said is None or (named and not left and not declared):
        return None
    may_be_stale = left == named and not file.fixed
    return Answer(word, left, said, node.position, declared, may_be_stale, in_cases, exception)


def read_cases(model: PolicyModel, text: str, place: str) -> Condition:
    """Read a condition on cases, as after `needs_a_step:`. `place` is its name in positions. Raises `PolicyError`."""
    problems = Problems()
    node = parse_yaml(text, place, problems)
    context = Context(Scope(model.vocabulary), problems, COMPUTING)
    if node is None and not problems.errors:
        context.error(
            "empty", Position(place, 1, 1), "there is no condition", "such as `{case.kind: complaint}`"
        )
    condition = None if node is None else read_condition(context, node)
    if problems.errors or condition is None:
        raise PolicyError(problems.errors)
    return condition


def declared_names(model: PolicyModel) -> Iterator[tuple[str, Position]]:
    """What a policy declares besides rules, by name (fields as `list.field`), each with its position. Declarations of
    different kinds may have the same name."""
    vocabulary = model.vocabulary
    sections: tuple[TypingMapping[str, Fact | RecordList | Action | Group | Named | Ruleset], ...] = (
        vocabulary.facts, vocabulary.records, vocabulary.actions, vocabulary.groups, vocabulary.phases, vocabulary.roles,
        vocabulary.principles, model.rulesets,
    )  # fmt: skip
    for section in sections:
        yield from ((name, declared.position) for name, declared in section.items())
    for listed in vocabulary.records.values():
        yield from ((f"{listed.name}.{name}", field.position) for name, field in listed.fields.items())


def _said(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
