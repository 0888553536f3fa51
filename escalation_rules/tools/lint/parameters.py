"""Checks for unused parameters, and for texts in parameters with slots that are not filled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from escalation_rules.policy.conditions import Done
from escalation_rules.policy.conditions.names import FieldName, Name, root_of
from escalation_rules.policy.conditions.operands import Literal
from escalation_rules.policy.model import Prohibit
from escalation_rules.policy.parameter_values import Chosen, DoneTotal, Given
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import parts_of

_SLOT = re.compile(r"\{[a-z][a-z0-9_.]*\}")


def unread_parameters(linted: Linted) -> Found:
    """Parameters that no rule sets or tests, and that no text of the action uses."""
    used = set[tuple[str, str]]()
    for rule in linted.model.rules:
        for step in rule.recommends:
            used |= {(step.action, name) for name, _ in step.params}
        for ban in rule.prohibits:
            tests = ban.where.walk() if ban.where is not None else ()
            used.update(_carried(linted, ban))
            used |= {(action, name) for action in ban.actions for name in ban.covered}
            for read in (name for test in tests for name in test.names()):
                tested = _tested(read)
                used |= {(action, tested) for action in ban.actions}
        for test in parts_of((rule.when, rule.unless, rule.effects)):
            if isinstance(test, Done) and test.covers is not None:
                used |= {(action, name) for action in test.acts.actions for name in test.covers.parameters}
            if isinstance(test, DoneTotal) and test.parameter is not None:
                used |= {(action, test.parameter) for action in test.acts.actions}
    for action in linted.vocabulary.actions.values():
        told = " ".join(wording for _, wording in action.say.versions)
        for name, parameter in action.params.items():
            if (action.name, name) not in used and f"{{{name}}}" not in told:
                yield warning(
                    "unread-parameter",
                    parameter.position,
                    f"no rule sets or tests the parameter {name} of {action.name}",
                    "a rule that does, a `say:` with it, or no declaration",
                )


def _carried(linted: Linted, ban: Prohibit) -> Iterator[tuple[str, str]]:
    """The parameters that an act which ends a hold takes over from the held step."""
    actions = linted.vocabulary.actions
    for test in ban.awaited:
        for to in test.acts.actions:
            for of in ban.actions:
                both = actions[to].params.keys() & actions[of].params.keys() if to in actions else ()
                yield from (
                    (to, name)
                    for name in both
                    if actions[to].params[name].type == actions[of].params[name].type
                )


def _tested(name: Name) -> str:
    """The parameter that a name in a prohibition's `where:` refers to."""
    root = root_of(name)
    return root.field if isinstance(root, FieldName) else ""


def slots_in_parameters(linted: Linted) -> Found:
    """Texts for parameters that contain braces, although parameters have no slots."""
    for rule in linted.model.rules:
        for step in rule.recommends:
            for name, value in step.params:
                text = (
                    value.operand.value
                    if isinstance(value, Given) and isinstance(value.operand, Literal)
                    else None
                )
                slot = _SLOT.search(text) if isinstance(text, str) else None
                if slot is not None:
                    yield warning("slot-in-parameter", step.position,
                                  f"{slot[0]} in the parameter {name} of {step.action} is not filled in: it is passed on "
                                  "unchanged",
                                  "the text itself, the name of a fact without braces, or a slot in `say:`")  # fmt: skip


def subtracted_twice(linted: Linted) -> Found:
    """A parameter that the acts have to reach, of which a rule itself subtracts what was done."""
    for rule in linted.model.rules:
        for step in rule.recommends:
            reached = {parameter.name for parameter in linted.vocabulary.actions[step.action].reached}
            for name, value in step.params:
                for part in parts_of(value) if name in reached else ():
                    if (
                        isinstance(part, DoneTotal)
                        and part.parameter == name
                        and step.action in part.acts.actions
                        and part.acts.before is None
                    ):
                        yield warning(
                            "subtracted-twice", step.position,
                            f"the plan subtracts what was done of {step.action} from its {name}, and so does `sum_done:` here: "
                            "after a part, too little is left",
                            f"the whole {name}, or `before:` in `sum_done:` with the instant from which the step counts",
                        )  # fmt: skip


def first_in_the_case(linted: Linted) -> Found:
    """`one_of:` of a list that has an order by an instant, which it does not use."""
    for rule in linted.model.rules:
        for step in rule.recommends:
            for part in parts_of(step):
                if not isinstance(part, Chosen) or part.every:
                    continue
                listed = linted.vocabulary.records[part.selection.list]
                if listed.ordered_by != "recorded_at":
                    yield warning(
                        "first-in-the-case", step.position,
                        f"`one_of: {listed.name}` takes the first {listed.each} in the case, whatever its {listed.ordered_by}",
                        f"`earliest: {listed.name}` or `latest: {listed.name}` with `where:`, which go by {listed.ordered_by}",
                    )  # fmt: skip


CHECKS = (
    CheckUp(
        ("first-in-the-case",), "a record that is chosen without the order of its list", first_in_the_case
    ),
    CheckUp(("unread-parameter",), "a parameter that nothing uses", unread_parameters),
    CheckUp(("slot-in-parameter",), "a slot in a text that is passed on", slots_in_parameters),
    CheckUp(
        ("subtracted-twice",), "an amount from which what was done is subtracted twice", subtracted_twice
    ),
)
