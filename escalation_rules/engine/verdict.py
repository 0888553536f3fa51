"""Computes the verdict on one act: allowed, held or forbidden, with reasons and what would release it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from escalation_rules.decision import Reason, Release, Step, Verdict
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.prohibitions import Prohibition, Prohibitions
from escalation_rules.engine.steps import Draft
from escalation_rules.once import once
from escalation_rules.policy.conditions import (
    STEP,
    FactName,
    FactTest,
    GivenTest,
    RecordView,
    Situation,
    Truth,
    either,
    opposite,
    required_tests,
    step_record,
)
from escalation_rules.policy.conditions.barring import is_another, unknown_of
from escalation_rules.policy.model import Rule, Ruleset
from escalation_rules.policy.vocabulary import Action, Vocabulary
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.values import Party, Value
from escalation_rules.words.catalogue import in_all_languages, say
from escalation_rules.words.labels import barred_names, doer_names


def verdict(
    assessment: Assessment,
    action: Action,
    about: str | None,
    doer: Party | None,
    params: dict[str, Value] | None,
    *,
    of_act: bool = False,
) -> Verdict:
    """The verdict on doing `action` now. For an unknown record, doer or parameters, the strictest case is
    assumed; an unknown doer is one of those who may do the action.

    Prohibitions apply to an outsider only if the action says that their role may do it (`by`); asked beforehand, what only
    other roles may do is forbidden to outsiders, too. For an act that was already done (`of_act`), disagreement between rules
    is ignored, since the act has settled it.
    """
    known_as = doer.known_as if doer is not None else None
    is_outsider = doer is not None and doer.role in assessment.vocabulary.outside
    request = _Request(assessment, action, about, doer, params, of_act, is_outsider)
    if request.is_unnamed and (of_act or not action.by):
        return Verdict("allowed", action.name, about, known_as)
    word, held = request.word, request.word == "held"
    return Verdict(
        word,
        action.name,
        about,
        known_as,
        request.reasons,
        assessment.untils([prohibition for prohibition, _ in request.covering]) if held else (),
        tuple(request.needs()) if held else (),
        () if word == "allowed" else _instead(assessment, action),
        request.is_wanted(),
    )


@attrs.frozen(eq=False, slots=False)
class _Request:
    """What somebody asks to do, with all that stands against it."""

    assessment: Assessment
    action: Action
    about: str | None
    doer: Party | None
    params: dict[str, Value] | None
    of_act: bool
    is_outsider: bool

    @property
    def is_unnamed(self) -> bool:
        """Whether the doer is an outsider whom the action does not name, so that no prohibition applies."""
        if any(barred_party.only for barred_party in self.action.barred):
            return False  # it names one party, and everybody else is kept from it
        return self.is_outsider and self.doer is not None and self.doer.role not in self.action.by

    @once
    def record(self) -> RecordView | None:
        """The parameters as a record, which tests read."""
        return None if self.params is None else step_record(self.params)

    @once
    def covering(self) -> Sequence[tuple[Prohibition, Truth]]:
        """The prohibitions of the act that are not known not to apply."""
        if self.is_unnamed:
            return ()
        prohibitions = self.assessment.prohibitions
        if self._of_no_record:
            known = prohibitions.by_action.get(self.action.name, ())
            prohibitions = Prohibitions(
                {self.action.name: [*known, *self._of_no_record]}, prohibitions.limits
            )
        found = prohibitions.covering(
            self.action.name, self.about, self.doer, self.record, self.assessment.situation, strictly=False
        )
        return [pair for pair in found if self.doer is not None or _may_concern(pair[0], self.action)]

    @once
    def _of_no_record(self) -> tuple[Prohibition, ...]:
        """What rules for each record might say of a record that the case does not contain: asked without one, and of a list
        without records, nothing else could stand against the act. An action that some rule recommends for the case is then
        about the case."""
        situation, model, listed = self.assessment.situation, self.assessment.model, self.action.about
        if self.of_act or self.about is not None or situation.lists.get(listed or "") != ():
            return ()
        steps = (step for rule in model.rules for step in rule.recommends if step.action == self.action.name)
        if any(step.aim.to is None for step in steps):
            return ()
        return tuple(
            Prohibition(rule, effect, Instance(rule, (), None, listed=False), None, None)
            for rule in model.rules
            if rule.for_each == listed and not _is_excluded(rule, model.rulesets[rule.ruleset], situation)
            for effect in rule.prohibits
            if self.action.name in effect.actions and effect.aim.to == listed
        )

    @once
    def has_no_role(self) -> Truth:
        """Whether the doer is none of those who may do the action (`by`)."""
        if self.doer is None:
            return False
        return either((opposite(self.doer.is_one_of(self.action.by)), self._is_kept(only=True)))

    @once
    def is_barred(self) -> Truth:
        """Whether the doer is barred from the action (`not_by`)."""
        return self._is_kept(only=False)

    def _is_kept(self, *, only: bool) -> Truth:
        barred = tuple(barred_party for barred_party in self.action.barred if barred_party.only is only)
        if self.doer is None or not barred:
            return False
        return opposite(is_another(barred, self.doer, self.about, self.assessment.situation))

    @once
    def unstated(self) -> tuple[str, ...]:
        """The required parameters that the request leaves out."""
        return tuple(name for name in self.action.required if name not in (self.params or {}))

    @once
    def is_unwanted(self) -> bool:
        """Whether the policy allows our roles only what it recommends, and this is not."""
        only = self.assessment.rule_index.model.only_what_is_recommended and not self.is_outsider
        return only and not self.is_wanted(certainly=True)

    @once
    def unsettled(self) -> tuple[tuple[Draft, tuple[str, ...]], ...]:
        """The steps about which rules disagree, each with the parameters that the request leaves open."""
        if self.of_act:
            return ()
        said = {*(self.params or {}), *(() if self.doer is None else ("owner",))}
        found = [
            (blocked.draft, tuple(name for name in blocked.draft.conflicts if name not in said))
            for key, blocked in self.assessment.blocked.items()
            if key.action == self.action.name and (key.about == self.about or self.about is None)
        ]
        return tuple((draft, names) for draft, names in found if names)

    @property
    def word(self) -> Literal["allowed", "held", "forbidden"]:
        """The verdict itself."""
        if (
            self.has_no_role
            or self.is_barred
            or self.is_unwanted
            or any(prohibition.forbids and truth for prohibition, truth in self.covering)
        ):
            return "forbidden"
        return "held" if self.reasons else "allowed"

    @once
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is not allowed: because of who does it, because nothing recommends it, by rules, and rules that disagree."""
        return tuple(self._reasons())

    def _reasons(self) -> Iterator[Reason]:
        vocabulary = self.assessment.vocabulary
        if self.has_no_role is not False:
            yield _only(self.action, vocabulary, undecided=self.has_no_role is None)
        if self.is_barred is not False:
            yield _somebody_else(self.action, vocabulary, undecided=self.is_barred is None)
        if self.unstated:
            yield _to_be_stated(self.action, self.unstated)
        if self.is_unwanted:
            text = in_all_languages("reason.unwanted")
            yield Reason("only_what_is_recommended", "forbid", None, "policy", text)
        yield from _by_rules(self.assessment, self.covering)
        for draft, _ in self.unsettled:
            yield from self.assessment.recommended(draft)

    def needs(self) -> Iterator[Release]:
        """What would show that it is allowed, or would make it so."""
        yield from dict.fromkeys(self._needs())

    def _needs(self) -> Iterator[Release]:
        yield from (Release("parameter", name, self.about) for name in self.unstated)
        yield from self.assessment.needs(self.covering, self.record)
        yield from self._parameters_read()
        yield from self._doer_needed()
        for draft, names in self.unsettled:
            yield from (Release("parameter", name, draft.key.about) for name in names)

    def _parameters_read(self) -> Iterator[Release]:
        """The parameters that the request leaves out and a prohibition reads."""
        for prohibition, _ in self.covering:
            where = prohibition.effect.where
            reads = [name for name, _ in where.all_reads()] if where is not None else []
            looked_at = [name.removeprefix(f"{STEP}.") for name in reads if name.startswith(f"{STEP}.")]
            for name in (*looked_at, *prohibition.effect.covered):
                if self.record is None or name not in self.record.values:
                    yield Release("parameter", name, self.about)

    def _doer_needed(self) -> Iterator[Release]:
        """What would show whether the doer may do it."""
        if self.doer is None:
            return
        by_role = (self.doer.is_one_of(self.action.by) is None) or any(
            prohibition.effect.by for prohibition, _ in self.covering
        )
        if self.doer.role is None and by_role:
            yield Release("fact", "parties.role", self.doer.name)
        if self.is_barred is None or self._is_kept(only=True) is None:
            found = unknown_of(self.action.barred, self.doer, self.about, self.assessment.situation)
            yield from (Release("fact", need.name, need.about) for need in found)
            if self.doer.person is None and not any(need.name == self.action.about for need in found):
                yield Release("parameter", "by", self.about)

    def is_wanted(self, *, certainly: bool = False) -> bool:
        """Whether the case wants a step (planned, held or forbidden) with this record and these parameters.

        An act without a record matches steps about any record, and steps on which rules disagree count, but for `certainly`.
        """
        assessment, action, about = self.assessment, self.action, self.about
        drafts = [
            *assessment.free.items(),
            *((key, blocked.draft) for key, blocked in assessment.blocked.items()),
        ]
        return any(
            key.action == action.name
            and (key.about == about or action.about == "case" or (about is None and not certainly))
            and all(
                _is_within(action, name, value, draft.values) for name, value in (self.params or {}).items()
            )
            and not (certainly and draft.conflicts)
            for key, draft in drafts
        )


