"""Steps about one action: whether it is planned, forbidden, held or done, why, and with which parameters."""

from __future__ import annotations

from escalation_rules.pytest_plugin.cells import same_value, value_of
from escalation_rules.pytest_plugin.compare import REASONS, differences, reason_fits, written
from escalation_rules.pytest_plugin.messages import Message, message
from escalation_rules.pytest_plugin.phrases import Target, one_of, phrase
from escalation_rules.pytest_plugin.row_names import named_rows
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import RawTable, Row, column_named, rows_of
from escalation_rules.pytest_plugin.view import Item, fits, items_of, rules_of
from escalation_rules.pytest_plugin.voice import shown

_STATES = {
    "plan": "is planned",
    "not plan": "is not planned",
    "forbidden": "is forbidden",
    "not forbidden": "is not forbidden",
    "forbidden wanted": "is wanted but forbidden",
    "held": "is held",
    "not held": "is not held",
    "held wanted": "is wanted but held",
    "done": "is done",
    "not done": "is not done",
}
_KINDS = {
    "state": one_of(_STATES),
    "how": one_of({"exactly": "are exactly", "include": "include"}),
    "overdue": one_of({"true": "is overdue", "false": "is not overdue"}),
}
_REASONS = (*REASONS, "effect", "undecided")
_PARTS_OF_A_STEP = ("owner", "phase", "due", "within", "say")
"""The columns of a step that a sentence can name in the place of a parameter."""


@phrase(
    "then",
    en="{target} {state}[ because of {rules:names}]",
    kinds=_KINDS,
)
def check_state(scene: Scene, target: Target, state: str, rules: tuple[str, ...] = ()) -> None:
    """Check the part of the decision that contains an action, and that the given rules are among the reasons."""
    target, rules = scene.target(target), scene.all_named("rule", rules)
    absent, part = state.startswith("not "), state.removeprefix("not ")
    for rule in rules if absent else ():
        if not _may_be(scene, part, target.action, rule):
            told = "{rule} can never be a reason why {action} {state}, so this step tests nothing; write what the rule does"
            scene.fail(message(told, action=target.action, state=Message(_STATES[part], {}), rule=rule))
    said = {"target": target, "state": Message(_STATES[part], {})}
    found = [entry for entry in items_of(scene.decision, part) if fits(target, entry)]
    if part == "forbidden" and not found:
        # Who may do an action at all, and who is barred from it, is in no list of the decision.
        verdict = scene.verdict_on(target)
        found = [verdict] if verdict is not None and verdict["verdict"] == "forbidden" else []
    because = [entry for entry in found if set(rules) <= set(rules_of(entry))]
    undone = scene.acts_without_record(target.action)
    if absent and because:
        scene.fail(message("{target} {state}:", **said), *map(scene.described, because), *undone)
    if not absent and not because:
        known: list[Message | str] = [scene.described(entry) for entry in found]
        unfit = (
            known
            or [*scene.elsewhere(target.action)]
            or [
                message("the decision does not mention {action}", action=target.action),
                *scene.part_lines(scene.decision, part),
            ]
        )
        what = message("it is not true that {target} {state}", **said)
        if found:
            names = ", ".join(rules)
            what = message("{target} {state}, but not because of {rules}", **said, rules=names)
        scene.fail(what, *unfit, *undone)
    scene.speak_of(message("{target} {state}", **said), [] if absent else because)


def _may_be(scene: Scene, part: str, action: str, name: str) -> bool:
    """Whether a rule can ever be a reason for an action to be in a part of a decision."""
    rule = scene.policy.model.rule(name)
    if rule is None:
        return False
    if part in ("plan", "done"):
        released = (name for effect in rule.prohibits for name in effect.acts_needed)
        return action in (*(effect.action for effect in rule.recommends), *released)
    heads = ("forbid",) if part.startswith("forbidden") else ("forbid", "hold")
    return any(action in effect.actions and effect.head in heads for effect in rule.prohibits)


