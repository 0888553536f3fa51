"""Checks for missing texts and translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from escalation_rules.errors import Diagnostic, Position
from escalation_rules.policy.vocabulary import Fact, Named, RecordList
from escalation_rules.texts import Text
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.unused import ALWAYS_THERE

Owned = tuple[Position, str, Text]
"""A text with the position and the description of its owner, for messages."""


def _fields(linted: Linted) -> Iterator[tuple[str, Fact]]:
    for listed in linted.vocabulary.records.values():
        for name, fact in listed.fields.items():
            if name not in ALWAYS_THERE:
                yield f"{listed.name}.{name}", fact


def _facts(linted: Linted) -> Iterator[tuple[str, Fact]]:
    yield from linted.vocabulary.facts.items()
    yield from _fields(linted)


def _labels(linted: Linted) -> Iterator[Owned]:
    """The labels that are shown to people; those of values belong to their fact."""
    vocabulary = linted.vocabulary
    for name, fact in _facts(linted):
        yield fact.position, f"the label of {name}", fact.label
    for what, named in (
        ("phase", vocabulary.phases),
        ("role", vocabulary.roles),
        ("principle", vocabulary.principles),
    ):
        for declared in named.values():
            yield declared.position, f"the label of the {what} {declared.name}", declared.label
    for listed in vocabulary.records.values():
        yield listed.position, f"the label of {listed.name}", listed.label
    for action in vocabulary.actions.values():
        yield action.position, f"the label of {action.name}", action.label
        for parameter in action.params.values():
            yield (
                parameter.position,
                f"the label of the parameter {parameter.name} of {action.name}",
                parameter.label,
            )
    for group in vocabulary.groups.values():
        yield group.position, f"the label of the group {group.name}", group.label
    for ruleset in linted.model.rulesets.values():
        yield ruleset.position, f"the label of the ruleset {ruleset.id}", ruleset.label


def _others(linted: Linted) -> Iterator[Owned]:
    """Optional texts."""
    for name, fact in _facts(linted):
        yield fact.position, f"the question for {name}", fact.question
        for value in fact.values:
            yield value.position, f"the label of the value {value.name} of {name}", value.label
    for listed in linted.vocabulary.records.values():
        yield listed.position, f"the question for {listed.name}", listed.question
    for action in linted.vocabulary.actions.values():
        yield action.position, f"the wording of {action.name}", action.say
        for outcome in action.outcome_labels:
            yield outcome.position, f"the label of the outcome {outcome.name} of {action.name}", outcome.label
    for rule in linted.model.rules:
        yield rule.position, f"the reason of {rule.id}", rule.because
        for conclusion in rule.concludes:
            for (found, _), reason in zip(conclusion.alternatives, conclusion.reasons, strict=False):
                yield conclusion.position, f"the reason of {rule.id} for {found}", reason
        for effect in rule.recommends:
            yield effect.position, f"the wording of {effect.action}", effect.say
    for entry in linted.model.disabled:
        yield entry.position, f"the reason for disabling {entry.rule}", entry.because


def missing_labels(linted: Linted) -> Found:
    """Names without a label, which are shown to people as they are."""
    for position, what, text in _labels(linted):
        if not text:
            yield _no_label(linted, position, f"{what} is missing")
    for name, fact in _facts(linted):
        bare = [value for value in fact.values if not value.label]
        if bare:
            yield _no_label(
                linted,
                bare[0].position,
                f"{_named(bare)} of {name} {'has' if len(bare) == 1 else 'have'} no label",
            )


def _named(bare: Sequence[Named]) -> str:
    names = ", ".join(declared.name for declared in bare)
    return f"the value {names}" if len(bare) == 1 else f"the values {names}"


def _no_label(linted: Linted, position: Position, message: str) -> Diagnostic:
    return warning(
        "missing-label", position, message, f"`label:` in {', '.join(linted.vocabulary.languages)}"
    )


def missing_questions(linted: Linted) -> Found:
    """Facts that people may be asked for, without a question. Presumed facts are never asked for."""
    used = linted.usage.read
    for name, fact in _facts(linted):
        asked = fact.ask != "system" and fact.presume is None and not fact.concluded and name in used
        if asked and not fact.question:
            yield _no_question(fact, f"missing question for {name}, which is asked of the {fact.ask}")
    for listed in linted.vocabulary.records.values():
        if (
            listed.ask != "system"
            and listed.absent == "unknown"
            and listed.name in used
            and not listed.question
        ):
            yield _no_question(
                listed, f"missing question for {listed.name}, which is asked of the {listed.ask}"
            )


def _no_question(asked: Fact | RecordList, message: str) -> Diagnostic:
    return warning("missing-question", asked.position, message, "`question:`, or `ask: system`")


def missing_translations(linted: Linted) -> Found:
    """Texts that are missing in one of the policy's languages."""
    for position, what, text in (*_labels(linted), *_others(linted)):
        known = text.to_dict()
        missing = [language for language in linted.vocabulary.languages if language not in known]
        if known and missing:
            yield warning("missing-translation", position, f"{what} is missing in {' and '.join(missing)}",
                          f"a text in {', '.join(linted.vocabulary.languages)}")  # fmt: skip


