"""`escalation-rules show RULE|ACTION|FACT`: one rule in words, or what the policy says of an action or a fact."""

from __future__ import annotations

import argparse

from escalation_rules.cli.arguments import names
from escalation_rules.cli.arguments.parser import Needed, add_output, add_policy, add_zone, chosen_zone
from escalation_rules.cli.arguments.words import missing_word, word_and_layers
from escalation_rules.cli.commands.decide import load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.words.sentences import Wording

HELP = "prints one rule in words, or an action or a fact with the rules about it"
NAME = "RULE|ACTION|FACT"
MEANING = "the id of a rule, or the name of an action or a fact"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `show`."""
    parser.add_argument("word", metavar=Needed(NAME), nargs="?",
                        help=f"{MEANING}; also a field (charges.amount), a record list or a group of actions")  # fmt: skip
    add_policy(parser)
    add_zone(parser)
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Show it, for a person or as JSON."""
    word, layers = word_and_layers(options)
    if word is None:
        raise missing_word("show", NAME, MEANING)
    zone = chosen_zone(options.zone)
    if not options.json:
        require_text_output()
    policy = load_policy(layers, options)
    name, thing = names.find(policy.model, word)
    if options.json:
        from escalation_rules.cli.reports.policy_data import data_of

        wording = Wording.of(policy.vocabulary, options.lang)
        streams.write_json(data_of(wording, policy.model, name, thing))
        return 0
    from escalation_rules.cli.reports.show_report import print_thing

    print_thing(policy, name, thing, language=options.lang, zone=zone)
    return 0