@phrase(
    "then",
    en="it needs {facts:names}",
)
def check_needs(scene: Scene, facts: tuple[str, ...]) -> None:
    """Check that exactly these facts must be found out before the current action is decided."""
    _check_names(scene, "needs", scene.all_named("fact", facts))


@phrase(
    "then",
    en="it waits for {actions:names}",
)
def check_waits(scene: Scene, actions: tuple[str, ...]) -> None:
    """Check that exactly these actions release the current hold."""
    _check_names(scene, "until", scene.all_named("action", actions))


def _check_names(scene: Scene, key: str, expected: tuple[str, ...]) -> None:
    items = _spoken_of(scene)
    if not any(sorted(_listed(entry.get(key))) == sorted(expected) for entry in items):
        told = {"what": scene.subject_name, "key": key, "names": ", ".join(expected)}
        scene.fail(message("{what}, but {key} is not {names}", **told), *map(scene.described, items))


def _listed(value: object) -> list[str]:
    return (
        []
        if value is None
        else [str(part) for part in (value if isinstance(value, (list, tuple)) else [value])]
    )


def _spoken_of(scene: Scene) -> list[Item]:
    if not scene.subject:
        scene.fail(
            message("no earlier step says what 'it' is"),
            message("write first, for instance: Then pay_loss is held"),
        )
    return scene.subject


@phrase("then", en="its reasons {how}", kinds=_KINDS, tables=(("", _REASONS),))
def check_reasons(scene: Scene, how: str, datatable: RawTable | None = None) -> None:
    """Compare the reasons of the current action with the table."""
    with scene.problems_as_failures():
        rows = rows_of(datatable, _REASONS, default=("rule",))
    rows = named_rows(scene, rows)
    misfits = [_reason_misfits(rows, entry, how == "exactly") for entry in _spoken_of(scene)]
    if all(misfits):
        what = message("{what}, but the reasons are not as expected:", what=scene.subject_name)
        scene.fail(what, *misfits[0])


def _reason_misfits(rows: list[Row], item: Item, exactly: bool) -> list[Message | str]:
    reasons: list[Item] = item["because"]
    misfits: list[Message | str] = [
        message("expected {row}", row=written(row))
        for row in rows
        if not any(reason_fits(row, reason) for reason in reasons)
    ]
    if exactly:
        strange = [reason for reason in reasons if not any(reason_fits(row, reason) for row in rows)]
        misfits += [message("not expected: {item}", item=_reason(reason)) for reason in strange]
    told = [f"  {_reason(reason)}" for reason in reasons]
    return [*misfits, message("the reasons are:"), *told] if misfits else []


def _reason(reason: Item) -> str:
    return " · ".join(
        str(reason[key]) for key in ("rule", "effect", "principle", "source") if reason.get(key)
    )


def _steps(scene: Scene, target: Target) -> list[Item]:
    """The planned steps that match the target; several, if they differ in their parameters."""
    found = [entry for entry in items_of(scene.decision, "plan") if fits(target, entry)]
    if not found:
        scene.fail(
            message("{target} is not planned", target=target),
            *scene.elsewhere(target.action),
            *scene.part_lines(scene.decision, "plan"),
        )
    return found


def _step(scene: Scene, target: Target) -> Item:
    """The only planned step that matches the target."""
    found = _steps(scene, target)
    if len(found) > 1:
        about = message("the plan has several steps {target}; say about which record", target=target)
        table = message("the plan has several steps {target}; compare the plan with a table", target=target)
        scene.fail(about if target.about is None else table, *map(scene.described, found))
    return found[0]


def _check(scene: Scene, target: Target, column: str, cell: str) -> None:
    target = scene.target(target)
    step = _held_with_due(scene, target) if column in _DUE else None
    step = step or _step(scene, target)
    with scene.problems_as_failures():
        wrong = differences({column: cell}, step, scene.voice)
    if wrong:
        told = message("{target}: {difference}", target=target, difference=wrong[0])
        scene.fail(told, scene.described(step))


_DUE = ("due", "overdue")
"""The columns that a held step has, too, if its time limit counts although it is held."""


