"""Prints rules by ruleset, each with its effects on a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import tzinfo
from itertools import groupby

from escalation_rules import Policy
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import FAINT, TITLE, Page, Row
from escalation_rules.policy.model import Removed, Rule

MARGIN = "   "
"""Replaces a label, so that the effects of a rule are indented below its name."""


def print_rules(policy: Policy, rules: Sequence[Rule], *, language: str, zone: tzinfo | None) -> None:
    """Print the rules; if these are all rules of the policy, also those that are no longer in force."""
    voice = Voice.of_policy(policy, language, zone)
    page = Page([MARGIN], is_terminal=sys.stdout.isatty())
    for ruleset, its_rules in groupby(
        sorted(rules, key=lambda rule: (rule.ruleset, rule.id)), lambda rule: rule.ruleset
    ):
        declared = policy.model.rulesets[ruleset]
        label = voice.text(declared.label)
        page.line(voice.say("namely", text=label, value=ruleset) if label else ruleset, TITLE)
        for rule in its_rules:
            page.item(_name(voice, rule, declared.principle))
            page.rows([Row.plain(MARGIN, _in_short(voice, rule))])
        page.space()
    page.line(voice.formats.plural("rules", len(rules)) if rules else voice.say("nothing_fits"))
    gone = [
        removal for name, removal in sorted(policy.model.removed.items()) if policy.model.rule(name) is None
    ]
    if gone and len(rules) == len(policy.model.rules):
        page.line(
            voice.say("gone_rules", names=voice.joined([_gone(voice, removal) for removal in gone])), FAINT
        )
    streams.write(page.text())


def _in_short(voice: Voice, rule: Rule) -> str:
    """The effects of the rule; if there are none, the rules it overrides."""
    if rule.effects:
        return voice.wording.in_short(rule.effects)
    return voice.say("parameter", label=voice.say("overrides").lower(), value=voice.joined(rule.overrides))


def _name(voice: Voice, rule: Rule, usual: str | None) -> str:
    """The rule's id, with its principle if that differs from its ruleset's."""
    if rule.principle in {None, usual}:
        return rule.id
    return voice.say("namely", text=rule.id, value=voice.labels.principle(rule.principle or ""))


def _gone(voice: Voice, removed: Removed) -> str:
    if removed.by is None:
        return voice.say("gone.disabled", rule=removed.rule.id)
    return voice.say("gone.replaced", rule=removed.rule.id, by=removed.by.id)
