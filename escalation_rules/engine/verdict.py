"""Computes the verdict on one act: allowed, held or forbidden, with reasons and what would release it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from escalation_rules.decision import Reason, Release, Step, Verdict
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.prohibitions import Prohibition
from escalation_rules.engine.steps import Draft
from escalation_rules.policy.conditions import STEP, RecordView, Truth, opposite, step_record
from escalation_rules.policy.conditions.barring import is_another, unknown_of
from escalation_rules.policy.vocabulary import Action, Vocabulary
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.values import Party, Value
from escalation_rules.words.catalogue import in_all_languages, say
from escalation_rules.words.labels import barred_names


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

    Acts by outsiders are never forbidden. For an act that was already done (`of_act`), disagreement between
    rules is ignored, since the act has settled it.
    """
    if doer is not None and doer.role in assessment.vocabulary.outside:
        return Verdict("allowed", action.name, about, doer.known_as)
    record = None if params is None else step_record(params)
    covering = [
        (prohibition, truth)
        for prohibition, truth in assessment.prohibitions.covering(
            action.name, about, doer, record, assessment.situation, strictly=False
        )
        if doer is not None or _may_concern(prohibition, action)
    ]
    outside, another = _outside(action, doer), _another(assessment, action, about, doer)
    reasons = _reasons(assessment, covering)
    unwanted = assessment.rule_index.model.only_what_is_recommended and not _wanted(
        assessment, action, about, params, strictly=True
    )
    if unwanted:
        reasons = (
            Reason("only_what_is_recommended", "forbid", None, "policy", in_all_languages("reason.unwanted")),
            *reasons,
        )
    unsettled = () if of_act else _unsettled(assessment, action, about, doer, params)
    for draft, _ in unsettled:
        reasons = (*reasons, *assessment.recommended(draft))
    if another is not True:
        reasons = (_somebody_else(action, assessment.vocabulary, undecided=another is None), *reasons)
    if outside is not False:
        reasons = (_only(action, assessment.vocabulary, undecided=outside is None), *reasons)
    word: Literal["allowed", "held", "forbidden"] = "held" if reasons else "allowed"
    if (
        outside
        or another is False
        or unwanted
        or any(prohibition.forbids and truth for prohibition, truth in covering)
    ):
        word = "forbidden"
    return Verdict(
        word,
        action.name,
        about,
        doer.known_as if doer is not None else None,
        reasons,
        assessment.untils([prohibition for prohibition, _ in covering]) if word == "held" else (),
        (
            *_needs(assessment, about, covering, record),
            *_role_needed(covering, outside, doer),
            *_barred_needed(assessment, action, about, doer, another),
            *(Release("parameter", name, draft.key.about) for draft, names in unsettled for name in names),
        )
        if word == "held"
        else (),
        () if word == "allowed" else _instead(assessment, action),
        _wanted(assessment, action, about, params),
    )


def _wanted(
    assessment: Assessment,
    action: Action,
    about: str | None,
    params: dict[str, Value] | None,
    *,
    strictly: bool = False,
) -> bool:
    """Whether the plan contains, or a hold delays, a step with this record and these parameters.

    An act without a record matches any record, unless `strictly`.
    """
    drafts = [*assessment.free.items(), *((key, each.draft) for key, each in assessment.blocked.items())]
    return any(
        key.action == action.name
        and (key.about == about or action.about == "case" or (about is None and not strictly))
        and all(_is_within(action, name, value, draft.values) for name, value in (params or {}).items())
        and not (strictly and draft.conflicts)
        for key, draft in drafts
    )


def _unsettled(
    assessment: Assessment,
    action: Action,
    about: str | None,
    doer: Party | None,
    params: dict[str, Value] | None,
) -> tuple[tuple[Draft, tuple[str, ...]], ...]:
    """The steps about which rules disagree, each with the parameters that the request leaves open."""
    said = {*(params or {}), *(() if doer is None else ("owner",))}
    found = [
        (each.draft, tuple(name for name in each.draft.conflicts if name not in said))
        for key, each in assessment.blocked.items()
        if key.action == action.name and (key.about == about or about is None)
    ]
    return tuple((draft, names) for draft, names in found if names)


