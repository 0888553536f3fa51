"""Steps that define the case and its changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from escalation_rules.pytest_plugin.cells import value_of
from escalation_rules.pytest_plugin.messages import WHOLE_CASE, message, wordings_of
from escalation_rules.pytest_plugin.parameters import COLUMNS, parameters_below
from escalation_rules.pytest_plugin.phrases import QUOTED, Kind, Target, phrase, unquoted
from escalation_rules.pytest_plugin.places import lists_with
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.story import (
    ACT_FIELDS,
    Note,
    add_acts,
    forget,
    learn,
    learn_records,
    no_records,
)
from escalation_rules.pytest_plugin.tables import RawTable, Row, records_of, rows_of

_ALIASES = {word: name for english, name in (("facts", "facts"), ("acts", "acts"), ("actions", "acts"))
            for word in wordings_of(english)[1:]}  # fmt: skip
"""What the other languages call the lists of facts and acts."""
_LIST = Kind(
    rf"[a-z][a-z0-9_]*|{QUOTED}|" + "|".join(_ALIASES), lambda text: _ALIASES.get(text, unquoted(text))
)


@phrase(
    "given",
    "when",
    en="the case in {file:path}",
)
def read_case(scene: Scene, file: str) -> None:
    """Read the case in a file."""
    scene.read(file)


@phrase(
    "given",
    "when",
    en="the history in {file:path}",
)
def read_history(scene: Scene, file: str) -> None:
    """Read the history in a file."""
    scene.read(file)
    if "history" not in scene.case:
        scene.fail(
            message("{file} has no history", file=file),
            message("for a case without one write: the case in …"),
        )


@phrase(
    "given",
    en="a case[ {name}][ in {currency:currency}]",
    kinds={"currency": Kind("[A-Z]{3}")},
)
def begin_case(scene: Scene, name: str | None = None, currency: str | None = None) -> None:
    """Begin an empty case."""
    scene.replace_case({key: value for key, value in (("id", name), ("currency", currency)) if value})


@phrase(
    "given",
    en="this case",
)
def write_case(scene: Scene, docstring: str) -> None:
    """Read the case or history written as YAML below the step."""
    scene.write_below(docstring)


@phrase(
    "given",
    "when",
    en="[at {at:instant} ]these {what:list}",
    kinds={"list": _LIST},
    tables=(
        ("facts", ("fact", "value", "learned_at")),
        ("acts", ("id", "action", "by", "at", "outcome", "about", "…")),
        ("…", ("id", "…")),
    ),
)
def tell(scene: Scene, what: str, at: str | None = None, datatable: RawTable | None = None) -> None:
    """Add the facts, acts or records in the table, which are known from an instant on if one is given. A record with a
    known id is merged."""
    since = scene.moment(at).isoformat() if at and what == "acts" else _told_at(scene, at)
    with scene.problems_as_failures():
        if what == "facts":
            rows = rows_of(datatable, ("fact", "value", "learned_at"), default=("fact", "value"))
            _tell_facts(scene, rows, since)
            return
        rows = rows_of(datatable, labelled=scene.told_columns(what))
        records = records_of(rows, scene.zone)
        listed = scene.told_list(what)
        if what != "acts":
            records = [
                {name: scene.told_value(f"{listed}.{name}", value) for name, value in record.items()}
                for record in records
            ]
    note = _noting(scene, [row.number for row in rows])
    with scene.problems_as_failures():
        if what == "acts":
            dated = {} if since is None else {"at": since}
            add_acts(scene.case, [{**dated, **_named_act(scene, record)} for record in records], note)
        else:
            _once(scene, [record.get("id") for record in records], rows)
            learn_records(scene.case, listed, records, since, note, scene.places.move)


def _once(scene: Scene, names: Sequence[object], rows: Sequence[Row]) -> None:
    """Fail at a row whose fact or record occurs in an earlier one, which would be overwritten."""
    for number, name in enumerate(names):
        if name is not None and name in names[:number]:
            scene.fail(message("{name} occurs twice in the table", name=repr(name)), row=rows[number].number)


def _named_act(scene: Scene, act: dict[str, Any]) -> dict[str, Any]:
    """An act of a table with labels replaced by ids; the library reports what is unknown."""
    if act.get("retract") is True and "action" not in act:
        return act
    action = scene.told_name("action", str(act.get("action", "")))
    told: dict[str, Any] = {"action": action}
    params = dict(act.get("params", {}))
    for key, value in act.items():
        if key not in ACT_FIELDS:
            params[key] = value
        elif key in ("by", "as"):
            told[key] = scene.told_name("role", str(value))
        elif key == "outcome":
            told[key] = scene.told_outcome(action, value)
        elif key not in ("action", "params"):
            told[key] = value
    if params:
        named = ((scene.told_parameter_or_text(action, key), value) for key, value in params.items())
        told["params"] = {key: scene.told_parameter_value(action, key, value) for key, value in named}
    return told


def _tell_facts(scene: Scene, rows: list[Row], at: str | None) -> None:
    facts, since = {}, {}
    names = [scene.told_name("fact", row.get("fact", "")) for row in rows]
    _once(scene, names, rows)
    for name, row in zip(names, rows, strict=True):
        facts[name] = scene.told_value(name, value_of(row.get("value", "null"), scene.zone))
        if "learned_at" in row:
            since[name] = scene.instant(row["learned_at"]).isoformat()
    learn(scene.case, facts, since, at, _noting(scene, [row.number for row in rows]), scene.places.move)


def _noting(scene: Scene, rows: Sequence[int] = ()) -> Note:
    """A callback that records that a value was set by the current step, or by a row of its table."""

    def note(container: dict[str, Any] | list[Any], key: str | int, number: int) -> None:
        if scene.place is not None:
            row = rows[number] if number < len(rows) else None
            scene.places.note(container, key, scene.place.position(row))

    return note


@phrase(
    "given",
    "when",
    en="there are no {what:list}",
    kinds={"list": _LIST},
)
def tell_none(scene: Scene, what: str) -> None:
    """Set a record list to empty."""
    with scene.problems_as_failures():
        no_records(scene.case, scene.told_list(what), _noting(scene))


@phrase(
    "given",
    "when",
    en="[at {at:instant} ]it becomes known that {fact:name} is {value}",
)
def learn_fact(scene: Scene, fact: str, value: str, at: str | None = None) -> None:
    """Learn or correct a fact, optionally at an instant."""
    _learn_fact(scene, fact, value, _told_at(scene, at))


@phrase(
    "given",
    "when",
    en="{length} later it becomes known that {fact:name} is {value}",
)
def learn_fact_later(scene: Scene, fact: str, value: str, length: str) -> None:
    """Learn or correct a fact, some time after the last event."""
    _learn_fact(scene, fact, value, scene.told_at(scene.later(length)))


def _learn_fact(scene: Scene, fact: str, value: str, at: str | None) -> None:
    name = scene.told_name("fact", fact)
    with scene.problems_as_failures():
        told = scene.told_value(name, value_of(value, scene.zone))
        learn(scene.case, {name: told}, at=at, note=_noting(scene), moved=scene.places.move)


@phrase(
    "given",
    "when",
    en="[at {at:instant} ]it becomes known that the {field:name} of {record:name}[ in {what:name}] is {value}",
)
def learn_field(
    scene: Scene, field: str, record: str, value: str, what: str | None = None, at: str | None = None
) -> None:
    """Learn or correct a field of a record, for a history optionally at an instant."""
    _learn_field(scene, what, record, field, value, _told_at(scene, at))


@phrase(
    "given",
    "when",
    en="{length} later it becomes known that the {field:name} of {record:name}[ in {what:name}] is {value}",
)
def learn_field_later(
    scene: Scene, field: str, record: str, value: str, length: str, what: str | None = None
) -> None:
    """Learn or correct a field of a record of a history, some time after the last event."""
    _learn_field(scene, what, record, field, value, scene.told_at(scene.later(length)))


def _learn_field(
    scene: Scene, what: str | None, record: str, field: str, value: str | None, at: str | None
) -> None:
    """Learn a field of a record; None makes it unknown. Without a list, it is the one in which the record is."""
    if what is None and scene.named("record", record) == WHOLE_CASE:
        scene.fail(message("{name} is not a fact: facts have a dot, such as customer.need", name=repr(field)))
    listed = lists_with(scene.case, record)[0] if what is None else scene.told_list(what)
    scene.known_record(listed, record)
    with scene.problems_as_failures():
        told = None if value is None else scene.told_value(f"{listed}.{field}", value_of(value, scene.zone))
        learn_records(
            scene.case, listed, [{"id": record, field: told}], at, _noting(scene), scene.places.move
        )


def _told_at(scene: Scene, at: str | None) -> str | None:
    return None if at is None else scene.told_at(scene.moment(at))


@phrase(
    "given",
    "when",
    en="[at {at:instant} ]{fact:name} is not known",
)
def forget_fact(scene: Scene, fact: str, at: str | None = None) -> None:
    """Make a fact unknown, optionally from an instant on."""
    since = _told_at(scene, at)
    with scene.problems_as_failures():
        forget(scene.case, scene.told_name("fact", fact), since, _noting(scene), scene.places.move)


@phrase(
    "given",
    "when",
    en="[at {at:instant} ]the {field:name} of {record:name}[ in {what:name}] is not known",
)
def forget_field(
    scene: Scene, field: str, record: str, what: str | None = None, at: str | None = None
) -> None:
    """Make a field of a record unknown, optionally from an instant on."""
    _learn_field(scene, what, record, field, None, _told_at(scene, at))


@phrase(
    "given",
    "when",
    en="{target} is done by {role:name} at {at:instant}[ with outcome {outcome:name}]",
    tables=(("", COLUMNS),),
)
def act(
    scene: Scene,
    target: Target,
    role: str,
    at: str,
    outcome: str | None = None,
    datatable: RawTable | None = None,
) -> None:
    """Add an act, by default with the first outcome of its action; a table gives parameters."""
    _act(scene, target, role, scene.moment(at).isoformat(), outcome, datatable)


@phrase(
    "given",
    "when",
    en="{length} later {target} is done by {role:name}[ with outcome {outcome:name}]",
    tables=(("", COLUMNS),),
)
def act_later(
    scene: Scene,
    target: Target,
    role: str,
    length: str,
    outcome: str | None = None,
    datatable: RawTable | None = None,
) -> None:
    """Add an act, done some time after the last event."""
    _act(scene, target, role, scene.later(length).isoformat(), outcome, datatable)


def _act(
    scene: Scene, target: Target, role: str, at: str, outcome: str | None, datatable: RawTable | None
) -> None:
    action = scene.told_name("action", target.action)
    done: dict[str, Any] = {"action": action, "by": scene.told_name("role", role), "at": at}
    if target.about not in (None, "case"):
        done["about"] = target.about
    params = parameters_below(scene, action, datatable, besides=("outcome",))
    if outcome is not None and "outcome" in params:
        scene.fail(message("{name} occurs twice in the table", name=repr("outcome")), row=0)
    if (told := outcome or params.pop("outcome", None)) is not None:
        done["outcome"] = scene.told_outcome(action, told)
    add_acts(scene.case, [{**done, **({"params": params} if params else {})}], _noting(scene))
