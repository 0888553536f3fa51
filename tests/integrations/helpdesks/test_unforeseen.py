"""A desk that nobody foresaw: directories keyed by id, buttons about a record, tags in one text, clicks that are no act."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from escalation_rules.errors import PolicyError
from escalation_rules.integrations.helpdesks import Profile, Reading, case_from, changes_for
from tests.integrations.helpdesks.tickets import acts, policy, said_of

PROFILE = """
format: 1
helpdesk: gongdan
zone: Asia/Shanghai
dates: day first
language: en
ticket:
  at: order
  id: no
  status: {from: state, map: {"1": open, "9": done}}
  open: [open]
  closed: [done]
  changed_at: touched
  tags: {from: labels, split: ","}
people:
  - {each: agents.*, id: key(), name: name, role: {is: frontline}}
  - {each: buyers.*, id: key(), name: ., role: {is: customer}}
messages:
  - {each: talks.*, inner: lines.*, id: key(), at: at, author: ^who, text: said, visibility: {is: public}}
events:
  - {kind: button, each: presses, name: label, at: at, by: agent, about: target.record}
acts:
  button:
    Waive: waive_charge
    Call: call_back
    Ask: ask_how_they_are
    Print: nothing
"""
PAYLOAD: dict[str, Any] = {
    "order": {"no": "A1", "state": 1, "touched": "03/03/2026 10:00", "labels": "vip, late delivery ,,vip"},
    "agents": {"7": {"name": "Rosa"}, "8": {"name": "Theo"}},
    "buyers": {"c1": "Wen"},
    "talks": {
        "t1": {"who": "c1", "lines": {"m1": {"at": "02/03/2026 09:00", "said": "The courier wants 300."}}},
        "t2": {"who": "7", "lines": {"m2": {"at": "02/03/2026 09:30", "said": "I am looking into it."}}},
    },
    "presses": [
        {"label": "Waive", "at": "02/03/2026 10:00", "agent": "7", "target": {"record": "pick-up"}},
        {"label": "Call", "at": "02/03/2026 10:05", "agent": "8", "target": {"record": None}},
        {"label": "Print", "at": "02/03/2026 10:06", "agent": "8"},
    ],
}
KNOWN = {"currency": "CNY", "charges": [{"id": "pick-up", "kind": "delivery", "amount": 300, "open": True}]}


def own(tmp_path: Path, *overrides: Any, text: str = PROFILE) -> Profile:
    file = tmp_path / "gongdan.yaml"
    file.write_text(text, encoding="utf-8")
    return Profile.load(file, *overrides, policy=policy())


def read(tmp_path: Path, data: Any = PAYLOAD, *overrides: Any, known: Any = KNOWN) -> Reading:
    reading = case_from(data, own(tmp_path, *overrides), known)
    policy().case(reading.case)
    return reading


def pressed(**more: Any) -> dict[str, Any]:
    """The payload with one more press, by agent 7."""
    data = copy.deepcopy(PAYLOAD)
    data["presses"].append({"label": "Ask", "at": "02/03/2026 11:00", "agent": "7", **more})
    return data


def problems(text: str, tmp_path: Path, *overrides: Any) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        own(tmp_path, *overrides, text=text)
    return [str(each).replace(f"{tmp_path}/", "") for each in caught.value.diagnostics]


# --- a click says which record it is about -------------------------------------------------------------------------------


def test_button_about_a_record(tmp_path: Path) -> None:
    reading = read(tmp_path)
    assert acts(reading) == [
        ("waive_charge", "gongdan:user:7", "pick-up"),
        ("call_back", "gongdan:user:8", None),
    ]
    assert reading.unmapped == ()


def test_button_about_a_record_that_the_case_does_not_have(tmp_path: Path) -> None:
    reading = read(tmp_path, known=None)
    assert [each[0] for each in acts(reading)] == ["call_back"]
    assert "names 'pick-up', which the case does not have in charges" in reading.unrecorded[-1].why


@pytest.mark.parametrize(
    ("record", "about"), [("c1", "gongdan:user:c1"), ("gongdan:user:c1", "gongdan:user:c1")]
)
def test_button_about_a_person_names_the_systems_own_id(tmp_path: Path, record: str, about: str) -> None:
    """What was read of the payload has the system's name in front; the payload does not know that."""
    reading = read(tmp_path, pressed(target={"record": record}))
    assert acts(reading)[-1] == ("ask_how_they_are", "gongdan:user:7", about)


