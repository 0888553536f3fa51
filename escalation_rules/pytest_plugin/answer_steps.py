"""Steps about other parts of a decision: questions, phase, findings, conclusions, the next review."""

from __future__ import annotations

from escalation_rules.pytest_plugin.cells import instant_of, same_value, value_of
from escalation_rules.pytest_plugin.messages import message, wordings_of
from escalation_rules.pytest_plugin.phrases import KINDS, Kind, Target, one_of, phrase, unquoted
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.view import Item, fits, is_about, items_of
from escalation_rules.pytest_plugin.voice import shown
from escalation_rules.values import Flag

_ASKED = {True: "is asked", False: "is not asked"}
_KINDS = {
    "asked": one_of(_ASKED),
    "asked_for": Kind(rf"(?!nothing )(?:{KINDS['target'].pattern})", Target.read),
    "phase": Kind("|".join((*wordings_of("none"), KINDS["name"].pattern))),
}


@phrase(
    "then",
    en="the first question is {fact:name}",
)
def check_first_question(scene: Scene, fact: str) -> None:
    """Check the first question."""
    fact = scene.named("fact", fact)
    questions = items_of(scene.decision, "missing")
    if not questions or questions[0]["fact"] != fact:
        first = questions[0]["fact"] if questions else message("nothing")
        told = message("the first question is {first}, not {fact}", first=first, fact=fact)
        scene.fail(told, *scene.part_lines(scene.decision, "missing"))


@phrase(
    "then",
    en="{fact:asked_for} {asked}",
    kinds=_KINDS,
)
def check_asked(scene: Scene, fact: Target, asked: bool) -> None:
    """Check whether a fact, a field of a record or a record list is asked for."""
    fact = scene.target(fact, "fact")
    if scene.names.is_concluded(fact.action):
        scene.fail(message("{fact} is concluded by rules and never asked for", fact=fact.action))
    found = [entry for entry in items_of(scene.decision, "missing") if fits(fact, entry)]
    if found and not asked:
        scene.fail(message("{fact} is asked", fact=fact), *map(scene.described, found))
    if asked and not found:
        told = message("{fact} is not asked", fact=fact)
        scene.fail(told, *scene.part_lines(scene.decision, "missing"))


@phrase(
    "then",
    en="nothing is asked",
)
def check_nothing_asked(scene: Scene) -> None:
    """Check that there are no questions."""
    if items_of(scene.decision, "missing"):
        scene.fail(message("something is asked"), *scene.part_lines(scene.decision, "missing"))


@phrase("then", en="the phase is {phase}", kinds=_KINDS)
def check_phase(scene: Scene, phase: str) -> None:
    """Check the first phase with open steps; `none` if there is none."""
    expected = None if phase in (*wordings_of("none"), "null") else scene.named("phase", unquoted(phase))
    if scene.decision["phase"] != expected:
        actual = scene.decision["phase"] or message("none")
        told = message("the phase is {phase}, not {other}", phase=actual, other=phase)
        scene.fail(told, *scene.part_lines(scene.decision, "plan"))


@phrase(
    "then",
    en="the finding on {record:name} is {value}",
)
def check_finding(scene: Scene, record: str, value: str) -> None:
    """Check the finding on a claim."""
    record = scene.named("record", record)
    found = [entry for entry in items_of(scene.decision, "findings") if is_about(entry, record)]
    fact = found[0]["fact"] if found else None
    _check_value(scene, message("the finding on {record}", record=record), value, found, "findings", fact)


def _check_value(
    scene: Scene, what: object, value: str, found: list[Item], part: str, fact: str | None
) -> None:
    actual = [entry["value"] for entry in found] or [None]
    with scene.problems_as_failures():
        expected = value_of(value)
        if fact is not None:
            expected = scene.names.value(fact, expected)
    if not any(same_value(expected, actual_value) for actual_value in actual):
        told = ", ".join(shown(actual_value) for actual_value in actual) if found else message("not there")
        scene.fail(
            message("{what} is {actual}, not {value}", what=what, actual=told, value=value),
            *scene.part_lines(scene.decision, part),
        )


@phrase(
    "then",
    en="it is concluded that {fact:target} is {value}",
)
def check_conclusion(scene: Scene, fact: Target, value: str) -> None:
    """Check a conclusion about the case or a record: a true flag, or a choice."""
    fact, found = _conclusions(scene, fact, value)
    _check_value(scene, fact, value, found, "conclusions", fact.action)


@phrase(
    "then",
    en="it is not concluded that {fact:target} is {value}",
)
def check_no_conclusion(scene: Scene, fact: Target, value: str) -> None:
    """Check that a conclusion has another value or is undecided."""
    fact, found = _conclusions(scene, fact, value)
    with scene.problems_as_failures():
        unexpected = scene.names.value(fact.action, value_of(value))
    for entry in found:
        if same_value(unexpected, entry["value"]):
            told = message("{what} is {value}", what=fact, value=shown(entry["value"]))
            scene.fail(told, *scene.part_lines(scene.decision, "conclusions"))


def _conclusions(scene: Scene, fact: Target, value: str) -> tuple[Target, list[Item]]:
    """The conclusion that a step names, and its entries in the decision, which lists only true flags."""
    fact = scene.target(fact, "fact")
    if not scene.names.is_concluded(fact.action):
        scene.fail(message("no rule concludes {fact}: the case gives it", fact=fact.action))
    flags = all(isinstance(declaration.type, Flag) for declaration in scene.names.declared(fact.action))
    if flags and value_of(value) in (False, None):
        scene.fail(
            message(
                "a decision lists only what is true; write: it is not concluded that {fact} is true",
                fact=fact,
            )
        )
    return fact, [entry for entry in items_of(scene.decision, "conclusions") if fits(fact, entry)]


@phrase(
    "then",
    en="the next review is at {at:instant}",
)
def check_review(scene: Scene, at: str) -> None:
    """Check `review_at`."""
    actual = scene.review_at
    if actual is None:
        scene.fail(message("the next review is never, not at {at}", at=at))
    if scene.instant(at) != instant_of(actual):
        told = scene.voice.time(actual)
        scene.fail(message("the next review is at {actual}, not at {at}", actual=told, at=at))


@phrase(
    "then",
    en="there is no next review",
)
def check_no_review(scene: Scene) -> None:
    """Check that the decision has no `review_at`."""
    if actual := scene.review_at:
        scene.fail(message("the next review is at {actual}", actual=scene.voice.time(actual)))