def _is_within(action: Action, name: str, value: Value, wanted: Mapping[str, Value]) -> bool:
    """Whether a parameter equals the step's value or, if acts are added up, does not exceed it. Missing values match."""
    if name not in wanted:
        return True
    declared = action.params[name]
    if declared.reached and declared.type.adds_up:
        return bool(declared.rank(value) <= declared.rank(wanted[name]))
    return wanted[name] == value


def _by_rules(assessment: Assessment, covering: Sequence[tuple[Prohibition, Truth]]) -> tuple[Reason, ...]:
    # What is decided comes before what is not, then what forbids before what holds.
    ordered = sorted(covering, key=lambda pair: (pair[1] is None, pair[0].effect.head, pair[0].rule.id))
    reasons = [
        assessment.reason(prohibition.rule, prohibition.effect.head, prohibition.records, truth is None)
        for prohibition, truth in ordered
    ]
    return tuple(dict.fromkeys(reasons))


def _is_excluded(rule: Rule, ruleset: Ruleset, situation: Situation) -> bool:
    """Whether what is known of the case excludes that a rule for each record holds, whatever the record says."""
    of_case = [
        test
        for condition in (ruleset.applies_while, rule.when)
        for test in (required_tests(condition) if condition is not None else ())
        if isinstance(test, (FactTest, GivenTest))
        and all(isinstance(name, FactName) for name in test.names())
    ]
    return any(test.evaluate(situation, ()) is False for test in of_case)