def missing_reasons(linted: Linted) -> Found:
    """Rules without a reason (`because`)."""
    for rule in linted.model.rules:
        if not rule.because:
            yield warning("no-because", rule.position, f"{rule.id} gives no reason", "`because:`")


def missing_sources(linted: Linted) -> Found:
    """Rules without a source."""
    for rule in linted.model.rules:
        if not rule.source:
            yield warning(
                "no-source",
                rule.position,
                f"{rule.id} names no source",
                "`source:` with an account, a standard or a law",
            )


def misspelt_sources(linted: Linted) -> Found:
    """Sources that begin almost like a declared one."""
    declared = linted.vocabulary.sources
    for rule in linted.model.rules:
        for source in (rule.source or "").split(";"):
            if (meant := _source_meant(source.strip(), declared)) is not None:
                yield warning("misspelt-source", rule.position, f"the source {source.strip()!r} of {rule.id} is not declared",
                              "a source of `sources:`, or a declaration of it", meant)  # fmt: skip


def _source_meant(source: str, declared: Iterable[str]) -> str | None:
    """The source with the declared name that its beginning resembles; None if it begins with a declared name, or like none."""
    words = list(_WORD.finditer(source))
    if any(source.startswith(name) and not _LETTER.match(source, len(name)) for name in declared):
        return None
    for name in declared:
        known = _WORD.findall(name)
        said = words[: len(known)]
        if known and len(said) == len(known) and all(map(_is_near, (match[0] for match in said), known)):
            return name + source[said[-1].end() :]
    return None


def _is_near(word: str, known: str) -> bool:
    """Whether a word is equal to a known one, or a likely misspelling of it. Numbers and short words must be equal."""
    if word == known:
        return True
    if min(len(word), len(known)) < _SHORTEST_WORD or not (word + known).isalpha():
        return False
    return SequenceMatcher(None, word.lower(), known.lower()).ratio() >= _LEAST_SIMILAR


_WORD, _LETTER = re.compile(r"\w+"), re.compile("[a-zA-Z]")
_SHORTEST_WORD, _LEAST_SIMILAR = 4, 0.8


def missing_principles(linted: Linted) -> Found:
    """Rules without a principle, if the policy has principles."""
    for rule in linted.model.rules:
        if rule.principle is None and linted.vocabulary.principles:
            yield warning("no-principle", rule.position, f"{rule.id} serves no principle",
                          "`principle:` in the rule or its ruleset")  # fmt: skip


CHECKS = (
    CheckUp(("missing-label",), "a name that people see, without a label", missing_labels),
    CheckUp(("missing-question",), "a fact that people are asked for, without a question", missing_questions),
    CheckUp(("missing-translation",), "a text that lacks a language", missing_translations),
    CheckUp(("no-because",), "a rule that gives no reason", missing_reasons),
    CheckUp(("no-source",), "a rule that names no source", missing_sources),
    CheckUp(("misspelt-source",), "a source that is almost a declared one", misspelt_sources),
    CheckUp(("no-principle",), "a rule that serves no principle", missing_principles),
)
