"""Resolves names of a policy as people type them, and finds the rules that use them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

import attrs

from escalation_rules.calendar import WorkingCalendar
from escalation_rules.errors import Diagnostic, RequestError, listing, unknown_name
from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Removed, Rule
from escalation_rules.policy.vocabulary import Action, Fact, Group, Named, NamedAmount, RecordList, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.words.catalogue import in_all_languages

MOST = 12
"""The maximum number of things shown for one word of a label."""


@attrs.frozen
class Part:
    """A role (or everybody), a phase or a principle."""

    kind: Literal["role", "everybody", "phase", "principle"]
    named: Named


Thing = Rule | Removed | Action | Fact | RecordList | Group | Part | WorkingCalendar | NamedAmount


def find(model: PolicyModel, word: str) -> list[tuple[str, Thing]]:
    """The things that a word refers to, with their full names: by name, else by label in any language.

    Raises `RequestError` if there is none (with the nearest name), or too many.
    """
    vocabulary, full = model.vocabulary, full_name(model.vocabulary, word)
    things: tuple[Thing | None, ...] = (
        model.rule(word), vocabulary.actions.get(word), vocabulary.declaration(full), vocabulary.records.get(full),
        vocabulary.groups.get(word), model.removed.get(word), vocabulary.calendars.get(word), vocabulary.amounts.get(word),
    )  # fmt: skip
    by_name = [(full, thing) for thing in things if thing is not None][:1]
    by_name += [(name, part) for name, part in _parts(vocabulary) if name == word]
    if by_name:
        return by_name
    everybody = everybody_of_all_roles()
    if _plain(word) in {everybody.named.name, *(_plain(text) for _, text in everybody.named.label.versions)}:
        return [(everybody.named.name, everybody)]
    by_label = _labelled(vocabulary, word)
    if 0 < len(by_label) <= MOST:
        return by_label
    if by_label:
        message = f"{word!r} matches {len(by_label)} names"
        expected = listing([name for name, _ in by_label])
        raise RequestError([Diagnostic("unknown-name", message, expected=expected)])
    known = [*(rule.id for rule in model.rules), *model.removed, *vocabulary.actions, *fact_names(vocabulary),
             *vocabulary.groups, *(name for name, _ in _parts(vocabulary)), *vocabulary.calendars,
             *vocabulary.amounts]  # fmt: skip
    expected = "the id of a rule, or the name of an action or a fact"
    message = f"unknown rule, action or fact {word!r}"
    raise RequestError([unknown_name("unknown-name", message, word, known, expected=expected)])


def everybody_of_all_roles() -> Part:
    """All roles, for whom some prohibitions hold."""
    return Part("everybody", Named("everybody", in_all_languages("screen.book.everybody")))


def _parts(vocabulary: Vocabulary) -> Iterator[tuple[str, Part]]:
    for name, role in vocabulary.roles.items():
        yield name, Part("role", role)
    for name, phase in vocabulary.phases.items():
        yield name, Part("phase", phase)
    for name, principle in vocabulary.principles.items():
        yield name, Part("principle", principle)


def _labelled(vocabulary: Vocabulary, word: str) -> list[tuple[str, Thing]]:
    """The things whose label equals the word or, if there are none, contains it."""
    wanted = _plain(word)
    things: list[tuple[str, Thing, Text]] = [
        *((name, action, action.label) for name, action in vocabulary.actions.items()),
        *((name, fact, fact.label) for name, fact in vocabulary.facts.items()),
        *((name, record_list, record_list.label) for name, record_list in vocabulary.records.items()),
        *((f"{listed.name}.{name}", field, field.label) for listed in vocabulary.records.values()
          for name, field in listed.fields.items()),
        *((name, group, group.label) for name, group in vocabulary.groups.items()),
        *((name, part, part.named.label) for name, part in _parts(vocabulary)),
    ]  # fmt: skip
    labels = [(name, thing, [_plain(text) for _, text in label.versions]) for name, thing, label in things]
    same = [(name, thing) for name, thing, said in labels if wanted in said]
    if same or not wanted:
        return same
    return [(name, thing) for name, thing, said in labels if any(wanted in label for label in said)]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def full_name(vocabulary: Vocabulary, word: str) -> str:
    """Convert `charge.amount`, as used in rules, to `charges.amount`, and `charge` to `charges`; other words
    are unchanged."""
    head, dot, field = word.partition(".")
    return f"{vocabulary.singulars().get(head, head)}{dot}{field}"


def fact_names(vocabulary: Vocabulary) -> list[str]:
    """The names of all facts, lists and fields."""
    fields = [
        f"{record_list.name}.{field}"
        for record_list in vocabulary.records.values()
        for field in record_list.fields
    ]
    return [*vocabulary.facts, *vocabulary.records, *fields]


# --- rules by name ----------------------------------------------------------------------------------------------------


def reading(model: PolicyModel, name: str) -> list[Rule]:
    """The rules that read a fact, a field or a list, including the conditions of their rulesets."""
    return readers(model).get(name, [])


def readers(model: PolicyModel) -> dict[str, list[Rule]]:
    """The rules that read each fact, field and list, or name each amount."""
    from escalation_rules.tools.lint.usage import Usage, parts_of

    found: dict[str, list[Rule]] = {}
    for rule in model.rules:
        usage = Usage(model.vocabulary)
        usage.of_rule(rule)
        usage.of_parts(parts_of(model.rulesets[rule.ruleset].applies_while))
        for name in usage.read | usage.amounts:
            found.setdefault(name, []).append(rule)
    return found


def concluding(model: PolicyModel, name: str) -> Iterator[Rule]:
    """The rules that conclude the fact."""
    yield from (rule for rule in model.rules if any(conclusion.name == name for conclusion in rule.concludes))


def speaking(model: PolicyModel, head: str, name: str) -> Iterator[Rule]:
    """The rules that `recommend`, `forbid` or `hold` an action (directly or through a group), or a group."""
    for rule in model.rules:
        effects: tuple[Recommend | Prohibit, ...] = (*rule.recommends, *rule.prohibits)
        for effect in effects:
            meant = (effect.action,) if isinstance(effect, Recommend) else (effect.named, *effect.actions)
            if effect.head == head and name in meant:
                yield rule
                break


def needing(model: PolicyModel, name: str) -> Iterator[Rule]:
    """The rules whose holds put an action into the plan, because it must be done before they end."""
    for rule in model.rules:
        if any(name in effect.acts_needed for effect in rule.prohibits):
            yield rule


def role_named(model: PolicyModel, name: str | None) -> str | None:
    """The role that `--for` names, if it does. Raises `RequestError` if there is none of this name."""
    roles = model.vocabulary.roles
    if name is None or name in roles:
        return name
    raise RequestError([unknown_name("unknown-role", f"unknown role {name!r}", name, roles, path="--for")])