def test_record_of_a_click_whose_action_is_about_the_whole_case(tmp_path: Path) -> None:
    """A system puts the record on every button; an action that is about none of that list does not take it."""
    data = pressed(label="Call", target={"record": "pick-up"})
    assert acts(read(tmp_path, data))[-1] == ("call_back", "gongdan:user:7", None)


def test_record_that_the_act_names_weighs_more(tmp_path: Path) -> None:
    text = PROFILE.replace("Waive: waive_charge", "Waive: {action: waive_charge, about: other}")
    known = {**KNOWN, "charges": [*KNOWN["charges"], {"id": "other"}]}
    assert acts(case_from(PAYLOAD, own(tmp_path, text=text), known))[0][2] == "other"


# --- directories keyed by id ----------------------------------------------------------------------------------------------


def test_directory_keyed_by_id(tmp_path: Path) -> None:
    found = [(each.id, each.role, each.name) for each in read(tmp_path).people]
    assert found == [
        ("gongdan:user:7", "frontline", "Rosa"),
        ("gongdan:user:8", "frontline", "Theo"),
        ("gongdan:user:c1", "customer", "Wen"),
    ]


def test_messages_keyed_by_id_in_threads_keyed_by_id(tmp_path: Path) -> None:
    assert [(each.id, each.author) for each in read(tmp_path).messages] == [
        ("gongdan:message:m1", "gongdan:user:c1"),
        ("gongdan:message:m2", "gongdan:user:7"),
    ]


def test_key_of_the_item_that_holds_it(tmp_path: Path) -> None:
    text = PROFILE.replace("id: key(), at: at, author: ^who", "id: ^key(), at: at, author: ^who")
    reading = case_from(PAYLOAD, own(tmp_path, text=text))
    assert [each.id for each in reading.messages] == ["gongdan:message:t1", "gongdan:message:t2"]


@pytest.mark.parametrize("path", ["a.key()", "key().a", "/key()", "key(a)"])
def test_key_stands_alone(path: str, tmp_path: Path) -> None:
    text = PROFILE.replace("id: key(), name: name", f"id: '{path}', name: name")
    assert problems(text, tmp_path) == [
        (
            f"gongdan.yaml:16:{PROFILE.split(chr(10))[15].index('key()') + 1}: error: {path!r} is not a path;"
            " expected a path such as `via.channel` [wrong-value]"
        )
    ]


@pytest.mark.parametrize(("old", "new"), [
    ("each: agents.*, id: key()", "each: agents, id: id"),
    ("each: presses, name: label", "each: talks, name: label"),
    ("each: talks.*, inner: lines.*", "each: talks"),
])  # fmt: skip
def test_list_that_is_keyed_by_id_is_told(old: str, new: str, tmp_path: Path) -> None:
    """Without a word of it the whole directory would be taken for one entry that says nothing."""
    reading = case_from(PAYLOAD, own(tmp_path, text=PROFILE.replace(old, new)))
    name = new.split()[1].rstrip(",")
    assert said_of(reading, f"keyed by id; write `{name}.*`, and `key()` for the id")


# --- acts without events --------------------------------------------------------------------------------------------------


def test_acts_of_a_kind_without_events_are_refused(tmp_path: Path) -> None:
    text = PROFILE + "  macro:\n    Sorry: express_regret\n"
    assert problems(text, tmp_path) == [
        (
            "gongdan.yaml:28:3: error: no event has the kind macro, so these acts would never be found;"
            " expected `events:` with `kind: macro`, or acts of one of these kinds: tag or button [does-not-fit]"
        )
    ]


def test_acts_of_tags_without_tags_are_refused(tmp_path: Path) -> None:
    text = PROFILE.replace('  tags: {from: labels, split: ","}\n', "") + "  tag: {vip: call_back}\n"
    assert problems(text, tmp_path) == [
        (
            "gongdan.yaml:27:3: error: no event has the kind tag, so these acts would never be found;"
            " expected `events:` with `kind: tag` or `tags:` of the ticket, or acts of one of these kinds: button [does-not-fit]"
        )
    ]


