"""The output of `pytest --policy-steps`: all steps with their fixed wordings and tables, and the form of values."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.pytest_plugin.messages import said
from escalation_rules.pytest_plugin.phrases import DEFINITIONS, Definition
from escalation_rules.pytest_plugin.tables import Column
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import find

_WIDTH = 12
WRITTEN = """
A feature is: Feature, then Background (steps before each scenario), Scenario, or Scenario Outline with Examples.
A scenario says something with Given, does something with When, and checks something with Then; And goes on.
No colon after these words. [Brackets] may be left out.

{at}          2026-03-01T10:00:00+08:00; after "all times are in Asia/Taipei" also 2026-03-01 10:00
at {at}       what becomes known then is not known before; the earlier value counts until then. Without it, the value is replaced
{length}      30 minutes, 2 hours, 3 days, 14 calendar days, 1 week; 4 working hours, 1 working day
{target}      ACTION; ACTION about RECORD, which is the id of a record or `case` (waive_charge about shipping); ACTION by ROLE
{value}       true, false; 800 (an amount in the currency of the case), 3; a text; a name of the policy; unknown
a name        an id of the policy, or its label in quotes: call_back or "call the customer back"
several       a, b and c
a table       the names of its columns are in its first line; an empty cell says nothing; null means: none
parameters    below an act or a check: | amount | 40 |, one a line, with or without the heading | parameter | value |
…             the fields of the list, or the parameters of the action
"""
"""The form of values. The catalogues of the other languages have each line below `listing`."""


def listed(language: str) -> Iterator[str]:
    """The lines of the listing in a language."""
    for definition in DEFINITIONS:
        kinds = "/".join(definition.types).ljust(_WIDTH)
        for line in (*definition.phrase.listed(LANGUAGES.index(language)), *_tables(definition, language)):
            yield f"{kinds} {line}"
    for line in WRITTEN.splitlines():
        yield find(f"listing.{line}", language) or line


def _tables(definition: Definition, language: str) -> Iterator[str]:
    for about, columns in definition.tables:
        names = " | ".join(Column(column).in_language(language) for column in columns)
        title = said(about, language)
        yield f"    | {names} |" + (f"  ({title})" if title else "")
