"""How well the built-in policy does on public complaints: each story with what a good handler expected of it, as data.

`python -m tests.stories.score FOLDER [--by-story] [--details]` prints the table. A story was written down before the rules
were read; its case holds only what a CRM would have on record.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import yaml

from escalation_rules import Policy
from escalation_rules.decision import Decision
from escalation_rules.tools.audit import Breach

HERE = Path(__file__).resolve().parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Eight times as fast as PyYAML's own parser."""
Said = tuple[str, str | None]
"""An action or a fact, and the record that it is about."""


@attrs.frozen
class Score:
    """Counts that add up; shares of them are what is aimed at."""

    failures: int = 0
    failures_found: int = 0
    breaches: int = 0
    breaches_right: int = 0
    items: int = 0
    items_there: int = 0
    steps: int = 0
    steps_wrong: int = 0
    steps_noise: int = 0
    firsts: int = 0
    firsts_right: int = 0
    plans: tuple[int, ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(
            *(mine + theirs for mine, theirs in zip(attrs.astuple(self), attrs.astuple(other), strict=True))
        )

    def shares(self) -> dict[str, float]:
        """The shares in per cent, and the median length of a plan."""
        lengths = sorted(self.plans)
        return {
            "audit recall": _share(self.failures_found, self.failures),
            "audit precision": _share(self.breaches_right, self.breaches),
            "items there": _share(self.items_there, self.items),
            "steps wrong": _share(self.steps_wrong, self.steps, 0.0),
            "steps noise": _share(self.steps_noise, self.steps, 0.0),
            "first step right": _share(self.firsts_right, self.firsts),
            "median plan": float(lengths[len(lengths) // 2]) if lengths else 0.0,
        }


def _share(part: int, whole: int, nothing: float = 100.0) -> float:
    return round(100 * part / whole, 1) if whole else nothing


@attrs.frozen
class Result:
    """The score of one story, and what explains it in words."""

    name: str
    score: Score
    notes: tuple[str, ...]


def stories(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each story of a folder, by name."""
    for file in sorted(folder.glob("*.yaml")):
        yield file.stem, yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)


def result(policy: Policy, name: str, story: Mapping[str, Any]) -> Result:
    """How well the policy does on one story."""
    case = policy.case(plain(story["case"]))
    notes: list[str] = []
    score = Score()
    for point in story.get("turning_points", ()):
        score += _at_turning_point(policy.decide(case, at=instant(point["at"])), point, notes)
    end = story.get("audit_until") or story["case"]["history"][-1]["at"]
    found: tuple[Breach, ...] = policy.audit(case, at=instant(end)).breaches
    wanted = story.get("audit", {}).get("expected", [])
    right = {*story.get("audit", {}).get("also", ())}
    hit = set()
    for expected in wanted:
        matching = [
            each for each in found if _names(expected["found_as"], each.action or each.fact or "", each.about)
        ]
        if matching:
            hit |= {id(each) for each in matching}
            score += Score(failures_found=1)
        else:
            notes.append(f"audit misses: {expected['says']}")
    for each in found:
        what = each.action or each.fact or ""
        good = id(each) in hit or what in right or f"{what} {each.about}" in right
        score += Score(breaches=1, breaches_right=int(good))
        if not good:
            notes.append(
                f"audit says too much: {each.kind} {what} {each.about or ''} {each.at:%d %b %H:%M} {each.rules}"
            )
    return Result(name, score + Score(failures=len(wanted)), tuple(notes))


def _at_turning_point(decision: Decision, point: Mapping[str, Any], notes: list[str]) -> Score:
    at = point["at"]
    plan: list[Said] = [(step.action, step.about) for step in decision.plan]
    barred: list[Said] = [(each.action, each.about) for each in decision.forbidden]
    barred += [(each.action, each.about) for each in decision.held]
    asked: list[Said] = [(each.fact, None) for each in decision.missing]
    expected = point.get("expected", [])
    # What is done in one go counts as one step of a plan.
    score = Score(firsts=1, plans=(sum(step.part_of is None for step in decision.plan),))
    if plan and _names(point["first"], *plan[0]):
        score += Score(firsts_right=1)
    else:
        notes.append(f"{at}: first is {plan[0] if plan else None}, not {point['first']}")
    matched: set[int] = set()
    for each in expected:
        places = [index for index, said in enumerate(plan) if _names(each.get("plan", ()), *said)]
        there = bool(places) or any(_names(each.get("not", ()), *said) for said in barred)
        there = there or any(_names(each.get("ask", ()), *said) for said in asked)
        matched |= set(places)
        score += Score(items=1, items_there=int(there))
        if not there:
            notes.append(f"{at}: missing: {each['says']}")
    for index, said in enumerate(plan):
        wrong = _names(point.get("wrong", ()), *said)
        fine = index in matched or _names([*point.get("fine", ()), *point["first"]], *said)
        score += Score(steps=1, steps_wrong=int(wrong), steps_noise=int(not wrong and not fine))
        if wrong or not fine:
            notes.append(
                f"{at}: {'wrong' if wrong else 'noise'}: {said} {[each.rule for each in decision.plan[index].because]}"
            )
    return score


def _names(names: Sequence[str], what: str, about: str | None) -> bool:
    return what in names or f"{what} {about}" in names


def instant(text: object) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(str(text))


def plain(data: Any) -> Any:
    """YAML's instants as texts, which a CRM would send."""
    if isinstance(data, Mapping):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(each) for each in data]
    return data.isoformat() if isinstance(data, datetime) else data


def table(results: Sequence[Result]) -> str:
    """All shares, by story and together."""
    total = Score()
    for each in results:
        total += each.score
    names = list(Score().shares())
    rows = [("story", *names), *((each.name, *map(str, each.score.shares().values())) for each in results)]
    rows.append(("together", *map(str, total.shares().values())))
    return "\n".join(" | ".join(cells) for cells in rows)


def main() -> int:
    """Print the table of a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--details", action="store_true")
    given = parser.parse_args()
    policy = Policy.load()
    results = [result(policy, name, story) for name, story in stories(given.folder)]
    print(table(results))
    for each in results if given.details else ():
        print(f"\n{each.name}")
        print("\n".join(f"  {note}" for note in each.notes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
