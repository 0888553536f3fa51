"""Signals: texts of customers → proposals for a case, never facts. Needs the extra `[signals]`.

from escalation_rules.integrations.signals import Answers, propose
"""

from escalation_rules.integrations.signals.lexicon import Lexicon, LexiconError
from escalation_rules.integrations.signals.matching import Against
from escalation_rules.integrations.signals.messages import Message, MessageError
from escalation_rules.integrations.signals.proposing import Proposal, propose

__all__ = ["Against", "Lexicon", "LexiconError", "Message", "MessageError", "Proposal", "propose"]
