"""Small policies written in the test: one vocabulary, rules as YAML text, read through files by both engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Protocol

from escalation_rules import Decision, Policy, PolicyError
from escalation_rules.engine.network import durable_available
from tests.oracle import generate
from tests.oracle.dice import Seeded

Plain = Any
ENGINES = ("plain", "durable") if durable_available() else ("plain",)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MICRO = timedelta(microseconds=1)

VOCABULARY = """\
phases: [alarm, soothe, inquire, settle]
roles: [customer, clerk, boss, partner]
principles: [fairness]
calendar: office
calendars:
  office:
    timezone: Asia/Taipei
    hours: {mon-fri: ["09:00-18:00"]}
facts:
  case.opened_at: {type: instant}
  x.a: {type: flag}
  x.b: {type: flag}
  x.c: {type: flag}
  x.d: {type: flag}
  x.count: {type: count}
  x.amount: {type: amount}
  x.limit: {type: amount}
  x.colour: {type: choice, values: [red, green, blue]}
  x.mood: {type: level, values: [calm, heated, furious]}
  x.faith: {type: choice, values: [good, bad], presume: good}
  x.text: {type: text}
  x.when: {type: instant}
  x.then: {type: instant}
  x.length: {type: duration}
  x.who: {type: party}
  x.whom: {type: party}
  x.heat: {type: level, values: [cold, hot], stale_after: 2 days}
  x.sort: {type: choice, values: [plea, wish, query], presume: plea, confirm: true}
  x.trust: {type: choice, values: [high, low], presume: high, stale_after: 2 days}
  v.a: {type: flag, concluded: true}
  v.b: {type: flag, concluded: true}
  v.c: {type: flag, concluded: true}
  v.failed: {type: flag, concluded: true, failure: true}
  v.kind: {type: choice, values: [one, two, three], concluded: true}
records:
  parties:
    each: party
    absent: none
    fields:
      role: {type: party}
      upset: {type: flag}
  claims:
    each: claim
    absent: unknown
    fields:
      open: {type: flag}
      accused: {type: party}
      at: {type: instant}
      amount: {type: amount}
      proven: {type: flag, concluded: true}
      broken: {type: flag, concluded: true, failure: true}
      finding: {type: choice, values: [upheld, refuted, open_still], concluded: true}
  exhibits:
    each: exhibit
    absent: none
    fields:
      claim: {type: reference, to: claims}
      strong: {type: flag}
      weight: {type: count}
      at: {type: instant}
  charges:
    each: charge
    absent: none
    ordered_by: at
    fields:
      amount: {type: amount}
      open: {type: flag}
      at: {type: instant}
      payer: {type: party}
      length: {type: duration}
      pieces: {type: count}
      first: {type: reference, to: claims}
      second: {type: reference, to: claims}
  signals:
    each: signal
    absent: none
    ordered_by: at
    fields:
      at: {type: instant}
      loud: {type: flag}
actions:
  call: {phase: soothe, owner: clerk, outcomes: [done, no_answer]}
  call_boss: {phase: soothe, owner: boss, by: [boss, partner]}
  secure: {phase: alarm, owner: clerk}
  ask: {phase: inquire, owner: clerk}
  measure: {phase: inquire, owner: clerk, about: case}
  apologise: {phase: settle, owner: clerk, about: claims}
  answer: {phase: settle, owner: clerk, about: claims}
  pay:
    phase: settle
    owner: boss
    params:
      total: {type: amount, combine: sum}
      most: {type: amount, combine: max}
      least: {type: count, combine: min}
      method: {type: choice, values: [cash, card]}
      tone: {type: level, values: [soft, plain, hard], combine: max}
      whole: {type: amount}
      to: {type: record, to: parties}
      covers: {type: records, to: charges, combine: union}
      times: {type: count, combine: sum}
      deadline: {type: instant, combine: min}
      rest: {type: duration, combine: sum}
      receiver: {type: party}
  waive: {phase: settle, owner: clerk, about: charges, anchor: charge.at}
  visit: {phase: settle, owner: clerk, anchor: case.opened_at}
  gift: {phase: settle, owner: clerk, params: {worth: {type: amount}, kind: {type: choice, values: [token, real]}}}
  first_of_all: {phase: inquire, owner: clerk, before: [ask]}
  preferred: {phase: inquire, owner: clerk, priority: 5}
  dun: {}
  press: {}
groups:
  contacts: {actions: [call, call_boss, dun, press]}
