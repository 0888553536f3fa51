"""Steps about the rest of a decision: questions, phase, findings, conclusions, the next review."""

from __future__ import annotations

from escalation_rules.pytest_plugin.cells import instant_of, same_value, value_of
from escalation_rules.pytest_plugin.phrases import KINDS, Kind, Target, one_of, phrase, unquoted
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.view import Item, described, fits, is_about, items_of, part_lines, shown

_ASKED = {True: ("is asked", "要問", "要问"), False: ("is not asked", "不問", "不问")}
_KINDS = {
    "asked": one_of(_ASKED),
    "asked_for": Kind(rf"(?!nothing )(?:{KINDS['target'].pattern})", Target.read),
    "phase": Kind(rf"無|无|{KINDS['name'].pattern}"),
}


@phrase(
    "then",
    en="the first question is {fact:name}",
    tw="第一個要問的是 {fact:name}",
    cn="第一个要问的是 {fact:name}",
)
def check_first_question(scene: Scene, fact: str) -> None:
    """Check what is asked first."""
    questions = items_of(scene.decision, "missing")
    if not questions or questions[0]["fact"] != fact:
        first = questions[0]["fact"] if questions else "nothing"
        scene.fail(f"the first question is {first}, not {fact}", *part_lines(scene.decision, "missing"))


@phrase(
    "then",
    en="{fact:asked_for} {asked}",
    tw="{asked} {fact:asked_for}",
    cn="{asked} {fact:asked_for}",
    kinds=_KINDS,
)
def check_asked(scene: Scene, fact: Target, asked: bool) -> None:
    """Check whether a fact, a field of a record or a record list is asked for."""
    found = [item for item in items_of(scene.decision, "missing") if fits(fact, item)]
    if found and not asked:
        scene.fail(f"{fact} is asked", *map(described, found))
    if asked and not found:
        scene.fail(f"{fact} is not asked", *part_lines(scene.decision, "missing"))


@phrase("then", en="nothing is asked", tw="沒有要問的", cn="没有要问的")
def check_nothing_asked(scene: Scene) -> None:
    """Check that there are no questions."""
    if items_of(scene.decision, "missing"):
        scene.fail("something is asked", *part_lines(scene.decision, "missing"))


@phrase("then", en="the phase is {phase}", tw="目前階段是 {phase}", cn="当前阶段是 {phase}", kinds=_KINDS)
def check_phase(scene: Scene, phase: str) -> None:
    """Check the first phase with open steps; `none` if there is none."""
    expected = None if phase in ("none", "無", "无", "null") else unquoted(phase)
    if scene.decision["phase"] != expected:
        scene.fail(
            f"the phase is {scene.decision['phase'] or 'none'}, not {phase}",
            *part_lines(scene.decision, "plan"),
        )


@phrase(
    "then",
    en="the finding on {record:name} is {value}",
    tw="{record:name} 的認定是 {value}",
    cn="{record:name} 的认定是 {value}",
)
def check_finding(scene: Scene, record: str, value: str) -> None:
    """Check the finding on a claim."""
    found = [item for item in items_of(scene.decision, "findings") if is_about(item, record)]
    _check_value(scene, f"the finding on {record}", value, found, "findings")


def _check_value(scene: Scene, what: str, value: str, found: list[Item], part: str) -> None:
    actual = [item["value"] for item in found] or [None]
    if not any(same_value(value_of(value), each) for each in actual):
        told = " and ".join(shown(each) for each in actual) if found else "not there"
        scene.fail(f"{what} is {told}, not {value}", *part_lines(scene.decision, part))


@phrase(
    "then",
    en="it is concluded that {fact:target} is {value}",
    tw="結論 {fact:target} 是 {value}",
    cn="结论 {fact:target} 是 {value}",
)
def check_conclusion(scene: Scene, fact: Target, value: str) -> None:
    """Check what the rules concluded of the case or of a record."""
    found = [item for item in items_of(scene.decision, "conclusions") if fits(fact, item)]
    _check_value(scene, str(fact), value, found, "conclusions")


@phrase(
    "then",
    en="the next review is at {at:instant}",
    tw="下次檢視時間是 {at:instant}",
    cn="下次检视时间是 {at:instant}",
)
def check_review(scene: Scene, at: str) -> None:
    """Check when the decision has to be looked at again."""
    actual = scene.decision["review_at"]
    if actual is None or scene.instant(at) != instant_of(actual):
        scene.fail(f"the next review is {f'at {actual}' if actual else 'never'}, not at {at}")


@phrase("then", en="there is no next review", tw="無須再檢視", cn="无须再检视")
def check_no_review(scene: Scene) -> None:
    """Check that time alone changes nothing."""
    if actual := scene.decision["review_at"]:
        scene.fail(f"the next review is at {actual}")
