"""The plan written back: private, in the agents' language, nothing twice, nothing that renames a ticket."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from escalation_rules import Decision, RequestError
from escalation_rules.errors import PolicyError
from escalation_rules.integrations.helpdesks import Profile, Reading, changes_for
from escalation_rules.integrations.helpdesks.marks import marks_in
from tests.integrations.helpdesks.tickets import KNOWN, SYSTEMS, payload, policy, profile, read

NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
DAMAGE = {"id": "marks", "evident": True, "caused_by": "carrier", "reported_at": "2026-03-02T07:40:00Z"}
OURS = {**KNOWN, "damages": [DAMAGE]}
HAZARD = {**OURS, "facts": {"hazard.happened": True}}


def planned(system: str, known: Any = OURS, data: Any = None) -> tuple[Decision, Profile, Reading]:
    reading = read(system, data, known=known)
    return policy().decide(reading.case, at=NOW), profile(system), reading


def of_kind(requests: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each for each in requests if each["kind"] == kind]


@pytest.mark.parametrize("system", SYSTEMS)
def test_note_is_private_and_tells_the_plan(system: str) -> None:
    decision, own, reading = planned(system)
    requests = changes_for(decision, own, reading)
    assert requests[-1]["kind"] == "note"
    note = json.dumps(requests[-1], ensure_ascii=False)
    for step in decision.plan:
        assert f"#{step.action}" in note
    assert "[escalation-rules " in note
    assert reading.ticket.key in note
    json.dumps(requests)


PRIVATE = {
    "chatwoot": ("body", "private", True),
    "django-helpdesk": ("body", "public", False),
    "freescout": ("body", "type", "note"),
    "freshdesk": ("body", "private", True),
    "jira-service-management": ("body", "public", False),
    "osticket": ("body", "type", "N"),
    "salesforce": ("body", "IsPublished", False),
    "zammad": ("body", "internal", True),
}


@pytest.mark.parametrize("system", PRIVATE)
def test_note_says_that_it_is_private(system: str) -> None:
    decision, own, reading = planned(system)
    part, key, value = PRIVATE[system]
    assert of_kind(changes_for(decision, own, reading), "note")[0][part][key] == value


def test_note_is_private_where_the_place_says_so() -> None:
    for system, path in (
        ("request-tracker", "/REST/2.0/ticket/47/comment"),
        ("hubspot", "/crm/v3/objects/notes"),
    ):
        decision, own, reading = planned(system)
        assert of_kind(changes_for(decision, own, reading), "note")[0]["path"] == path
    decision, own, reading = planned("servicenow")
    assert set(changes_for(decision, own, reading)[-1]["body"]) == {"work_notes"}
    decision, own, reading = planned("zendesk")
    assert changes_for(decision, own, reading)[-1]["body"]["ticket"]["comment"]["public"] is False


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_request_renames_the_ticket(system: str) -> None:
    decision, own, reading = planned(system, HAZARD)
    for request in changes_for(decision, own, reading):
        if request["kind"] != "task":
            written = json.dumps(request["body"]).lower()
            assert '"title"' not in written
            assert '"summary"' not in written
            assert (
                reading.case["facts"]["case.subject"].lower() not in written
                if "case.subject" in reading.case["facts"]
                else True
            )
            assert (
                '"subject"' not in written or request["body"]["subject"] == "Plan"
            )  # that of an article, in Zammad


def with_note(system: str, data: Any, note: dict[str, Any]) -> Any:
    """The payload with the note in it, as the system would give it back."""
    body = note["body"]
    if system == "zendesk":
        text = body["ticket"]["comment"]["body"]
        data["comments"].append(
            {
                "id": 2000,
                "author_id": 21,
                "plain_body": text,
                "public": False,
                "created_at": "2026-03-03T03:00:01Z",
            }
        )
    if system == "freshdesk":
        data["conversations"].append(
            {
                "id": 6000,
                "body": body["body"],
                "incoming": False,
                "private": True,
                "user_id": 4,
                "created_at": "2026-03-03T03:00:01Z",
            }
        )
    if system == "request-tracker":
        data["history"]["items"].append(
            {
                "id": "600",
                "Type": "Comment",
                "Creator": {"id": "root"},
                "Created": "2026-03-03T03:00:01Z",
                "ContentType": "text/plain",
                "Content": body["Content"],
            }
        )
        data["history"]["total"] = 6
    return data


@pytest.mark.parametrize("system", ["zendesk", "freshdesk", "request-tracker"])
def test_second_run_writes_no_note_twice(system: str) -> None:
    decision, own, reading = planned(system)
    note = of_kind(changes_for(decision, own, reading), "note")[0]
    after = with_note(system, payload(system), note)
    again, _, seen = planned(system, data=after)
    assert seen.written
    assert not of_kind(changes_for(again, own, seen), "note")
    assert [each["action"] for each in seen.case["acts"]] == [each["action"] for each in reading.case["acts"]]


def test_new_step_alone_is_written_later() -> None:
    decision, own, reading = planned("zendesk")
    after = with_note("zendesk", payload("zendesk"), of_kind(changes_for(decision, own, reading), "note")[0])
    again, _, seen = planned("zendesk", HAZARD, after)
    new = {each.action for each in again.plan} - {each.action for each in decision.plan}
    (note,) = of_kind(changes_for(again, own, seen), "note")
    text = note["body"]["ticket"]["comment"]["body"]
    assert new
    assert all(f"#{each}" in text for each in new)
    assert not [each for each in decision.plan if f"(#{each.action}" in text]


def test_note_says_how_to_record_its_first_step() -> None:
    decision, own, reading = planned("zendesk")
    text = of_kind(changes_for(decision, own, reading), "note")[0]["body"]["ticket"]["comment"]["body"]
    step = decision.plan[0]
    line = f"#{step.action} {step.about}" if step.about else f"#{step.action}"
    assert f"write a private note with a line such as `{line}`" in text


def test_mark_in_a_public_message_is_no_mark() -> None:
    decision, own, reading = planned("zendesk")
    text = of_kind(changes_for(decision, own, reading), "note")[0]["body"]["ticket"]["comment"]["body"]
    data = payload("zendesk")
    data["comments"][1] |= {"plain_body": text}
    assert read("zendesk", data, known=OURS).written == frozenset()


def test_same_decision_same_requests() -> None:
    first, second = (changes_for(*planned("zendesk")[:2]) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert len({each["key"] for each in first}) == len(first)


@pytest.mark.parametrize(("language", "heading", "label"), [
    ("en", "Plan (private note)", "waive the charge (#waive_charge shipping)"),
    ("zh-TW", "處理計畫（內部備註）", "免收費用 (#waive_charge shipping)"),
    ("zh-CN", "处理计划（内部备注）", "免收费用 (#waive_charge shipping)"),
])  # fmt: skip
def test_note_is_in_the_agents_language(language: str, heading: str, label: str) -> None:
    data = payload("zendesk")
    del data["comments"][2]
    reading = read("zendesk", data, known=OURS)
    decision = policy().decide(reading.case, at=NOW)
    text = changes_for(decision, profile("zendesk", {"language": language}), reading)[-1]["body"]["ticket"][
        "comment"
    ]["body"]
    assert text.startswith(heading)
    assert label in text


def test_note_says_whom_a_wording_is_for() -> None:
    decision, own, reading = planned("zendesk")
    step = next(each for each in decision.plan if each.say_to == "customer")

    def note(to: str | None) -> str:
        only = attrs.evolve(decision, plan=(attrs.evolve(step, say_to=to),))
        return json.dumps(changes_for(only, own, reading), ensure_ascii=False)

    assert "Say to the customer: “" in note("customer")
    assert "Say to a colleague: “" in note("colleague")
    assert "Say: “" in note(None)


def test_priority_is_raised_and_never_lowered() -> None:
    decision, own, reading = planned("zendesk", HAZARD)
    assert of_kind(changes_for(decision, own, reading), "priority")[0]["body"] == {
        "ticket": {"priority": "urgent"}
    }
    data = payload("zendesk")
    data["ticket"]["priority"] = "urgent"
    decision, own, reading = planned("zendesk", OURS, data)
    assert not of_kind(changes_for(decision, own, reading), "priority")


def test_profile_says_which_phases_are_urgent() -> None:
    decision, _, reading = planned("zendesk")
    own = profile("zendesk", {"changes": {"urgent": [decision.plan[0].phase]}})
    assert of_kind(changes_for(decision, own, reading), "priority")[0]["body"] == {
        "ticket": {"priority": "urgent"}
    }
    with pytest.raises(PolicyError, match="'safty' is not a phase"):
        profile("zendesk", {"changes": {"urgent": ["safty"]}})


def test_due_date_is_the_earliest_step() -> None:
    decision, own, reading = planned("zendesk")
    first = min(each.due for each in decision.plan if each.due)
    (request,) = of_kind(changes_for(decision, own, reading), "due")
    assert request["body"] == {"ticket": {"due_at": first.strftime("%Y-%m-%dT%H:%M:%SZ")}}
    data = payload("zendesk")
    data["ticket"]["due_at"] = request["body"]["ticket"]["due_at"]
    decision, own, reading = planned("zendesk", OURS, data)
    assert not of_kind(changes_for(decision, own, reading), "due")


def test_due_date_in_the_zone_of_those_who_read_it() -> None:
    decision, own, reading = planned("servicenow")
    first = min(each.due for each in decision.plan if each.due)
    (request,) = of_kind(changes_for(decision, own, reading), "due")
    assert request["body"]["due_date"] == first.astimezone(own.spec.zone).strftime("%Y-%m-%d %H:%M:%S")


def test_tags_that_are_there_are_not_lost() -> None:
    decision, own, reading = planned("freshdesk")
    (request,) = of_kind(changes_for(decision, own, reading), "tags")
    assert "billing" in request["body"]["tags"]
    assert not of_kind(changes_for(decision, own), "tags")


def test_one_request_for_each_tag_where_the_system_wants_it() -> None:
    decision, own, reading = planned("zammad")
    found = of_kind(changes_for(decision, own, reading), "tags")
    assert [each["body"]["item"] for each in found] == sorted(
        {f"plan-{step.action.replace('_', '-')}" for step in decision.plan}
    )


def test_a_task_for_each_step_once() -> None:
    decision, own, reading = planned("hubspot")
    tasks = of_kind(changes_for(decision, own, reading), "task")
    assert len(tasks) == len(decision.plan)
    assert len({each["key"] for each in tasks}) == len(tasks)
    assert all(each["body"]["associations"][0]["to"]["id"] == "9911" for each in tasks)


def test_decision_of_another_system_is_refused() -> None:
    decision, _, _ = planned("zendesk")
    with pytest.raises(RequestError, match="is not a ticket of Freshdesk"):
        changes_for(decision, profile("freshdesk"))


def test_reading_of_another_ticket_is_refused() -> None:
    decision, own, _ = planned("zendesk")
    data = payload("zendesk")
    data["ticket"]["id"] = 8
    with pytest.raises(
        RequestError,
        match="the decision is about 'zendesk:ticket:35436', the reading about 'zendesk:ticket:8'",
    ):
        changes_for(decision, own, read("zendesk", data))


def test_id_from_outside_does_not_lead_elsewhere() -> None:
    data = payload("zendesk")
    data["ticket"]["id"] = "1/../../users/7?x=#"
    decision, own, reading = planned("zendesk", OURS, data)
    assert {each["path"] for each in changes_for(decision, own, reading)} <= {
        "/api/v2/tickets/1%2F%2E%2E%2F%2E%2E%2Fusers%2F7%3Fx%3D%23",
        "/api/v2/tickets/1%2F%2E%2E%2F%2E%2E%2Fusers%2F7%3Fx%3D%23/tags",
    }


# --- a profile that would write in public ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "said"), [
    ({"changes": {"note": {"body": {"ticket": {"comment": {"public": True}}}}}}, "would not be private"),
    ({"changes": {"note": {"body": {"ticket": {"comment": {"public": None}}}}}}, "would not be private"),
    ({"changes": {"guard": {"body.ticket.comment.public": True}}}, "cannot take anything away"),
    ({"changes": {"guard": None}}, "cannot take anything away"),
    ({"changes": {"never": []}}, "cannot take anything away"),
    ({"changes": {"due": {"body": {"ticket": {"subject": "{due}"}}}}}, "which `never:` forbids"),
    ({"changes": {"reply": {"method": "POST", "path": "/", "body": "{text}"}}}, "not a key of changes"),
    ({"changes": {"note": {"body": {"x": "{txt}"}}}}, "cannot be filled in `note`"),
])  # fmt: skip
def test_profile_that_would_write_in_public_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        profile("zendesk", change)


@pytest.mark.parametrize(
    ("system", "zone", "due"),
    [
        ("request-tracker", "Asia/Taipei", "2026-03-03 02:00:00"),
        ("osticket", "Europe/Berlin", "2026-03-03 03:00:00"),
    ],
)
def test_due_date_in_the_form_that_the_system_keeps(system: str, zone: str, due: str) -> None:
    """Request Tracker takes a due date with T and Z, says that it was changed, and shows 1970 from then on."""
    decision, _, reading = planned(system)
    step = attrs.evolve(decision.plan[0], due=datetime(2026, 3, 3, 2, tzinfo=UTC))
    decision = attrs.evolve(decision, plan=(step,))
    (request,) = of_kind(changes_for(decision, profile(system, {"zone": zone}), reading), "due")
    assert due in json.dumps(request["body"])


def _many(decision: Decision) -> Decision:
    """The decision with nine steps, of which the third is part of the first."""
    step = attrs.evolve(decision.plan[0], part_of=None)
    steps = [attrs.evolve(step, id=f"step/{number}", about=f"r{number}") for number in range(9)]
    steps[2] = attrs.evolve(steps[2], part_of="step/0")
    return attrs.evolve(decision, plan=tuple(steps))


def test_note_shows_what_is_done_in_one_go_together_and_seven_at_most() -> None:
    decision, own, reading = planned("zendesk")
    many = _many(decision)
    (note,) = of_kind(changes_for(many, own, reading), "note")
    name = many.plan[0].action
    text = note["body"]["ticket"]["comment"]["body"]
    shown = [line for line in text.split("\n") if f"(#{name} r" in line]
    assert [line.split("(")[1] for line in shown] == [f"#{name} r{n})" for n in (0, 2, 1, 3, 4, 5, 6, 7)]
    assert [line.split()[0] for line in shown] == ["1.", "+", "2.", "3.", "4.", "5.", "6.", "7."]
    assert shown[1].startswith("   + ")
    assert "1 more step follows" in text

    # What was left out is written when its turn has come.
    written = attrs.evolve(reading, written=frozenset(marks_in(text)))
    assert of_kind(changes_for(many, own, written), "note") == []
    later = attrs.evolve(many, plan=tuple(each for each in many.plan if each.about not in {"r0", "r2"}))
    (note,) = of_kind(changes_for(later, own, written), "note")
    text = note["body"]["ticket"]["comment"]["body"]
    assert f"(#{name} r8)" in text
    assert f"(#{name} r7)" not in text