def _held_with_due(scene: Scene, target: Target) -> Item | None:
    """The held step that matches the target and has a due time, if it is the only one and none is planned."""
    found = [entry for entry in items_of(scene.decision, "held wanted") if fits(target, entry)]
    if len(found) != 1 or any(fits(target, entry) for entry in items_of(scene.decision, "plan")):
        return None
    return found[0] if found[0]["due"] else None


@phrase(
    "then",
    en="the {parameter:name} of {target} is {value}",
)
def check_parameter(scene: Scene, parameter: str, target: Target, value: str) -> None:
    """Check the value of a parameter of a planned step, or of its owner, phase, due time, time limit or wording."""
    target = scene.target(target)
    column = column_named(parameter)
    if column in _PARTS_OF_A_STEP and not scene.is_parameter(target.action, parameter):
        (row,) = named_rows(scene, [Row({"action": target.action, column: value})])
        _check(scene, target, column, row[column])
        return
    found = _steps(scene, target)
    params = [entry.get("params") or {} for entry in found]
    with scene.problems_as_failures():
        parameter = scene.names.parameter(parameter, (target.action,))
        expected = value_of(value, scene.zone)
    if not any(same_value(expected, values.get(parameter)) for values in params):
        told = message(
            "the {parameter} of {target}: expected {value}, but it is {actual}",
            parameter=parameter,
            target=target,
            value=value,
            actual=", ".join(shown(values.get(parameter)) for values in params),
        )
        scene.fail(told, *map(scene.described, found))


@phrase(
    "then",
    en="{target} is due at {at:instant}",
)
def check_due(scene: Scene, target: Target, at: str) -> None:
    """Check when a planned step is due, or a held one whose time limit counts all the same."""
    _check(scene, target, "due", at)


@phrase(
    "then",
    en="{target} is due within {length}",
)
def check_within(scene: Scene, target: Target, length: str) -> None:
    """Check the time allowed for a planned step."""
    _check(scene, target, "within", length)


@phrase(
    "then",
    en="{target} has no due time",
)
def check_no_due(scene: Scene, target: Target) -> None:
    """Check that a planned step has no due time."""
    _check(scene, target, "due", "null")


@phrase("then", en="{target} {overdue}", kinds=_KINDS)
def check_overdue(scene: Scene, target: Target, overdue: str) -> None:
    """Check whether a planned step is overdue. One that is wanted, but forbidden, is not, nor one that is held, unless its
    time limit counts all the same."""
    target = scene.target(target)
    waiting = [
        entry for part in ("held wanted", "forbidden wanted") for entry in items_of(scene.decision, part)
    ]
    waiting = [entry for entry in waiting if fits(target, entry)]
    if overdue == "false" and waiting and not any(entry.get("overdue") for entry in waiting):
        return
    _check(scene, target, "overdue", overdue)


@phrase(
    "then",
    en="{target} lacks {parameters:names}",
)
def check_lacks(scene: Scene, target: Target, parameters: tuple[str, ...]) -> None:
    """Check that exactly these parameters of a planned step are unknown."""
    target = scene.target(target)
    with scene.problems_as_failures():
        parameters = tuple(scene.names.parameter(parameter, (target.action,)) for parameter in parameters)
    lacking = _lacking(_step(scene, target))
    if sorted(lacking) != sorted(parameters):
        names = ", ".join(lacking) or message("nothing")
        others = ", ".join(parameters)
        scene.fail(message("{target} lacks {names}, not {others}", target=target, names=names, others=others))


@phrase(
    "then",
    en="{target} is complete",
)
def check_complete(scene: Scene, target: Target) -> None:
    """Check that all parameters of a planned step are known."""
    target = scene.target(target)
    if lacking := _lacking(_step(scene, target)):
        scene.fail(message("{target} lacks {names}", target=target, names=", ".join(lacking)))


def _lacking(item: Item) -> list[str]:
    incomplete = item.get("incomplete")
    if isinstance(incomplete, bool):
        return (
            [name for name, value in (item.get("params") or {}).items() if value is None]
            if incomplete
            else []
        )
    return _listed(incomplete)
