"""For policy owners: `python -m escalation_rules.integrations.signals [builtin] [LEXICON…]` checks a lexicon and runs its
examples; with `--try TEXT` it shows what a customer's text proposes.

Exit code 0, or 1 with every problem on stderr, one a line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from escalation_rules.api import Policy
from escalation_rules.call_arguments import BUILTIN
from escalation_rules.errors import Diagnostic, EscalationRulesError
from escalation_rules.integrations.signals.checking import check_examples
from escalation_rules.integrations.signals.lexicon import Lexicon
from escalation_rules.integrations.signals.messages import Message
from escalation_rules.integrations.signals.proposing import plain, propose


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a lexicon or try a text. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m escalation_rules.integrations.signals", description=__doc__
    )
    parser.add_argument(
        "lexicon", nargs="*", default=["builtin"], help="layers: `builtin`, folders or YAML files"
    )
    parser.add_argument(
        "--policy", nargs="+", default=["builtin"], help="the policy whose facts are proposed"
    )
    parser.add_argument("--try", dest="text", metavar="TEXT", help="a text that a customer might write")
    parser.add_argument("--currency", help="the currency of the case, such as TWD")
    told = parser.parse_args(arguments)
    try:
        policy = Policy.load(*_layers(told.policy), engine="plain")
        lexicon = Lexicon.load(*_layers(told.lexicon), vocabulary=policy.vocabulary)
        if told.text is not None:
            return _try(told.text, lexicon, told.currency)
    except EscalationRulesError as error:
        return _report(error.diagnostics)
    if wrong := check_examples(lexicon):
        return _report(wrong)
    sys.stdout.write(f"{len(lexicon.entries)} entries, all examples pass\n")
    return 0


def _layers(names: Iterable[str]) -> list[Any]:
    return [BUILTIN if name == "builtin" else name for name in names]


def _try(text: str, lexicon: Lexicon, currency: str | None) -> int:
    for proposal in propose([Message("text", "customer", text)], lexicon, currency=currency):
        against = "".join(f" (against it: {one.kind} {one.quote!r})" for one in proposal.against)
        sys.stdout.write(
            f"{proposal.path}: {plain(proposal.value)} because of {proposal.quote!r}, {proposal.rule}{against}\n"
        )
    return 0


def _report(diagnostics: Iterable[Diagnostic]) -> int:
    for diagnostic in diagnostics:
        sys.stderr.write(f"{diagnostic}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
