"""Names of a policy as people type them: what each stands for, and which rules speak of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from escalation_rules.errors import Diagnostic, RequestError, listing, nearest
from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Removed, Rule
from escalation_rules.policy.vocabulary import Action, Fact, Group, RecordList, Vocabulary

Thing = Rule | Removed | Action | Fact | RecordList | Group


def find(model: PolicyModel, word: str) -> tuple[str, Thing]:
    """What the word stands for, with its full name: a rule (in force, or not any more), an action, a fact or field, a
    list, or a group. `RequestError` with the nearest name if there is none.
    """
    vocabulary, full = model.vocabulary, full_name(model.vocabulary, word)
    things: tuple[Thing | None, ...] = (
        model.rule(word), vocabulary.actions.get(word), vocabulary.declaration(full), vocabulary.records.get(full),
        vocabulary.groups.get(word), model.removed.get(word),
    )  # fmt: skip
    found = next((each for each in things if each is not None), None)
    if found is not None:
        return full, found
    known = [*(each.id for each in model.rules), *model.removed, *vocabulary.actions, *fact_names(vocabulary),
             *vocabulary.groups]  # fmt: skip
    raise unknown_name(
        "rule, action or fact", word, known, "the id of a rule, or the name of an action or a fact"
    )


def full_name(vocabulary: Vocabulary, word: str) -> str:
    """`charges.amount` for the `charge.amount` of a rule, and `charges` for `charge`; any other word as it is."""
    head, dot, field = word.partition(".")
    return f"{vocabulary.singulars().get(head, head)}{dot}{field}"


def fact_names(vocabulary: Vocabulary) -> list[str]:
    """Every fact, list and field of a list."""
    fields = [f"{each.name}.{field}" for each in vocabulary.records.values() for field in each.fields]
    return [*vocabulary.facts, *vocabulary.records, *fields]


def unknown_name(what: str, word: str, known: Collection[str], expected: str | None = None) -> RequestError:
    """The error for a name that the policy does not have, with the nearest one that it has."""
    close = nearest(word, known)
    instead = None if close else expected or listing(sorted(known))
    message = f"unknown {what} {word!r}"
    return RequestError([Diagnostic("unknown-name", message, expected=instead, suggestion=close)])


# --- which rules ------------------------------------------------------------------------------------------------------


def reading(model: PolicyModel, name: str) -> Iterator[Rule]:
    """The rules that read a fact, a field or a list, in their own conditions and effects or in their ruleset's."""
    from escalation_rules.tools.lint.usage import Usage, parts_of

    for rule in model.rules:
        usage = Usage(model.vocabulary)
        usage.of_rule(rule)
        usage.of_parts(parts_of(model.rulesets[rule.ruleset].applies_while))
        if name in usage.read:
            yield rule


def concluding(model: PolicyModel, name: str) -> Iterator[Rule]:
    """The rules that conclude it."""
    yield from (rule for rule in model.rules if any(each.name == name for each in rule.concludes))


def speaking(model: PolicyModel, head: str, name: str) -> Iterator[Rule]:
    """The rules that `recommend`, `forbid` or `hold` an action, by itself or in a group; or a group as such."""
    for rule in model.rules:
        effects: tuple[Recommend | Prohibit, ...] = (*rule.recommends, *rule.prohibits)
        for effect in effects:
            meant = (effect.action,) if isinstance(effect, Recommend) else (effect.named, *effect.actions)
            if effect.head == head and name in meant:
                yield rule
                break
