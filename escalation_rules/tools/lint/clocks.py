"""Checks what stops the clock of a step, what does not wait although it is stopped, and from which acts a time counts."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.conditions import (
    AnyOf,
    Condition,
    Done,
    DuringTest,
    FactTest,
    Finding,
    Name,
    NotDone,
    NothingDoneFor,
    StepTest,
    required_tests,
)
from escalation_rules.policy.conditions.act_filter import ActFilter
from escalation_rules.policy.conditions.operands import Literal
from escalation_rules.policy.conditions.operators import Equals
from escalation_rules.policy.conditions.records import Every
from escalation_rules.policy.conditions.timing import (
    ElapsedBetween,
    NewerThan,
    OlderThan,
    OverdueAfter,
    Passed,
)
from escalation_rules.policy.model import (
    ActAnchor,
    Hold,
    LearnedAnchor,
    NameAnchor,
    Prohibit,
    Recommend,
    Rule,
)
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import parts_of


def stopped_from_the_start(linted: Linted) -> Found:
    """A time that counts from an instant, while the same action must not be done until some time after that instant."""
    for rule in linted.model.rules:
        for ban in rule.prohibits:
            for start, said in _not_before(linted, rule, ban) if ban.where is None and not ban.by else ():
                for other, step in _steps_from(linted, start):
                    if (
                        other.for_each == rule.for_each
                        and step.action in ban.actions
                        and step.aim == ban.aim
                        and not step.fixed
                    ):
                        yield warning(
                            "stopped-clock", step.position,
                            f"the clock of {step.action} is stopped as long as {rule.id} {_bars(ban)} it, so "
                            f"`within: {step.within} of {said}` ends that much later",
                            f"`fixed: true` beside it, if it counts from {said} all the same",
                        )  # fmt: skip


def _not_before(linted: Linted, rule: Rule, ban: Prohibit) -> Iterator[tuple[str, str]]:
    """The instants and actions some time after which another action is no longer forbidden or held, and each as written."""
    ends = isinstance(ban, Hold)  # what has to become true; of `forbid`, what has to become false
    condition = ban.until if isinstance(ban, Hold) else rule.when
    for test in _required(linted, condition, frozenset()) if condition is not None else ():
        if isinstance(test, FactTest):
            if isinstance(test.operator, OlderThan if ends else NewerThan):
                yield test.name.full, test.name.text
        elif isinstance(test, Done) and len(test.acts.actions) == 1:
            older = test.acts.older_than is not None
            newer = test.acts.newer_than is not None
            if older if isinstance(test, NotDone) is not ends else newer:
                yield (action := next(iter(test.acts.actions))), action


def _required(linted: Linted, condition: Condition, seen: frozenset[str]) -> Iterator[Condition]:
    """The required tests, also those of the only rule that concludes a flag which must be true."""
    for test in required_tests(condition):
        yield test
        if not isinstance(test, FactTest) or not _is_true(test) or (flag := test.name.full) in seen:
            continue
        concluders = [
            rule for rule in linted.model.rules if any(effect.name == flag for effect in rule.concludes)
        ]
        when = concluders[0].when if len(concluders) == 1 else None
        yield from _required(linted, when, seen | {flag}) if when is not None else ()


def _is_true(test: FactTest) -> bool:
    """Whether it requires a flag to be true."""
    operand = test.operator.operand if isinstance(test.operator, Equals) else None
    return isinstance(operand, Literal) and operand.value is True


def _bars(ban: Prohibit) -> str:
    return f"{ban.head}s"


def _steps_from(linted: Linted, start: str) -> Iterator[tuple[Rule, Recommend]]:
    """The recommendations with a time that counts from an instant, or from acts of an action."""
    for rule in linted.model.rules:
        for step in rule.recommends:
            if step.within is not None and not step.within.before and _start_of(step) == start:
                yield rule, step


def _start_of(step: Recommend) -> str | None:
    """The instant, or the action, from which the time of a step counts; None if it is another kind of anchor."""
    match step.anchor:
        case NameAnchor(name=name):
            return name.full
        case ActAnchor(action=action):
            return action
    return None


def escalations_that_do_not_wait(linted: Linted) -> Found:
    """Rules that begin when a deadline has passed, where the step may be paused, or held for the customer, meanwhile."""
    for rule in linted.model.rules:
        read = _reads(rule.when)
        for test in parts_of(rule.when):
            if not (isinstance(test, FactTest) and isinstance(test.operator, OverdueAfter)):
                continue
            for other, step in _steps_from(linted, test.name.full):
                waits = _waits(linted, step)
                if other is rule or step.within != test.operator.deadline or waits is None:
                    continue
                what, reads = waits
                if not (read & reads) - {test.name.full}:
                    yield warning(
                        "escalates-while-waiting", test.position,
                        f"`overdue_after: {step.within}` goes on counting while {step.action} of {other.id} is {what}",
                        "a test in this rule that nobody waits for the customer",
                    )  # fmt: skip
                    break


def _waits(linted: Linted, step: Recommend) -> tuple[str, set[str]] | None:
    """How a step waits for the customer, and what the condition for it reads; None if it never waits."""
    pause = step.paused_while or linted.model.pauses.get(step.action)
    if pause is not None:
        return "paused", _reads(pause)
    for other in linted.model.rules:
        for hold in other.prohibits:
            if (
                not isinstance(hold, Hold)
                or hold.waits_for_us
                or step.fixed
                or step.action not in hold.actions
            ):
                continue
            if hold.waits_for == "customer" or any(isinstance(test, Done) for test in hold.awaited):
                return f"held by {other.id}", _reads(hold.until) | _reads(other.when)
    return None


def _reads(condition: Condition | None) -> set[str]:
    """The facts, fields and lists that a condition reads, and the actions whose acts it tests."""
    acts = {name for part in parts_of(condition) if isinstance(part, ActFilter) for name in part.actions}
    return acts | {name for name, _ in (condition.all_reads() if condition is not None else ())}


def other_acts(linted: Linted) -> Found:
    """A time that counts from the acts of an action, although `when` tests others and does not require exactly one test."""
    for rule in linted.model.rules:
        tests = [
            part for part in parts_of(rule.when) if isinstance(part, Done) and not isinstance(part, NotDone)
        ]
        for step in rule.recommends:
            if not isinstance(step.anchor, ActAnchor) or step.anchor.test is not None:
                continue
            action = linted.vocabulary.actions[step.anchor.action]
            meant = [test for test in tests if test.only_action == action.name]
            if any(test.outcomes and not set(test.outcomes) <= set(action.counts) for test in meant):
                yield warning(
                    "other-acts", step.position,
                    f"`within: {step.within} of {action.name}` counts from acts whose outcome counts "
                    f"({', '.join(action.counts)}), not from those tested: `when` does not require exactly one such test",
                    f"one `done: {action.name}` that `when` requires, and a rule for each alternative",
                )  # fmt: skip


def first_of_several(linted: Linted) -> Found:
    """A time that counts from the acts about each record of a list, in a rule that waits until it was done for every one."""
    for rule in linted.model.rules:
        every = (
            [test for test in required_tests(rule.when) if isinstance(test, Every)]
            if rule.when is not None
            else []
        )
        done = {name for every_test in every for test in every_test.has.walk()
                if isinstance(test, Done) and not isinstance(test, NotDone) for name in test.acts.actions}  # fmt: skip
        for step in rule.recommends:
            if isinstance(step.anchor, ActAnchor) and step.anchor.test is None and step.anchor.action in done:
                name = step.anchor.action
                yield warning(
                    "first-of-several", step.position,
                    f"`within: {step.within} of {name}` counts from the first {name}, not from the last: each record has "
                    "a time of its own, and the earliest counts",
                    f"a conclusion that every {name} is done, and `within: {step.within} of learning` it",
                )  # fmt: skip


def undated_conclusions(linted: Linted) -> Found:
    """A time that counts from a conclusion which a plain case may not date, for an action without an anchor of its own."""
    dated = _Dated(linted)
    for rule in linted.model.rules:
        for step in rule.recommends:
            name = _undated_name(step)
            others = [
                effect for effect in rule.recommends if (effect.action, effect.aim) == (step.action, step.aim)
            ]
            started = any(effect.anchor is not None and _undated_name(effect) is None for effect in others)
            if name is not None and not started and not dated.conclusion(name.full, frozenset()):
                yield warning(
                    "undated-conclusion", step.position,
                    f"`within: {step.within} of learning {name.text}` has no start in a case that does not date what "
                    f"{name.text} is concluded from: there, {step.action} is never due",
                    f"also a `recommend: {step.action}` that counts from an instant, an `anchor:` in its declaration, or an "
                    "answer that all cases have `learned_at:` and `recorded_at`, or a history",
                )  # fmt: skip


def _undated_name(step: Recommend) -> Name | None:
    """The conclusion from whose learning alone the time of a step counts, if it does."""
    start = step.anchor
    if not isinstance(start, LearnedAnchor) or start.otherwise is not None or start.name is None:
        return None
    return start.name if start.name.fact.concluded else None


class _Dated:
    """Which conclusions have a date in every case in which they are drawn: that of acts or of instants, not of learning."""

    def __init__(self, linted: Linted) -> None:
        self._ways: dict[str, list[tuple[Condition, ...]]] = {}
        for rule in linted.model.rules:
            gate = linted.model.rulesets[rule.ruleset].conditions
            for effect in rule.concludes:
                found = (
                    [condition for _, condition in effect.alternatives]
                    if effect.alternatives
                    else [rule.when]
                )
                ways = [(*gate, *(() if condition is None else (condition,))) for condition in found]
                self._ways.setdefault(effect.name, []).extend(ways)

    def conclusion(self, name: str, above: frozenset[str]) -> bool:
        """Whether each way to a conclusion is dated; `above` are those that rest on it."""
        ways = self._ways.get(name, ())
        return bool(ways) and all(
            any(self._by(condition, above | {name}) for condition in way) for way in ways
        )

    def _by(self, condition: Condition | None, above: frozenset[str]) -> bool:
        """Whether a condition that holds has an instant since which it has held."""
        return condition is not None and any(self._by_test(test, above) for test in required_tests(condition))

    def _by_test(self, test: Condition, above: frozenset[str]) -> bool:
        match test:
            case AnyOf():
                return all(self._by(condition, above) for condition in test.conditions)
            case Every():
                return self._by(test.has, above)
            case Finding():
                return self._by(test.selection.where, above)
            case FactTest() if test.name.fact.concluded:
                return test.name.full not in above and self.conclusion(test.name.full, above)
            case FactTest():
                return isinstance(test.operator, (OlderThan, OverdueAfter, ElapsedBetween, Passed))
            case NotDone():
                return False
        return isinstance(test, (Done, NothingDoneFor, StepTest, DuringTest))


CHECKS = (
    CheckUp(
        ("undated-conclusion",), "a time that counts from a conclusion without a date", undated_conclusions
    ),
    CheckUp(("first-of-several",), "a time that counts from the first of several acts", first_of_several),
    CheckUp(
        ("stopped-clock",),
        "a time that a prohibition counted from the same instant makes longer",
        stopped_from_the_start,
    ),
    CheckUp(
        ("escalates-while-waiting",),
        "an escalation that does not wait with the step",
        escalations_that_do_not_wait,
    ),
    CheckUp(("other-acts",), "a time that counts from other acts than those tested", other_acts),
)
