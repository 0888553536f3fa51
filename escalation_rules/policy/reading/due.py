"""Reads when a step is due, and how often it is repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeGuard

import attrs

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.calendar.lengths import (
    AT_THE_SAME_TIME,
    BEFORE,
    BY,
    END_OF_DAY,
    MOVED,
    english,
)
from escalation_rules.errors import article
from escalation_rules.policy.conditions import (
    STEP_HEADS,
    Context,
    Done,
    Finding,
    NoRecord,
    RecordCondition,
    Some,
    StepTest,
)
from escalation_rules.policy.conditions.human_values import length_said
from escalation_rules.policy.conditions.names import looks_like_name
from escalation_rules.policy.conditions.reading_deadlines import misspelt, read_deadline
from escalation_rules.policy.conditions.records import Earliest, Latest
from escalation_rules.policy.conditions.synonyms import Guess
from escalation_rules.policy.conditions.unknown_names import part
from escalation_rules.policy.model import (
    ActAnchor,
    Aim,
    Anchor,
    FoundAnchor,
    LearnedAnchor,
    NameAnchor,
    StepAnchor,
)
from escalation_rules.policy.vocabulary import Action, RecordList
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.suggestions import nearest
from escalation_rules.values import Instant, show

LEARNING = "learning "
"""The prefix of a name whose learning starts the time."""

_END = "end of "

_BY = BY + " "

_NO_TIME = re.compile("0+ ")
"""The beginning of a length of time of zero."""

Tests = Sequence[RecordCondition | Done | StepTest] | None
"""The tests in the rule's `when` on records, those whose acts may be anchors, and those on open steps; None if `when` could
not be read."""


def finds(test: object) -> TypeGuard[Finding]:
    """Whether a test finds records from whose instants a time can count."""
    return isinstance(test, Finding) and not isinstance(test, NoRecord)


def finding(tests: Iterable[object], listed: str) -> list[Finding]:
    """The tests among some that find the records of a list from whose instants a time counts."""
    found = [test for test in tests if finds(test) and test.selection.list == listed]
    if any(
        isinstance(test, (Latest, Earliest)) for test in found
    ):  # beside it, a bare `some` says only that there is one
        found = [test for test in found if not isinstance(test, Some) or test.selection.where is not None]
    return [test for test in found if isinstance(test, Some)] or found  # `some` identifies single records


def act_anchor(action: str, tests: Iterable[object]) -> ActAnchor:
    """The anchor at the acts of an action: those of the test on them, if it is the only one."""
    meant = [test for test in tests if isinstance(test, Done) and test.only_action == action]
    return ActAnchor(action, meant[0] if len(meant) == 1 else None)


def read_again(context: Context, node: Node) -> Duration | None:
    """Read how often a step is repeated, e.g. `every 2 days`."""
    spoken = context.scalar(node, "`every` and a length of time")
    if spoken is None or not isinstance(node, Scalar):
        return None
    if not spoken.startswith("every "):
        length = length_said(spoken)
        expected, meant = (None, f"every {length}") if length else ("e.g. every 2 days", None)
        context.error("wrong-form", node, f"{show(spoken)} is not an interval", expected, meant)
        return None
    place = part(node, len("every "))
    duration = context.duration(place)
    instead = AT_THE_SAME_TIME.get(duration.unit) if duration is not None else None
    if duration is not None and instead is not None:
        # One calendar day from Tuesday ends after Wednesday: too late for a step of every day.
        context.error("bad-duration", place, f"a step cannot be repeated at the end of {article(english(duration.unit))}", None,
                      str(Duration(duration.amount, instead)))  # fmt: skip
        return None
    return duration


def read_lapse(context: Context, node: Mapping, anchor: Anchor | None) -> Duration | None:
    """Read the time after which the purpose of a step lapses, counted from the start of `within:`, or from
    the action's anchor."""
    length, within = node.get("lapses_after"), node.get("within")
    if length is None:
        return None
    stated = within.text.removeprefix(END_OF_DAY) if isinstance(within, Scalar) else ""
    if anchor is None and " of " not in stated:  # otherwise the problem with its start has been reported
        context.error("no-anchor", length, "`lapses_after` has no start",
                      "`within: … of …`, or an action with an `anchor:`")  # fmt: skip
    return context.duration(length)


@attrs.frozen
class TimeLimit:
    """When a step is due: the deadline, and its anchor (the one after `of`, or else the action's own) or the instant
    before which it ends."""

    within: Deadline | None = None
    anchor: Anchor | None = None
    before: NameAnchor | FoundAnchor | None = None


