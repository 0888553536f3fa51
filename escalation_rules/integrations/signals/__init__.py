"""Proposes facts and records for a case from customers' texts. Needs the extra `signals`.

from escalation_rules.integrations.signals import Answers, accepted, propose
"""

from escalation_rules.integrations.signals._installed import check_installed as _check_installed  # noqa: F401  # first
from escalation_rules.integrations.signals.answers import Answer, Answers, accepted
from escalation_rules.integrations.signals.asking import Asked, Discarded, output_schema, propose_with
from escalation_rules.integrations.signals.checking import check_examples
from escalation_rules.integrations.signals.lexicon import Lexicon, LexiconError
from escalation_rules.integrations.signals.matching import Against
from escalation_rules.integrations.signals.messages import Message, MessageError
from escalation_rules.integrations.signals.proposing import Proposal, propose

__all__ = [
    "Against", "Answer", "Answers", "Asked", "Discarded", "Lexicon", "LexiconError", "Message", "MessageError", "Proposal",
    "accepted", "check_examples", "output_schema", "propose", "propose_with",
]  # fmt: skip