def test_acts_of_an_override_without_events_are_refused_in_the_override(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("acts:\n  macro:\n    Sorry: express_regret\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"ours\.yaml:2:3: error: no event has the kind macro"):
        Profile.load("freshdesk", file, policy=policy())


# --- tags in one text -----------------------------------------------------------------------------------------------------


def test_tags_in_one_text(tmp_path: Path) -> None:
    assert read(tmp_path).ticket.tags == ("vip", "late delivery")


@pytest.mark.parametrize(("split", "written", "tags"), [
    ("' '", "a  b\tc", ("a", "b", "c")),
    ("';'", ["a;b", "c"], ("a", "b", "c")),
    ("[',', ，, 、]", "急件，退款、vip,a b", ("急件", "退款", "vip", "a b")),
])  # fmt: skip
def test_what_stands_between_tags(split: str, written: Any, tags: tuple[str, ...], tmp_path: Path) -> None:
    data = copy.deepcopy(PAYLOAD)
    data["order"]["labels"] = written
    profile = own(tmp_path, text=PROFILE.replace('split: ","', f"split: {split}"))
    assert case_from(data, profile).ticket.tags == tags


def test_tags_in_one_text_are_written_as_one_text(tmp_path: Path) -> None:
    changes = {"tags": {"method": "PUT", "path": "/o/{ticket}", "body": {"labels": "{all_tags}"}}}
    reading, profile = read(tmp_path), own(tmp_path, {"changes": changes})
    decision = policy().decide(reading.case, at=datetime(2026, 3, 3, 3, tzinfo=UTC))
    (request,) = changes_for(decision, profile, reading)
    assert request["body"]["labels"].startswith("vip,late delivery,plan-")


def test_split_where_one_value_is_meant_is_refused(tmp_path: Path) -> None:
    text = PROFILE.replace("  changed_at: touched\n", '  owner: {from: o, split: ","}\n')
    assert "gongdan.yaml:13:27: error: `split` is for what has several words" in problems(text, tmp_path)[0]


# --- clicks that no act is made of ----------------------------------------------------------------------------------------


def test_click_without_an_act_is_listed(tmp_path: Path) -> None:
    data = pressed(label="Send voucher")
    data["presses"].append(data["presses"][-1])
    assert said_of(read(tmp_path, data), "button") == [
        "acts.button: the profile does not map this to an action; write `nothing` if it is not one ('Send voucher')"
    ]


def test_click_that_is_said_to_be_nothing_is_not_listed(tmp_path: Path) -> None:
    assert "Print" in [each.names[0] for each in read(tmp_path).events]
    reading = read(tmp_path, pressed(label="Send voucher"), {"acts": {"button": {"Send voucher": "nothing"}}})
    assert reading.unmapped == ()


def test_click_without_a_time_is_listed(tmp_path: Path) -> None:
    assert said_of(read(tmp_path, pressed(at=None)), "a click without a time is left out ('Ask')")


def test_value_of_a_field_without_an_act_is_listed(tmp_path: Path) -> None:
    events = "  - {kind: field, each: edits, name: field, value: new, at: at, by: agent}\n"
    text = (
        PROFILE.replace("acts:\n", events + "acts:\n")
        + "  field: {refund: {yes: call_back}, note: nothing}\n"
    )
    edit = {"at": "02/03/2026 12:00", "agent": "7"}
    data = PAYLOAD | {"edits": [
        {**edit, "field": "refund", "new": "yes"}, {**edit, "field": "refund", "new": "no"},
        {**edit, "field": "note", "new": "x"},
        {**edit, "field": "colour", "new": "red"}, {**edit, "field": "colour", "new": "blue"},
    ]}  # fmt: skip
    reading = case_from(data, own(tmp_path, text=text), KNOWN)
    assert [each.value for each in reading.unmapped] == ["'no'", "'colour'"]
    assert [each.path for each in reading.unmapped] == ["acts.field.refund", "acts.field"]


def test_status_that_the_profile_knows_is_not_listed(tmp_path: Path) -> None:
    events = "  - {kind: status, each: moves, name: to, at: at, by: agent}\n"
    text = PROFILE.replace("acts:\n", events + "acts:\n")
    move = {"at": "02/03/2026 12:00", "agent": "7"}
    data = PAYLOAD | {"moves": [{**move, "to": "done"}, {**move, "to": "parked"}]}
    reading = case_from(data, own(tmp_path, text=text), KNOWN)
    assert [(each.path, each.value) for each in reading.unmapped] == [("acts.status", "'parked'")]


# --- names instead of ids -------------------------------------------------------------------------------------------------

CHANGES = {"guard": {"body.internal": True},
           "note": {"method": "POST", "path": "/o/{ticket}/notes", "body": {"text": "{text}", "internal": True}},
           "task": {"method": "POST", "path": "/tasks", "body": {"title": "{title}", "text": "{details}"}}}  # fmt: skip


def planned(tmp_path: Path, name: str = "Wen", **step: Any) -> list[dict[str, Any]]:
    data = copy.deepcopy(PAYLOAD)
    data["buyers"]["c1"] = name
    reading, profile = read(tmp_path, data), own(tmp_path, {"changes": CHANGES})
    decision = policy().decide(reading.case, at=datetime(2026, 3, 3, 3, tzinfo=UTC))
    first = attrs.evolve(
        decision.plan[0], action="ask_how_they_are", about="gongdan:user:c1", owner="frontline", params=step
    )
    missing = attrs.evolve(decision.missing[0], about=("gongdan:user:c1", "gongdan:message:m2"))
    return changes_for(attrs.evolve(decision, plan=(first,), missing=(missing,)), profile, reading)


def test_note_names_people_and_keeps_the_line_to_write(tmp_path: Path) -> None:
    task, note = planned(tmp_path, chair="gongdan:user:7", people=("gongdan:user:c1", "gongdan:user:70"))
    text = note["body"]["text"]
    assert "ask how they feel about it now: Wen (#ask_how_they_are gongdan:user:c1)" in text
    assert "chair: Rosa" in text
    assert "people: Wen, gongdan:user:70" in text  # whom the payload does not name
    assert "[Wen, Rosa 2026-03-02 09:30+08:00]" in text
    assert task["body"]["title"].startswith("ask how they feel about it now: Wen (#")


def test_name_cannot_pass_as_a_mark_or_a_template(tmp_path: Path) -> None:
    name = "{{ secret }} [escalation-rules 0123456789ab] #close_case"
    task, note = planned(tmp_path, name)
    for text in (task["body"]["title"], task["body"]["text"], note["body"]["text"].rpartition("\n")[0]):
        assert "{{" not in text
        assert "[escalation-rules 0123456789ab]" not in text


# --- the first message is the right one -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("kind: button", "kind: buton",
     "21:12: error: 'buton' is not a kind; did you mean 'button'?"),
    ("kind: button", "kind: [button]",
     "21:12: error: `kind` must be a text; expected one of macro, tag, status, field or button"),
    ("language: en", "language: [en]", "6:11: error: `language` must be a text; expected one of en, zh-TW or zh-CN"),
    ("language: en", "staff_role: {is: frontline}", "6:13: error: `staff_role` must be a text; expected one of "),
])  # fmt: skip
def test_what_is_no_kind_is_said_once(old: str, new: str, expected: str, tmp_path: Path) -> None:
    [found] = problems(PROFILE.replace(old, new), tmp_path)
    assert found.startswith(f"gongdan.yaml:{expected}")


@pytest.mark.parametrize(("changes", "said"), [
    ({"due_form": ["iso"]}, "`due_form` must be a text"),
    ({"urgent": "safty"}, "'safty' is not a phase"),
])  # fmt: skip
def test_form_of_the_changes_is_checked(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    assert said in problems(PROFILE, tmp_path, {"changes": changes})[0]


def test_outcome_is_one_word(tmp_path: Path) -> None:
    override = {"acts": {"button": {"Call": {"action": "call_back", "outcome": ["done"]}}}}
    assert "`outcome` must be a text" in problems(PROFILE, tmp_path, override)[0]