def _may_concern(prohibition: Prohibition, action: Action) -> bool:
    """Whether a prohibition concerns somebody who may do the action."""
    by = prohibition.effect.by
    return not by or not action.by or any(role in action.by for role in by)


def _only(action: Action, vocabulary: Vocabulary, *, undecided: bool) -> Reason:
    """The reason that one of those who may do the action must do it."""
    names = {language: say("reason.only_join", language).join(doer_names(action, vocabulary, language))
             for language in LANGUAGES}  # fmt: skip
    text = Text.of({language: say("reason.only", language, roles=names[language]) for language in LANGUAGES})
    return Reason(action.name, "forbid", None, "vocabulary", text, undecided)


def _somebody_else(action: Action, vocabulary: Vocabulary, *, undecided: bool) -> Reason:
    """The reason that somebody who is not barred must do it."""
    names = {language: say("reason.only_join", language).join(barred_names(action, vocabulary, language))
             for language in LANGUAGES}  # fmt: skip
    text = Text.of(
        {language: say("reason.another", language, names=names[language]) for language in LANGUAGES}
    )
    return Reason(action.name, "forbid", None, "vocabulary", text, undecided)


def _to_be_stated(action: Action, names: Sequence[str]) -> Reason:
    """The reason that an act has to state these parameters."""
    labels = [action.params[name].label for name in names]
    texts = {}
    for language in LANGUAGES:
        said = [label.in_language(language) or name for label, name in zip(labels, names, strict=True)]
        text = say("punctuation.comma", language).join(said)
        texts[language] = say("reason.required", language, names=text)
    return Reason(action.name, "hold", None, "vocabulary", Text.of(texts))


def _instead(assessment: Assessment, action: Action) -> tuple[Step, ...]:
    same = tuple(step for step in assessment.plan if step.phase == action.phase)
    return same or tuple(step for step in assessment.plan if step.phase == assessment.phase)