def read_within(
    context: Context, node: Node | None, tests: Tests, action: Action | None, aim: Aim
) -> TimeLimit:
    """Read when a step is due, e.g. `2 days of case.opened_at`, `2 days before trip.starts_at` or `by trip.starts_at`."""
    default = _default_anchor(context, action, aim)
    if node is None:
        return TimeLimit(anchor=default)
    spoken = context.scalar(node, "a length of time such as `2 days of case.opened_at`")
    if spoken is None or not isinstance(node, Scalar):
        return TimeLimit(anchor=default)
    if misspelt(context, node):
        return TimeLimit(anchor=default)
    if spoken.startswith(_END) and not spoken.startswith(END_OF_DAY):
        message = f"{show(spoken)} is not a valid time limit"
        context.error("bad-duration", node, message, f"a length of time, or `{END_OF_DAY}`")
        return TimeLimit(anchor=default)
    if spoken == BY or spoken.startswith(_BY):
        by = _ahead(context, part(node, len(_BY)) if spoken != BY else node, tests)
        return TimeLimit(Deadline(before=True), default, by)
    if BEFORE in spoken:
        within, before = _before(context, node, spoken, tests)
        return TimeLimit(within, default, before)
    start = len(END_OF_DAY) if spoken.startswith(END_OF_DAY) else 0
    counted, comma, moved = spoken.partition(MOVED)
    place = counted.find(" of ", start)
    length = counted if place < 0 else counted[:place]
    if place < 0 and _other_word(context, node, spoken):
        return TimeLimit(anchor=default)
    if _NO_TIME.match(length):
        instant = counted[place + len(" of ") :] if place >= 0 else "INSTANT"
        context.error("bad-duration", part(node, 0, len(length)), f"{show(length)} leaves no time for the step",
                      f"`{BY} {instant}`, or a time in which the step can be done")  # fmt: skip
        return TimeLimit(anchor=default)
    deadline = read_deadline(context, node, length, len(counted) + len(comma), moved if comma else None)
    if place < 0:
        return TimeLimit(deadline, default)
    return TimeLimit(
        deadline, _anchor(context, part(node, place + len(" of "), len(counted)), tests, default)
    )


def _before(
    context: Context, node: Scalar, spoken: str, tests: Tests
) -> tuple[Deadline | None, NameAnchor | FoundAnchor | None]:
    """Read `2 days before trip.starts_at`."""
    length, word, _ = spoken.partition(BEFORE)
    instant, moved, _ = spoken.removeprefix(length + word).strip().partition(MOVED)
    if length == END_OF_DAY or moved:
        fault = "moves to no working day" if moved else "is a length of time"
        context.error("bad-duration", node, f"a time limit before an instant {fault}", None,
                      f"{length if moved else '1 working day'}{BEFORE} {instant}")  # fmt: skip
        return None, None
    duration = None
    if _NO_TIME.match(length):
        context.error("bad-duration", part(node, 0, len(length)), f"{show(length)} is no time before an instant",
                      f"`{BY} {instant}`, or a length such as 1 minute")  # fmt: skip
    else:
        duration = context.duration(part(node, 0, len(length)))
    before = _ahead(context, part(node, len(length) + len(word) + 1) if instant else node, tests)
    return None if duration is None else Deadline(duration, before=True), before


def _ahead(context: Context, place: Scalar, tests: Tests) -> NameAnchor | FoundAnchor | None:
    """Read an instant that is known in advance."""
    if place.text in (*context.vocabulary.actions, *STEP_HEADS) or place.text.startswith(LEARNING):
        context.error("bad-duration", place, "a time limit before something ends at an instant that is known in advance",
                      "a fact or a field that is an instant")  # fmt: skip
        return None
    found = _anchor(context, place, tests, None)
    return found if isinstance(found, (NameAnchor, FoundAnchor)) else None


def _other_word(context: Context, node: Scalar, spoken: str) -> bool:
    """Whether a word other than `of` is used, or an invalid end of a deadline; if so, it is reported."""
    other = next(
        (preposition for preposition in (" after ", " from ", " since ") if preposition in spoken), ""
    )
    if other and spoken.endswith(f"{other}now"):
        _no_anchor(context, part(node, len(spoken) - len("now")))
    elif other:
        message, meant = (
            f"a time limit counts `of` an instant, not `{other.strip()}`",
            spoken.replace(other, " of ", 1),
        )
        context.error("bad-duration", node, message, None, meant)
    return bool(other)


def _default_anchor(context: Context, action: Action | None, aim: Aim) -> NameAnchor | None:
    if action is None or action.anchor is None:
        return None
    if action.anchor in context.vocabulary.facts:
        name = context.scope.resolve(action.anchor)
    else:  # an instant of the step's own record
        _, _, field = action.anchor.rpartition(".")
        for_each = context.for_each
        holder = aim.via.text if aim.via is not None else for_each.each if for_each is not None else ""
        name = context.scope.resolve(f"{holder}.{field}") if aim.to == action.about else None
    return NameAnchor(name) if name is not None else None


def _anchor(context: Context, node: Scalar, tests: Tests, default: NameAnchor | None) -> Anchor | None:
    if node.text.startswith(LEARNING):
        return _learned_anchor(context, part(node, len(LEARNING)), default)
    if node.text in context.vocabulary.actions:
        return act_anchor(node.text, tests or ())
    if node.text in STEP_HEADS:
        return _step_anchor(context, node, tests)
    if not looks_like_name(node.text):
        _no_anchor(context, node)
        return None
    name = context.scope.resolve(node.text)
    if name is not None:
        return NameAnchor(name) if context.instant(node, name) is not None else None
    if tests is None or context.sees(node.text):
        context.problems.excuse(node.position)
        return None
    return _found_anchor(context, node, tests)


