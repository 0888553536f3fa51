"""`escalation-rules show WORD`: shows a rule in words, or the use of an action, a fact, a role etc. in the policy."""

from __future__ import annotations

import argparse

from escalation_rules.cli import names
from escalation_rules.cli.arguments.parser import (
    Needed,
    add_output,
    add_policy,
    add_zone,
    chosen_zone,
    missing,
)
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.words.sentences import Wording

HELP = "prints one rule in words, or an action, a fact, a role, a phase ... with the rules about it"
NAME = "RULE|ACTION|FACT|ROLE|PHASE|PRINCIPLE|CALENDAR|AMOUNT|LIST"
MEANING = "the id of a rule, or the name or the label of an action or a fact"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `show`."""
    parser.add_argument("word", metavar=Needed(NAME), nargs="?",
                        help=f"{MEANING}; also of a field (charges.amount), a record list, a group of actions, a role, "
                        "a phase, a principle, a calendar or a named amount")  # fmt: skip
    add_policy(parser)
    add_zone(parser)
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Show it as text or JSON."""
    word, layers = options.word, list(options.policy)
    if word is None:
        raise missing("show", NAME, MEANING)
    zone = chosen_zone(options.zone)
    if not options.json:
        require_text_output()
    policy = load_policy(layers, options)
    found = names.find(policy.model, word)
    if options.json:
        from escalation_rules.cli.reports.policy_data import data_of

        wording = Wording.of(policy.vocabulary, options.lang)
        things = [data_of(wording, policy.model, *pair) for pair in found]
        streams.write_json(things[0] if len(things) == 1 else {"kind": "several", "things": things})
        return 0
    from escalation_rules.cli.reports.show_report import print_things

    print_things(policy, found, language=options.lang, zone=zone)
    return 0
