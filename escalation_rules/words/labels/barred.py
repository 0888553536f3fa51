"""Describes those who are barred from an action."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_rules.policy.vocabulary import Action, Barred, Vocabulary
from escalation_rules.words.catalogue import say


def barred_names(action: Action, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """The descriptions of `not_by:` of an action: the party in a fact or field, or the doer of another action."""
    return _names(
        [barred_party for barred_party in action.barred if not barred_party.only], vocabulary, language
    )


def doer_names(action: Action, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """The descriptions of `by:` of an action: roles, and the party in a fact or field."""
    only = [barred_party for barred_party in action.barred if barred_party.only]
    for name in (*action.by, *(role for barred_party in only for role in barred_party.roles)):
        role = vocabulary.roles.get(name)
        yield (role.label.in_language(language) if role is not None else "") or name
    yield from _names(only, vocabulary, language)


def _names(barred: Iterable[Barred], vocabulary: Vocabulary, language: str) -> Iterator[str]:
    for barred_party in barred:
        if barred_party.action is not None:
            label = vocabulary.actions[barred_party.action].label.in_language(language) or barred_party.action
            yield say("reason.barred_doer", language, label=label)
        else:
            fact = vocabulary.declaration(barred_party.fact or f"{barred_party.list}.{barred_party.field}")
            label = fact.label.in_language(language) if fact is not None else ""
            yield say("reason.barred", language, label=label or barred_party.named)
