"""What the panel shows, in the words of the page's language: plain views of a look, for the template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from complaint_plan.desk import Look, policy
from complaint_plan.words import language, words
from escalation_rules import Missing, Step
from escalation_rules.decision import Forbidden, Held, goes
from escalation_rules.integrations.helpdesks import Unrecorded
from escalation_rules.integrations.signals import Proposal
from escalation_rules.policy.vocabulary import Fact, Named
from escalation_rules.texts import Text
from escalation_rules.values import Amount, Count, Flag, Instant, Money, TextType

AT_MOST = 7
"""Steps and questions that are shown; how many follow is said."""

_FIELDS = ((Instant, "datetime-local"), (Count, "number"), (Amount, "number"))
"""Types of facts that are answered in a form field, and what HTML calls it."""


@attrs.frozen
class Button:
    """One answer that one click gives."""

    value: str
    label: str


@attrs.frozen
class StepView:
    """A step, with those of the same go."""

    id: str
    label: str
    about: str
    owner: str
    due: datetime | None
    overdue: bool
    params: tuple[tuple[str, str], ...]
    say: str
    why: tuple[str, ...]
    buttons: tuple[Button, ...]
    parts: tuple[StepView, ...] = ()


@attrs.frozen
class BarView:
    """What must not be done, or not yet, with the reasons, and what has to come first."""

    label: str
    about: str
    why: tuple[str, ...]
    first: tuple[str, ...] = ()


@attrs.frozen
class ProposalView:
    """What a customer may have said, with the quote."""

    id: str
    label: str
    quote: str
    against: tuple[str, ...]


@attrs.frozen
class QuestionView:
    """Something to find out: one click (`buttons`), or a form field of a type of HTML; neither where it takes more than that.

    `record` is the id of the record that it is about, `about` what people call it.
    """

    fact: str
    text: str
    about: str
    of_customer: bool
    buttons: tuple[Button, ...]
    field: str = ""
    record: str = ""


@attrs.frozen
class DoneView:
    """A step that was done; `key` is the act's where this app wrote it, so that it can be taken back."""

    label: str
    about: str
    at: datetime
    key: str


@attrs.frozen
class Panel:
    """All of it."""

    words: Mapping[str, str]
    steps: tuple[StepView, ...]
    more_steps: int
    forbidden: tuple[BarView, ...]
    standing: tuple[BarView, ...]
    held: tuple[BarView, ...]
    proposals: tuple[ProposalView, ...]
    answered: tuple[ProposalView, ...]
    replies: tuple[Unrecorded, ...]
    reply_buttons: tuple[Button, ...]
    questions: tuple[QuestionView, ...]
    more_questions: int
    done: tuple[DoneView, ...]
    look_again: datetime | None


def panel(look: Look) -> Panel:
    """The panel of a ticket."""
    decision = look.decision
    by_go = goes(decision.plan)
    shown = [_step(*go) for go in by_go[:AT_MOST]]
    questions = [_question(each, look) for each in decision.missing]
    return Panel(
        words=words(),
        steps=tuple(shown),
        more_steps=len(by_go) - len(shown),
        forbidden=tuple(_bar(each) for each in decision.forbidden if each.wanted),
        standing=tuple(_bar(each) for each in decision.forbidden if not each.wanted),
        held=tuple(_bar(each) for each in decision.held),
        proposals=tuple(_proposal(each) for each in look.proposals),
        answered=tuple(_proposal(each) for each in look.answered),
        replies=tuple(look.unrecorded[-3:]),
        reply_buttons=tuple(_step_button(each) for each in decision.plan[:AT_MOST] if each.id),
        questions=tuple(questions[:AT_MOST]),
        more_questions=max(0, len(questions) - AT_MOST),
        done=tuple(_done(look)),
        look_again=decision.review_at,
    )


def note_line(step: Step, outcome: str = "") -> str:
    """The line of a private note that puts a step on record: `#waive_charge shipping amount=800`."""
    words_of = [f"#{step.action}", step.about or "", f"outcome={outcome}" if outcome else ""]
    words_of += [f"{name}={_raw(value)}" for name, value in step.params.items() if _fits(value)]
    return " ".join(each for each in words_of if each)