def _is_within(action: Action, name: str, value: Value, wanted: Mapping[str, Value]) -> bool:
    """Whether a parameter equals the step's value or, if acts are added up, does not exceed it. Missing values match."""
    if name not in wanted:
        return True
    declared = action.params[name]
    if declared.reached and declared.type.adds_up:
        return bool(declared.rank(value) <= declared.rank(wanted[name]))
    return wanted[name] == value


def _reasons(assessment: Assessment, covering: Sequence[tuple[Prohibition, Truth]]) -> tuple[Reason, ...]:
    # Decided prohibitions come before undecided ones, and prohibitions before holds.
    ordered = sorted(covering, key=lambda each: (each[1] is None, each[0].effect.head, each[0].rule.id))
    reasons = [
        assessment.reason(prohibition.rule, prohibition.effect.head, prohibition.records, truth is None)
        for prohibition, truth in ordered
    ]
    return tuple(dict.fromkeys(reasons))


def _may_concern(prohibition: Prohibition, action: Action) -> bool:
    """Whether a prohibition concerns somebody who may do the action."""
    by = prohibition.effect.by
    return not by or not action.by or any(role in action.by for role in by)


def _outside(action: Action, doer: Party | None) -> Truth:
    """Whether the doer is not one of those who may do the action."""
    return opposite(doer.is_one_of(action.by)) if doer is not None else False


def _another(assessment: Assessment, action: Action, about: str | None, doer: Party | None) -> Truth:
    """Whether the doer is not barred from the action (`not_by`)."""
    if doer is None or not action.barred:
        return True
    return is_another(action.barred, doer, about, assessment.situation)


def _barred_needed(
    assessment: Assessment, action: Action, about: str | None, doer: Party | None, another: Truth
) -> tuple[Release, ...]:
    """What would show whether the doer is barred."""
    if doer is None or another is not None:
        return ()
    needs = unknown_of(action.barred, doer, about, assessment.situation)
    return tuple(Release("fact", need.name, need.about) for need in needs)


def _role_needed(
    covering: Sequence[tuple[Prohibition, Truth]], outside: Truth, doer: Party | None
) -> tuple[Release, ...]:
    if doer is None or doer.role is not None:
        return ()
    asked = outside is None or any(prohibition.effect.by for prohibition, _ in covering)
    return (Release("fact", "parties.role", doer.name),) if asked else ()


def _only(action: Action, vocabulary: Vocabulary, *, undecided: bool) -> Reason:
    roles = [vocabulary.roles[name] for name in action.by]
    names = {language: say("reason.only_join", language).join(each.label.in_language(language) or each.name for each in roles)
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


def _needs(
    assessment: Assessment,
    about: str | None,
    covering: Sequence[tuple[Prohibition, Truth]],
    params: RecordView | None,
) -> tuple[Release, ...]:
    unsaid: dict[Release, None] = {}
    for prohibition, _ in covering:
        where = prohibition.effect.where
        reads = [name for name, _ in where.all_reads()] if where is not None else []
        looked_at = [name.removeprefix(f"{STEP}.") for name in reads if name.startswith(f"{STEP}.")]
        for name in (*looked_at, *prohibition.effect.covered):
            if params is None or name not in params.values:
                unsaid[Release("parameter", name, about)] = None
    return (*assessment.needs(covering, params), *unsaid)


def _instead(assessment: Assessment, action: Action) -> tuple[Step, ...]:
    same = tuple(step for step in assessment.plan if step.phase == action.phase)
    return same or tuple(step for step in assessment.plan if step.phase == assessment.phase)
