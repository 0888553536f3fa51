"""The small vocabulary of issue 9: one desk in Taipei, its messages and what it does; times of one week as short texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from escalation_rules import Policy

Plain = Any
TAIPEI = ZoneInfo("Asia/Taipei")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY = datetime(2026, 3, 2, tzinfo=TAIPEI)

VOCABULARY = """\
phases: [handle, close]
roles: [customer, agent, lead]
principles: [fairness]
calendar: taipei
calendars:
  taipei:
    timezone: Asia/Taipei
    hours: {mon-fri: ["09:00-18:00"]}
facts:
  case.opened_at: {type: instant}
  case.urgent: {type: flag, presume: false}
  case.waiting: {type: flag, presume: false}
records:
  parties:
    each: party
    absent: none
    fields:
      role: {type: party}
  messages:
    each: message
    absent: none
    ordered_by: at
    fields:
      at: {type: instant}
      sender: {type: party}
      loud: {type: flag}
actions:
  reply: {phase: handle, owner: agent, by: [agent, lead]}
  remind:
    phase: handle
    owner: agent
    params: {level: {type: level, values: [first, second, last], combine: max}}
  close_case: {phase: close, owner: agent}
  reopen_case: {phase: handle, owner: agent}
"""


class Desk(Protocol):
    """Makes a policy of the small vocabulary (with more `facts`, and `words` at its end) from rules (YAML list items)."""

    def __call__(
        self, rules: str, *, words: str = "", facts: str = "", more: Iterable[str] = ()
    ) -> Policy: ...


def load(
    folder: Path, engine: str, rules: str, *, words: str = "", facts: str = "", more: Iterable[str] = ()
) -> Policy:
    """A policy in a folder: vocabulary, one ruleset and whole further files."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = indent(VOCABULARY.replace("records:\n", facts + "records:\n") + words, "  ")
    (folder / "vocabulary.yaml").write_text(
        f"format: 1\nname: desk\nvocabulary:\n{vocabulary}", encoding="utf-8"
    )
    body = f"format: 1\nruleset: main\nprinciple: fairness\nrules:\n{indent(dedent(rules), '  ')}"
    (folder / "rules.yaml").write_text(body, encoding="utf-8")
    for number, text in enumerate(more):
        (folder / f"more-{number}.yaml").write_text(dedent(text), encoding="utf-8")
    return Policy.load(folder, engine=engine)  # type: ignore[arg-type]


def on(said: str) -> datetime:
    """An instant in Taipei, from Monday 2 March 2026 on: `tue 10:00`, `mon 10:00:30`, `sat 10:00 +1` (a week later)."""
    day, clock, *weeks = said.split()
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    length = timedelta(
        days=DAYS.index(day) + 7 * int(weeks[0] if weeks else 0),
        hours=hours,
        minutes=minutes,
        seconds=seconds[0] if seconds else 0,
    )
    return MONDAY + length


def told(said: datetime | None) -> str | None:
    """The same text for an instant of the first week."""
    if said is None:
        return None
    local = said.astimezone(TAIPEI)
    return f"{DAYS[local.weekday()]} {local:%H:%M}" + (f":{local:%S}" if local.second else "")


def entry(said: str, *acts: Plain, **what: Plain) -> dict[str, Plain]:
    """An entry of a history: facts as `case__urgent=True`, lists by name; an act by its name is the agent's."""
    facts = {name.replace("__", "."): value for name, value in what.items() if "__" in name}
    done = [{"action": each, "by": "agent"} if isinstance(each, str) else each for each in acts]
    lists = {name: value for name, value in what.items() if "__" not in name}
    return {"at": on(said).isoformat(), "facts": facts, "acts": done, **lists}


def act(action: str, said: str | None = None, by: str = "agent", **more: Plain) -> dict[str, Plain]:
    """An act, done then; in a history without it: at the instant of its entry."""
    return {"action": action, "by": by, **({"at": on(said).isoformat()} if said else {}), **more}


def history(*entries: dict[str, Plain]) -> dict[str, Plain]:
    """A case as a history."""
    return {"id": "T", "history": list(entries)}


def plan(policy: Policy, case: dict[str, Plain], said: str) -> list[tuple[str, str | None, str | None]]:
    """What is to be done then, as (action, record, due)."""
    return [(each.action, each.about, told(each.due)) for each in policy.decide(case, at=on(said)).plan]


def done(policy: Policy, case: dict[str, Plain], said: str) -> list[tuple[str, str | None, str | None]]:
    """What is done by then, as (action, record, when)."""
    return [(each.action, each.about, told(each.at)) for each in policy.decide(case, at=on(said)).done]


def breaches(policy: Policy, case: dict[str, Plain], said: str) -> list[tuple[str, str | None, str | None]]:
    """What an audit then finds, as (kind, action or fact, when)."""
    found = policy.audit(case, at=on(said))
    return [(each.kind, each.action or each.fact, told(each.at)) for each in (*found, *found.unverified)]