"""


class Make(Protocol):
    """Makes a policy from rules (YAML list items) and further parts of its ruleset."""

    def __call__(
        self, rules: str, *, gate: str = "", words: str = "", more: Iterable[str] = ()
    ) -> Policy: ...


def load(
    folder: Path, engine: str, rules: str, *, gate: str = "", words: str = "", more: Iterable[str] = ()
) -> Policy:
    """A policy of the common vocabulary (with `words` added at its end) and one ruleset; `more` are whole files."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = indent(VOCABULARY + dedent(words), "  ")
    (folder / "vocabulary.yaml").write_text(
        f"format: 1\nname: small\nvocabulary:\n{vocabulary}", encoding="utf-8"
    )
    while_ = f"applies_while: {gate}\n" if gate else ""
    body = f"format: 1\nruleset: main\nprinciple: fairness\n{while_}rules:\n{indent(dedent(rules), '  ')}"
    (folder / "rules.yaml").write_text(body, encoding="utf-8")
    for number, text in enumerate(more):
        (folder / f"more-{number}.yaml").write_text(dedent(text), encoding="utf-8")
    return Policy.load(folder, engine=engine)  # type: ignore[arg-type]


# --- what a test asks of an answer ------------------------------------------------------------------------------------


def at(hours: float = 0, *, days: float = 0) -> datetime:
    """An instant so long after `NOW`."""
    return NOW + timedelta(days=days, hours=hours)


def iso(hours: float = 0, *, days: float = 0) -> str:
    """`at`, as the text that a case would hold."""
    return at(hours, days=days).isoformat()


def decide(
    policy: Policy, case: Mapping[str, Plain] | None = None, when: datetime = NOW, /, **facts: Plain
) -> Decision:
    """The decision about a case, to whose facts `facts` (`x__a=True`) are added."""
    whole = dict(case or {})
    if facts:
        given = {name.replace("__", "."): value for name, value in facts.items()}
        whole["facts"] = {**whole.get("facts", {}), **given}
    return policy.decide(whole, at=when)


def rules_of(part: Any) -> list[str]:
    """The ids of the rules behind a part of a decision, in order."""
    return [reason.rule for reason in part.because]


def undecided_of(part: Any) -> list[str]:
    """The ids of the rules behind a part that are not decided."""
    return [reason.rule for reason in part.because if reason.undecided]


def plan(decision: Decision) -> list[tuple[str, str | None, list[str]]]:
    """The plan as (action, record, rules), in order."""
    return [(each.action, each.about, rules_of(each)) for each in decision.plan]


def done(decision: Decision) -> list[tuple[str, str | None, list[str]]]:
    """What is done, as (action, record, rules)."""
    return [(each.action, each.about, rules_of(each)) for each in decision.done]


def forbidden(decision: Decision) -> list[tuple[str, str | None, bool, list[str]]]:
    """What is forbidden, as (action, record, wanted, rules)."""
    return [(each.action, each.about, each.wanted, rules_of(each)) for each in decision.forbidden]


def held(decision: Decision) -> list[tuple[str, str | None, bool, list[str]]]:
    """What is held, as (action, record, wanted, rules)."""
    return [(each.action, each.about, each.wanted, rules_of(each)) for each in decision.held]


def missing(decision: Decision) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """What is missing, as (fact, records, rules), in order."""
    return [(each.fact, each.about, list(each.needed_by)) for each in decision.missing]


def fired(decision: Decision) -> list[str]:
    """The rules behind the plan, each once, sorted."""
    return sorted({rule for each in decision.plan for rule in rules_of(each)})


def concluded(decision: Decision) -> dict[str, Plain]:
    """Conclusions and decided findings by name, those of a record as `name/record`."""
    both = (*decision.conclusions, *(each for each in decision.findings if each.value is not None))
    return {each.fact if each.about is None else f"{each.fact}/{each.about}": each.value for each in both}


def act(action: str, hours: float = 0, **more: Plain) -> dict[str, Plain]:
    """An act on record, by the clerk unless something else is said."""
    return {"action": action, "by": "clerk", "at": iso(hours), **more}


# --- random policies --------------------------------------------------------------------------------------------------


def random_policies(folder: Path, word: str, wanted: int) -> list[tuple[str, Path]]:
    """Seeds of so many random policies (of the oracle's) that load, each with the folder that holds it."""
    found: list[tuple[str, Path]] = []
    for number in count():
        seed = f"{word} {number}"
        path = generate.write(generate.policy(Seeded(seed)), folder / str(number))
        try:
            Policy.load(path, engine="plain")
        except PolicyError:
            continue
        found.append((seed, path))
        if len(found) == wanted:
            break
    return found


def questions(seed: str, wanted: int) -> list[tuple[dict[str, Plain], datetime]]:
    """So many random cases for the random policy of a seed, each with an instant."""
    dice = Seeded(seed)
    made = generate.policy(dice)
    return [generate.question(dice, made) for _ in range(wanted)]
