"""Refuses a table or a text below a step that does not read it, so that nothing in a feature is ignored."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature

import pytest

from escalation_rules.pytest_plugin.messages import Message, message
from escalation_rules.pytest_plugin.phrases import DEFINITIONS
from escalation_rules.pytest_plugin.scene import Place

NO_TABLE = "this step takes no table, so the table below it would be ignored"
_LISTED = "`pytest --policy-steps {language}` lists all steps"
"""It also lists the tables of each step."""


def refuse_unread(place: Place, function: Callable[..., object]) -> None:
    """Fail at a table or text that the step does not read, or at a step that lacks its text. Steps of others are left alone."""
    step = place.step
    if step is None or not any(definition.function is function for definition in DEFINITIONS):
        return
    known = signature(function).parameters
    if step.datatable is not None and "datatable" not in known:
        _fail(place, message(NO_TABLE), row=0)
    if step.docstring is not None and "docstring" not in known:
        _fail(place, message("this step takes no text, so the text below it would be ignored"))
    if step.docstring is None and "docstring" in known and known["docstring"].default is Parameter.empty:
        _fail(place, message('this step needs a text below it, between two lines with """'))


def _fail(place: Place, what: Message, row: int | None = None) -> None:
    __tracebackhide__ = True
    told = (what, message(_LISTED, language=place.language))
    lines = [place.told(row), *(f"  {line.in_language(place.language)}" for line in told)]
    pytest.fail("\n".join(lines), pytrace=False)
