"""Renders parts of a decision in words: records, parameters, due times, reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

import attrs

from escalation_rules import Case, Decision, DoneStep, HeadingPart, Held, Money, Policy, Reason, Step
from escalation_rules.babel_formats import BabelFormats
from escalation_rules.calendar import Deadline, load_zone
from escalation_rules.case.folding import Snapshot
from escalation_rules.cli.reports.voice import SHOWN, Voice
from escalation_rules.decision import ParameterValue
from escalation_rules.policy.conditions import AllOf, AnyOf
from escalation_rules.policy.model import ActAnchor, NameAnchor, Recommend
from escalation_rules.policy.vocabulary import Asked
from escalation_rules.values import Enumerated, Reference, References, Value, ValueProblem
from escalation_rules.words.catalogue import flag
from escalation_rules.words.labels import deadline_said
from escalation_rules.words.sentences import Wording

__all__ = ["SHOWN", "Speaker"]

AT_ONCE = timedelta(minutes=1)
"""A time after an instant that people call the instant itself."""


@attrs.frozen
class Speaker(Voice):
    """Texts in one language about a case and its decision. `in_short`: without ids, if records can be distinguished."""

    decision: Decision
    snapshot: Snapshot
    in_short: bool = False

    @classmethod
    def of(
        cls,
        policy: Policy,
        case: Case,
        decision: Decision,
        zone: tzinfo,
        language: str,
        *,
        in_short: bool = False,
    ) -> Speaker:
        """Create a speaker; times are in `zone`."""
        formats = BabelFormats(language, zone)
        wording = Wording.of(policy.vocabulary, language, currency=decision.currency, formats=formats)
        return cls(policy, language, formats, wording, decision, case.at(decision.at), in_short)

    # --- records ------------------------------------------------------------------------------------------------------

    def action(self, name: str, about: str | None, because: Sequence[Reason] = ()) -> str:
        """An action with its record, on one line."""
        label = self.labels.action(name)
        return (
            self.say("about_line", action=label, about=self.record(about, name, because)) if about else label
        )

    def record(self, record: str, action: str | None = None, because: Sequence[Reason] = ()) -> str:
        """A record: its own words, its list, its id."""
        listed = self._list_of(record, action, because)
        return self.record_of(listed, record) if listed else record

    def _list_of(self, record: str, action: str | None, because: Sequence[Reason]) -> str | None:
        found = (
            name for name in self._lists(action, because) if record in (self.snapshot.records.get(name) or {})
        )
        return next(found, None)

    def are_all(self, records: Sequence[str], action: str, because: Sequence[Reason]) -> bool:
        """Whether these are all records of their list, and more than one."""
        listed = self._list_of(records[0], action, because) if len(records) > 2 else None
        return listed is not None and set(records) == set(self.snapshot.records.get(listed) or {})

    def record_of(self, listed: str, record: str) -> str:
        """A record of a known list."""
        text = self._text_of(listed, record)
        if self.in_short or not text or listed == "parties":
            return self.short_record(record, listed=listed)
        return self.say("record", what=text, list=self.labels.records(listed), id=record)

    def _lists(self, action: str | None, because: Sequence[Reason]) -> Iterator[str]:
        """The lists that may contain a record, most likely first."""
        declared = self.policy.vocabulary.actions.get(action or "")
        if declared is not None and declared.about:
            yield declared.about
        rules = [self.policy.model.rule(reason.rule) for reason in because]
        yield from (rule.for_each for rule in rules if rule is not None and rule.for_each)
        yield from self.snapshot.records

    def _known(self, listed: str, record: str) -> dict[str, Value]:
        known = (self.snapshot.records.get(listed) or {}).get(record, {})
        return {name: fact.value for name, fact in known.items()}

    def _text_of(self, listed: str, record: str) -> str:
        """The first text of a record, in the order of the vocabulary; empty if it has none."""
        return self.labels.own_words(listed, self._known(listed, record), ("text",))

    def short_record(
        self,
        record: str,
        action: str | None = None,
        because: Sequence[Reason] = (),
        listed: str | None = None,
    ) -> str:
        """A record by its text; if another record of its list has the same, with its time, else with its id. A record
        without a text is called by the singular of its list and its id, with its first choice."""
        listed = listed or self._list_of(record, action, because)
        if not listed:
            return record
        text = self._text_of(listed, record)
        if listed == "parties":
            return text or self.labels.role(record)
        if not text:
            named = self.say("record_id", list=self.labels.one_of(listed), id=record)
            choice = self.labels.own_words(listed, self._known(listed, record), ("choice",))
            return self.say("record_short", what=named, id=choice) if choice else named
        there = self.snapshot.records.get(listed) or {}
        same = [record_id for record_id in there if self._text_of(listed, record_id) == text]
        if len(same) <= 1:
            return text
        times = [self._time_of(listed, record_id) for record_id in same]
        own = self._time_of(listed, record)
        return self.say("record_short", what=text, id=own if own and times.count(own) == 1 else record)

    def _time_of(self, listed: str, record: str) -> str:
        """When a record happened, as text; empty if unknown."""
        known = (self.snapshot.records.get(listed) or {}).get(record, {})
        name = self.policy.vocabulary.records[listed].ordered_by
        moment = known[name].value if name in known else None
        return self.formats.time(moment, self.decision.at) if isinstance(moment, datetime) else ""

    # --- heading ------------------------------------------------------------------------------------------------------

    def headed(self, parts: Sequence[HeadingPart]) -> str:
        """The heading of the case in one line; empty if there is none."""
        found: dict[tuple[str, str | None], list[str]] = {}
        for part in parts:
            listed = part.fact.partition(".")[0]
            known = found.setdefault((part.fact if part.about is None else listed, part.about), [])
            known += [self._headed(part, first=part is parts[0])] if part.value is not None else []
        texts = []
        for (name, about), values in found.items():
            shown = [value for value in values if value]
            if about is not None:
                who, what = self.short_record(about, listed=name), self.say("comma").join(shown)
                shown = [self.say("about_line", action=who, about=what) if shown else who]
            texts += shown
        return self.sentence(self.title(self.say("heading_joint").join(texts))) if texts else ""

    def _headed(self, part: HeadingPart, *, first: bool) -> str:
        """A value of the heading with its label; the text that comes `first`, and a text or choice of a record, in its own
        words; a flag by its label. Empty for a flag that does not apply, and for a local time that is the one shown anyway."""
        if part.fact == self.zone_fact and (there := self._in_zone_of_customer()) is not None:
            at = self.decision.at
            return self.say("local_time", at=there.instant(at), offset=there.offset(at)) if self.there else ""
        declared, value = self.policy.vocabulary.declaration(part.fact), part.value
        label = self.labels.fact(part.fact)
        if isinstance(value, bool):
            return label if value else ""
        if value is None or declared is None:
            return ""
        time = self.formats.time(value, self.decision.at) if isinstance(value, datetime) else ""
        text = time or self.labels.value(declared, value)
        is_text = declared.type.kind == "text"
        alone = is_text or declared.type.finite if part.about is not None else is_text and first
        return text if alone else self.say("parameter", label=label, value=text)

    @property
    def zone_fact(self) -> str | None:
        """The fact that names the time zone of the customer, if the heading declares one."""
        return next((headed.fact for headed in self.policy.model.heading if headed.is_zone), None)

    @property
    def there(self) -> BabelFormats | None:
        """The formats in the customer's time zone; None if it is not known, or shows the same time as the page."""
        formats, at = self._in_zone_of_customer(), self.decision.at
        return formats if formats is not None and formats.offset(at) != self.formats.offset(at) else None

    def _in_zone_of_customer(self) -> BabelFormats | None:
        known = self.snapshot.facts.get(self.zone_fact or "")
        try:
            return BabelFormats(self.language, load_zone(str(known.value))) if known is not None else None
        except ValueError:  # what names no time zone is shown as it is
            return None

    # --- steps --------------------------------------------------------------------------------------------------------

    def parameters(self, step: Step | DoneStep | Held) -> list[str]:
        """The parameters of a step with their labels, including unknown ones; without empty lists."""
        known = {
            name: self.parameter(step.action, name, value)
            for name, value in step.params.items()
            if value != ()
        }
        known |= dict.fromkeys(step.incomplete if isinstance(step, Step) else (), self.say("not_known"))
        declared = self.policy.vocabulary.actions[step.action].params
        label = self.labels.parameter
        return [
            self.say("parameter", label=label(step.action, name), value=known[name])
            for name in declared
            if name in known
        ]

    def parameter(self, action: str, name: str, value: ParameterValue) -> str:
        """The value of a parameter."""
        declared = self.policy.vocabulary.actions[action].params.get(name)
        if isinstance(value, Money):
            return self.formats.amount(value.amount, value.currency or None)
        if isinstance(value, bool):
            return flag(value, self.language)
        if declared is not None and isinstance(declared.type, Enumerated) and isinstance(value, str):
            return self.labels.value(declared, value)
        if declared is not None and isinstance(declared.type, (Reference, References)):
            ids = value if isinstance(value, tuple) else (str(value),)
            return self.joined([self.record_of(declared.type.to, record_id) for record_id in ids])
        if (
            declared is None
            or not isinstance(value, str)
            or declared.type.kind not in {"instant", "duration", "party"}
        ):
            return self.formats.number(value) if isinstance(value, int) else str(value)
        try:
            return self.labels.value(None, declared.type.parse(value))
        except ValueProblem:
            return value

    def _recommending(self, step: Step) -> Iterator[Recommend]:
        for reason in step.because:
            rule = self.policy.model.rule(reason.rule)
            yield from (
                effect for effect in (rule.recommends if rule else ()) if effect.action == step.action
            )

    def anchor(self, step: Step) -> str | None:
        """The fact or field from which the time of a step counts; None if it is not one."""
        anchors = (effect.before or effect.anchor for effect in self._recommending(step))
        names = [anchor.name.fact.label for anchor in anchors if isinstance(anchor, NameAnchor)]
        return next((self.labels.quoted(self.text(text)) for text in names if text), None)

    def starts_with_act(self, step: Step) -> bool:
        """Whether the time of a step counts from acts alone that are no steps of the plan: nobody can say when it starts."""
        anchors = [effect.anchor for effect in self._recommending(step) if effect.within is not None]
        planned = {open_step.action for open_step in self.decision.plan}
        acts = [anchor.action for anchor in anchors if isinstance(anchor, ActAnchor)]
        return bool(acts) and len(acts) == len(anchors) and not planned & set(acts)

    def question_of(self, name: str) -> str:
        """The question for a fact, a field or a list; else its label."""
        vocabulary = self.policy.vocabulary
        declared = vocabulary.declaration(name) or vocabulary.records.get(name)
        return (self.text(declared.question) if declared else "") or self.labels.fact(name)

    def asked_of(self, name: str) -> Asked:
        """Who can answer the question for a fact, a field or a list."""
        vocabulary = self.policy.vocabulary
        declared = vocabulary.declaration(name) or vocabulary.records.get(name)
        return declared.ask if declared else "agent"

    def within(self, step: Step) -> str:
        """The time for a step whose start is unknown."""
        anchor = self.anchor(step)
        deadline = Deadline.parse(step.within or "")
        if anchor and deadline.nominal <= AT_ONCE:
            deadline = Deadline(before=True)
        time = deadline_said(deadline, anchor, self.language, self.formats)
        return self.say("before_of" if deadline.before else "within_of" if anchor else "within", time=time)

    # --- reasons ------------------------------------------------------------------------------------------------------

    def reason(self, reason: Reason) -> str:
        """The text of a rule."""
        text = self.text(reason.text) or reason.rule
        return self.say("unclear", text=text) if reason.undecided else text

    def basis(self, reason: Reason) -> str:
        """The basis of a reason: its principle, its source, its rule; or the declaration from which it follows."""
        is_rule = self.policy.model.rule(reason.rule) is not None
        parts = [
            *([self.labels.source(reason.source)] if reason.source else []),
            self.say("rule", rule=reason.rule) if is_rule else reason.rule,
        ]
        text = self.say("parts").join(parts)
        return (
            self.say("basis", principle=self.labels.principle(reason.principle), parts=text)
            if reason.principle
            else text
        )

    def untils(self, held: Held, *, whole: bool = True) -> list[str]:
        """The conditions that end a hold, in words; unless `whole`, without those that are made of others, which take more
        reading than the reason beside them."""
        rules = [self.policy.model.rule(reason.rule) for reason in held.because]
        found = [
            self.title(self.sentence(self.wording.sentence(effect.until, rule.for_each)))
            for rule in rules
            if rule is not None
            for effect in rule.prohibits
            if effect.until is not None
            and held.action in effect.actions
            and effect.until.to_data() in held.until
            and (whole or not isinstance(effect.until, (AllOf, AnyOf)))
        ]
        return list(dict.fromkeys(found))
