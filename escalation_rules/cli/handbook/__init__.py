"""Writes a policy as a handbook for staff, in Markdown or HTML."""

from escalation_rules.cli.handbook.content import book_of
from escalation_rules.cli.handbook.html import html_of
from escalation_rules.cli.handbook.markdown import markdown_of
from escalation_rules.cli.handbook.model import Book
from escalation_rules.cli.handbook.scenarios import Scenario, scenarios
from escalation_rules.cli.handbook.selection import Selection

__all__ = ["Book", "Scenario", "Selection", "book_of", "html_of", "markdown_of", "scenarios"]
