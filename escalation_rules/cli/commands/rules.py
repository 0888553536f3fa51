"""`escalation-rules rules`: lists all rules of a policy, or those about an action or a fact."""

from __future__ import annotations

import argparse
from collections.abc import Collection

from escalation_rules.cli import names
from escalation_rules.cli.arguments.parser import add_output, add_policy, add_zone, chosen_zone
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.errors import RequestError, unknown_name
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.reading.effect_keys import HEADS
from escalation_rules.words.sentences import Wording

HELP = "lists the rules of a policy, and what each does"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `rules`."""
    add_policy(parser)
    parser.add_argument("--ruleset", metavar="ID", help="only the rules of this ruleset")
    parser.add_argument("--principle", metavar="ID", help="only the rules that serve this principle")
    parser.add_argument(
        "--action",
        metavar="NAME",
        help="only the rules that recommend, forbid or hold this action or group, or whose hold it must end",
    )
    parser.add_argument(
        "--fact", metavar="NAME", help="only the rules that read this fact, field or record list"
    )
    add_zone(parser)
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """List the rules as text or JSON."""
    zone = chosen_zone(options.zone)
    if not options.json:
        require_text_output()
    policy = load_policy(list(options.policy), options)
    chosen = matching(policy.model, options)
    if options.json:
        from escalation_rules.cli.reports.policy_data import in_short

        wording = Wording.of(policy.vocabulary, options.lang)
        known = {"name": policy.name, "digest": policy.digest}
        streams.write_json({"policy": known, "rules": [in_short(wording, rule) for rule in chosen]})
        return 0
    from escalation_rules.cli.reports.rules_report import print_rules

    print_rules(policy, chosen, language=options.lang, zone=zone)
    return 0


def matching(model: PolicyModel, options: argparse.Namespace) -> list[Rule]:
    """The rules that match all given options, sorted by id. Raises `RequestError` for an unknown name."""
    rules = list(model.rules)
    if options.ruleset is not None:
        _must_be("ruleset", options.ruleset, model.rulesets)
        rules = [rule for rule in rules if rule.ruleset == options.ruleset]
    if options.principle is not None:
        _must_be("principle", options.principle, model.vocabulary.principles)
        rules = [rule for rule in rules if rule.principle == options.principle]
    if options.action is not None:
        _must_be("action", options.action, [*model.vocabulary.actions, *model.vocabulary.groups])
        ids = {rule.id for head in HEADS for rule in names.speaking(model, head, options.action)}
        ids |= {rule.id for rule in names.needing(model, options.action)}
        rules = [rule for rule in rules if rule.id in ids]
    if options.fact is not None:
        full, known = names.full_name(model.vocabulary, options.fact), names.fact_names(model.vocabulary)
        if full not in known:
            _must_be("fact", options.fact, known)
        ids = {rule.id for rule in names.reading(model, full)}
        rules = [rule for rule in rules if rule.id in ids]
    return rules


def _must_be(what: str, word: str, known: Collection[str]) -> None:
    if word not in known:
        raise RequestError([unknown_name("unknown-name", f"unknown {what} {word!r}", word, known)])
