"""Names what was changed in a policy: a rule by its id, a declaration by what it is."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.cli.reports.voice import Voice

_DECLARED = ("action", "calendar", "group", "role", "principle")


def changes_said(voices: Sequence[Voice], names: Sequence[str]) -> list[str]:
    """The changes between two policies, of which one or both know the names; the last voice speaks."""
    return [_said(voices, name) for name in names]


def declared_said(voices: Sequence[Voice], of: str, name: str) -> str | None:
    """The label of a declared action, fact or list, in quotation marks, from the last voice that knows it; None if it has
    none."""
    for voice in reversed(voices):
        vocabulary, labels = voice.policy.vocabulary, voice.labels
        if of == "action" and name in vocabulary.actions:
            return labels.quoted(labels.action(name))
        if of == "list" and name in vocabulary.records:
            return labels.quoted(labels.records(name))
        if of == "fact" and name in vocabulary.facts and (label := voice.text(vocabulary.facts[name].label)):
            return labels.quoted(label)
    return None


def _said(voices: Sequence[Voice], name: str) -> str:
    say = voices[-1].say
    for of in _DECLARED:
        knowing = [voice for voice in voices if name in getattr(voice.policy.vocabulary, f"{of}s")]
        if knowing:
            labels = knowing[-1].labels
            label = labels.quoted(labels.action(name)) if of == "action" else name
            return say("compare.declared", of=say(f"of.{of}"), name=label)
    return name
