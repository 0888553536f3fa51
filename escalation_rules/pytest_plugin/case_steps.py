"""Steps that tell the case, and what changes in it."""

from __future__ import annotations

from escalation_rules.pytest_plugin.cells import value_of
from escalation_rules.pytest_plugin.phrases import Kind, Target, phrase, unquoted
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.story import add_acts, forget, learn, learn_records, no_records
from escalation_rules.pytest_plugin.tables import RawTable, records_of, rows_of

_ALIASES = {"事實": "facts", "事实": "facts", "作為": "acts", "作为": "acts", "行動": "acts", "行动": "acts"}
_LIST = Kind("[a-z][a-z0-9_]*|" + "|".join(_ALIASES), lambda text: _ALIASES.get(text, unquoted(text)))


@phrase(
    "given",
    "when",
    en="the case in {file:path}",
    tw="檔案 {file:path} 裡的個案",
    cn="文件 {file:path} 中的个案",
)
def read_case(scene: Scene, file: str) -> None:
    """Take the case in a file."""
    scene.read(file)


@phrase(
    "given",
    "when",
    en="the history in {file:path}",
    tw="檔案 {file:path} 裡的歷程",
    cn="文件 {file:path} 中的经过",
)
def read_history(scene: Scene, file: str) -> None:
    """Take the history in a file."""
    scene.read(file)
    if "history" not in scene.case:
        scene.fail(f"{file} has no history", "for a case without one write: the case in …")


@phrase(
    "given",
    en="a case[ {name}][ in {currency:currency}]",
    tw="有一件個案[ {name}][，幣別為 {currency:currency}]",
    cn="有一宗个案[ {name}][，币种为 {currency:currency}]",
    kinds={"currency": Kind("[A-Z]{3}")},
)
def begin_case(scene: Scene, name: str | None = None, currency: str | None = None) -> None:
    """Begin an empty case."""
    scene.replace_case({key: value for key, value in (("id", name), ("currency", currency)) if value})


@phrase("given", en="this case", tw="下列個案", cn="下列个案")
def write_case(scene: Scene, docstring: str) -> None:
    """Take the case or history written as YAML below the step."""
    scene.write(docstring)


@phrase(
    "given",
    "when",
    en="these {what:list}",
    tw="下列 {what:list}",
    cn="下列 {what:list}",
    kinds={"list": _LIST},
)
def tell(scene: Scene, what: str, datatable: RawTable | None = None) -> None:
    """Add the facts, acts or records of the table; a record whose id is known is merged into it."""
    with scene.problems_as_failures():
        if what == "facts":
            rows = rows_of(datatable, ("fact", "value", "learned_at"), default=("fact", "value"))
            since = {
                row["fact"]: scene.instant(row["learned_at"]).isoformat()
                for row in rows
                if "learned_at" in row
            }
            learn(
                scene.case,
                {row["fact"]: value_of(row.get("value", "null"), scene.zone) for row in rows},
                since,
            )
        elif what == "acts":
            add_acts(scene.case, records_of(datatable, scene.zone))
        else:
            learn_records(scene.case, what, records_of(datatable, scene.zone))


@phrase(
    "given",
    "when",
    en="there are no {what:list}",
    tw="沒有任何 {what:list}",
    cn="没有任何 {what:list}",
    kinds={"list": _LIST},
)
def tell_none(scene: Scene, what: str) -> None:
    """Say that a record list is known to be empty."""
    no_records(scene.case, what)


@phrase(
    "given",
    "when",
    en="[at {at:instant} ]it becomes known that {fact:name} is {value}",
    tw="[於 {at:instant} ]得知 {fact:name} 是 {value}",
    cn="[在 {at:instant} ]得知 {fact:name} 是 {value}",
)
def learn_fact(scene: Scene, fact: str, value: str, at: str | None = None) -> None:
    """Learn or correct one fact, at an instant if one is given."""
    with scene.problems_as_failures():
        learn(scene.case, {fact: value_of(value, scene.zone)}, at=_iso(scene, at))


@phrase(
    "given",
    "when",
    en="[at {at:instant} ]it becomes known that the {field:name} of {record:name} in {what:name} is {value}",
    tw="[於 {at:instant} ]得知 {what:name} 中 {record:name} 的 {field:name} 是 {value}",
    cn="[在 {at:instant} ]得知 {what:name} 中 {record:name} 的 {field:name} 是 {value}",
)
def learn_field(scene: Scene, field: str, record: str, what: str, value: str, at: str | None = None) -> None:
    """Learn or correct one field of a record, at an instant if one is given (of a history)."""
    with scene.problems_as_failures():
        learned = {"id": record, field: value_of(value, scene.zone)}
        learn_records(scene.case, what, [learned], at=_iso(scene, at))


def _iso(scene: Scene, at: str | None) -> str | None:
    return None if at is None else scene.instant(at).isoformat()


@phrase("given", "when", en="{fact:name} is not known", tw="{fact:name} 尚不清楚", cn="{fact:name} 尚不清楚")
def forget_fact(scene: Scene, fact: str) -> None:
    """Make one fact unknown again."""
    forget(scene.case, fact)


@phrase(
    "given",
    "when",
    en="the {field:name} of {record:name} in {what:name} is not known",
    tw="{what:name} 中 {record:name} 的 {field:name} 尚不清楚",
    cn="{what:name} 中 {record:name} 的 {field:name} 尚不清楚",
)
def forget_field(scene: Scene, field: str, record: str, what: str) -> None:
    """Make one field of a record unknown again."""
    learn_records(scene.case, what, [{"id": record, field: None}])


@phrase(
    "given",
    "when",
    en="{target} is done by {role:name} at {at:instant}",
    tw="{role:name} 於 {at:instant} 完成 {target}",
    cn="{role:name} 在 {at:instant} 完成 {target}",
)
def act(scene: Scene, target: Target, role: str, at: str) -> None:
    """Tell one act with its default outcome."""
    done = {"action": target.action, "by": role, "at": scene.instant(at).isoformat(), "about": target.about}
    add_acts(scene.case, [{key: value for key, value in done.items() if value not in (None, "case")}])