def step_anchor(head: str, tests: Iterable[object]) -> StepAnchor | None:
    """The anchor at the only test on an open step with this keyword; None if there is none, or more than one."""
    found = [test for test in tests if isinstance(test, StepTest) and test.head == head]
    return StepAnchor(found[0]) if len(found) == 1 else None


def _step_anchor(context: Context, node: Scalar, tests: Tests) -> StepAnchor | None:
    if tests is None:
        context.problems.excuse(node.position)
        return None
    found = step_anchor(node.text, tests)
    if found is None:
        message = f"`of {node.text}` needs exactly one test `{node.text}:` that `when` requires"
        context.error(
            "unclear-anchor", node, message, f"one `{node.text}:` in `when`, not below `any` or `not`"
        )
    return found


def _learned_anchor(context: Context, node: Scalar, default: NameAnchor | None) -> Anchor | None:
    """The instant at which a fact or field was learned, or the record in scope recorded."""
    if any(node.text == record_list.each for record_list in context.scope.lists):
        return LearnedAnchor(None, default)
    name = context.scope.resolve(node.text)
    if name is not None and looks_like_name(node.text):
        return LearnedAnchor(name, default)
    if name is not None:
        _no_anchor(context, node)  # a field without its record
    elif context.sees(node.text):
        context.problems.excuse(node.position)
    elif (listed := _list_of(context, node.text)) is not None:
        message = f"it is not clear which {listed.each} is meant: the rule is not for each of {listed.name}"
        context.error("unclear-anchor", node, message, f"`for_each: {listed.name}`, or a fact")
    else:
        known = [
            *(record_list.each for record_list in context.scope.lists),
            *(known_name for known_name in context.known() if "." in known_name),
        ]
        context.undeclared("unknown-name", node, "fact, field or record", node.text, known)
    return None


def _list_of(context: Context, text: str) -> RecordList | None:
    """The list of a record, or of a field of a record, that is named by its singular."""
    head, dot, field = text.partition(".")
    listed = context.vocabulary.records.get(context.vocabulary.singulars().get(head, ""))
    return listed if listed is not None and (not dot or field in listed.fields) else None


def _no_anchor(context: Context, node: Scalar) -> None:
    """Report a name that is neither an instant nor an action."""
    listed = context.for_each
    field = listed.fields.get(node.text) if listed is not None else None
    if node.text == "now":
        wanted = "a fixed instant, such as case.opened_at"
        context.error("unknown-name", node, "a time limit that counts from `now` never ends", wanted)
    elif listed is not None and field is not None:
        message = f"{node.text!r} is a field of {listed.name}, but the record is missing"
        context.error("unknown-name", node, message, None, f"{listed.each}.{node.text}")
    else:
        dotted = (known_name for known_name in context.known() if "." in known_name)
        instants = [
            dotted_name
            for dotted_name in dotted
            if (name := context.scope.resolve(dotted_name)) and isinstance(name.fact.type, Instant)
        ]
        action = nearest(node.text, context.vocabulary.actions)
        meant = Guess(action) if action and not nearest(node.text, instants) else None
        context.undeclared("unknown-name", node, "instant or action", node.text, instants, meant)


def _found_anchor(
    context: Context, node: Scalar, tests: Sequence[RecordCondition | Done | StepTest]
) -> Anchor | None:
    head, _, field = node.text.partition(".")
    listed = context.vocabulary.records.get(context.vocabulary.singulars().get(head, ""))
    fact = listed.fields.get(field) if listed is not None else None
    if listed is None or fact is None:
        known = [*context.known(), *_instants(context)]
        context.undeclared("unknown-name", node, "instant", node.text, known)
        return None
    others = [
        test for test in tests if isinstance(test, RecordCondition) and test.selection.list == listed.name
    ]
    found = finding(others, listed.name)
    if not isinstance(fact.type, Instant):
        context.error(
            "not-comparable", node, f"{node.text} is {fact.type.article} {fact.type.kind}", "an instant"
        )
    elif len(found) != 1:
        name = listed.name
        if others and not found:
            problem, wanted = (
                f"`{others[0].head}: {name}` does not find records",
                "beside it (both below `all:`) for the first that matches, `latest:` or `earliest:` for the last or first of all",
            )
        else:
            problem = f"{'more than one' if found else 'no'} test on {name}"
            wanted = "once in `when` (or `latest:`, `earliest:`, `count:`)"
        message = f"it is not clear which {listed.each} is meant: {problem}"
        context.error("unclear-anchor", node, message, f"`some: {name}` {wanted}, or `for_each: {name}`")
    else:
        return FoundAnchor(found[0], field)
    return None


def _instants(context: Context) -> list[str]:
    return [
        f"{record_list.each}.{fact.name}"
        for record_list in context.vocabulary.records.values()
        for fact in record_list.fields.values()
        if isinstance(fact.type, Instant)
    ]