def _raw(value: object) -> str:
    return (
        str(value.amount)
        if isinstance(value, Money)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _fits(value: object) -> bool:
    """Whether a value can stand in a note line: one word."""
    return not isinstance(value, tuple) and not any(each.isspace() for each in _raw(value))


# --- parts --------------------------------------------------------------------------------------------------------------


def _step(step: Step, *parts: Step) -> StepView:
    params = ((_parameter(step.action, name), _shown(value)) for name, value in step.params.items())
    unknown = ((_parameter(step.action, name), words()["not_known"]) for name in step.incomplete)
    return StepView(
        id=step.id or "",
        label=_action(step.action),
        about=step.about or "",
        owner=_named(policy().vocabulary.roles.get(step.owner or ""), step.owner),
        due=step.due,
        overdue=step.overdue,
        params=(*params, *unknown),
        say=_in(step.say),
        why=_why(step),
        buttons=tuple(_outcomes(step)),
        parts=tuple(_step(each) for each in parts),
    )


def _outcomes(step: Step) -> Iterator[Button]:
    """One button for each outcome that the action declares; `done` alone is one plain button."""
    action = policy().vocabulary.actions[step.action]
    labels = {each.name: _in(each.label) for each in action.outcome_labels}
    for outcome in action.outcomes:
        plain = words()["done"] if outcome == "done" else outcome.replace("_", " ")
        yield Button(outcome, labels.get(outcome) or plain)


def _bar(each: Forbidden | Held) -> BarView:
    first: tuple[str, ...] = ()
    if isinstance(each, Held):
        vocabulary = policy().vocabulary
        first = tuple(
            _action(need.name) if need.kind == "act" else _label(vocabulary.facts.get(need.name), need.name)
            for need in each.needs
        )
    return BarView(_action(each.action), each.about or "", _why(each), first)


def _proposal(each: Proposal) -> ProposalView:
    against = tuple(f"{found.quote}" for found in each.against)
    return ProposalView(each.id, _said(each), each.quote, against)


def _said(each: Proposal) -> str:
    """What a proposal says, by the labels: `something dangerous happened`; `kind of signal: regulator`."""
    vocabulary = policy().vocabulary
    if not isinstance(each.value, Mapping):
        fact = vocabulary.facts[each.path]
        whole = each.value is True or isinstance(fact.type, TextType)
        return _in(fact.label) if whole else f"{_in(fact.label)}: {_value(fact, each.value)}"
    records = vocabulary.records[each.path]
    fields = ((records.fields[name], value) for name, value in each.value.items())
    parts = [
        f"{_label(field, field.name)}: {_value(field, value)}"
        for field, value in fields
        if not isinstance(field.type, TextType | Instant)  # the quote and the ticket tell that
    ]
    return " · ".join([_in(records.label) or each.path, *parts])


def _question(each: Missing, look: Look) -> QuestionView:
    fact = asked(each.fact)
    record = each.about[0] if each.about else ""
    people = {person.id: person.name or (*person.addresses, person.id)[0] for person in look.reading.people}
    return QuestionView(
        fact=each.fact,
        text=_in(each.question) or each.fact,
        about=people.get(record, record),
        of_customer=each.ask == "customer",
        buttons=tuple(_answers(fact)) if fact else (),
        field=next((html for of, html in _FIELDS if fact and isinstance(fact.type, of)), ""),
        record=record,
    )


def asked(name: str) -> Fact | None:
    """The fact of the case, or the field of a record list, that a question asks for; None if it asks for whole records."""
    vocabulary = policy().vocabulary
    of, _, field = name.partition(".")
    records = vocabulary.records.get(of)
    return vocabulary.facts.get(name) or (records.fields.get(field) if records else None)


def _answers(fact: Fact) -> Iterator[Button]:
    """The answers that one click can give: yes and no, or the values of a choice."""
    if isinstance(fact.type, Flag):
        yield from (Button("true", words()["yes"]), Button("false", words()["answer_no"]))
    for each in fact.values:
        yield Button(each.name, _named(each, each.name))


def _done(look: Look) -> Iterator[DoneView]:
    acts = look.reading.case["acts"]
    for each in look.decision.done:
        same = (act["id"] for act in acts if act["action"] == each.action and act.get("about") == each.about
                and datetime.fromisoformat(act["at"]) == each.at)  # fmt: skip
        yield DoneView(_action(each.action), each.about or "", each.at, next(same, ""))


def _step_button(step: Step) -> Button:
    return Button(step.id or "", " ".join(filter(None, (_action(step.action), step.about))))


# --- words --------------------------------------------------------------------------------------------------------------


def _in(text: Text) -> str:
    return text.in_language(language())


def _why(each: Step | Forbidden | Held) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_in(reason.text) or reason.rule for reason in each.because))


def _action(name: str) -> str:
    return _in(policy().vocabulary.actions[name].label) or name


def _named(named: Named | None, name: str | None) -> str:
    return (_in(named.label) if named else "") or name or ""


def _label(fact: Fact | None, name: str) -> str:
    return (_in(fact.label) if fact else "") or name


def _parameter(action: str, name: str) -> str:
    return _in(policy().vocabulary.actions[action].params[name].label) or name


def _value(fact: Fact | None, value: Any) -> str:
    if isinstance(value, bool):
        return words()["yes" if value else "answer_no"]
    named = next((each for each in (fact.values if fact else ()) if each.name == value), None)
    return _named(named, str(value))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return words()["yes" if value else "answer_no"]
    return ", ".join(value) if isinstance(value, tuple) else str(value)
