"""What follows for an action is kept by what rules say about it: the same as if it were worked out for each case."""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy, PolicyError
from escalation_rules.engine import decide as deciding
from escalation_rules.engine.by_action import by_action
from escalation_rules.engine.decision_cache import PARTS
from tests.bench.decide import generated
from tests.core.policies import NOW, Make, Plain, iso, load, plan
from tests.core.test_remembered import rule


def parts(policy: Policy, case: Plain, when: datetime) -> dict[str, Any]:
    """All parts of the decision about a case."""
    read = policy.case(case)
    assessment = policy._program.assessment(read, read.at(when), when)
    return {name: part(assessment) for name, part in PARTS.items()}


def one_by_one(live: Any, *_: Any) -> tuple[dict[str, Any], Any]:
    """As if what rules say about each action depended on the case."""
    return {}, live


ACTIONS = ("call", "call_boss", "secure", "ask", "pay", "gift", "preferred", "visit", "dun")
RECOMMENDED = ACTIONS[:-1]
FLAGS = ("x.a", "x.b", "x.c", "x.d", "v.a", "v.b")
BECAUSE = "  because:\n    en: so\n    zh-TW: so\n    zh-CN: so\n"


def drawn_test(chance: random.Random) -> Plain:
    """A test of one fact."""
    return chance.choice(
        (
            {chance.choice(FLAGS): chance.random() < 0.5},
            {"x.count": {"at_least": chance.randint(1, 4)}},
            {"x.colour": chance.choice(("red", "green"))},
            {"x.sort": chance.choice(("plea", "wish"))},
            {"x.amount": {"at_most": {"TWD": 100}}},
            {"some": "signals", "where": {"loud": True}},
        )
    )


def drawn_when(chance: random.Random) -> Plain:
    return {chance.choice(("all", "all", "any")): [drawn_test(chance) for _ in range(chance.randint(1, 3))]}


def drawn_effect(chance: random.Random) -> Plain:
    kind = chance.choice(("recommend", "recommend", "forbid", "hold"))
    if kind == "recommend":
        made: dict[str, Plain] = {"recommend": chance.choice(RECOMMENDED)}
        more = {"owner": chance.choice(("clerk", "boss")), "within": "2 hours", "again": "every 2 days"}
        made |= {key: value for key, value in more.items() if chance.random() < 0.15}
        return made
    made = {kind: chance.choice((*ACTIONS, "contacts"))}
    if kind == "hold":
        made["until"] = chance.choice((drawn_test(chance), {"x.who": "GIVEN"}, {"done": "ask"}))
    made |= {"by": ["clerk"]} if chance.random() < 0.3 else {}
    made |= {"when_unknown": "allow"} if chance.random() < 0.3 else {}
    return made


def drawn_policy(folder: Path, chance: random.Random) -> Policy | None:
    """A policy of rules of the case, most of which speak about the same few actions. None if it is no policy."""
    texts = [
        f"- id: {name}\n{BECAUSE}  when: {{x.{name}: true}}\n  then: [{{conclude: v.{name}}}]"
        for name in "ab"
    ]
    against: list[str] = []
    for number in range(chance.randint(6, 20)):
        effects = [drawn_effect(chance) for _ in range(chance.choice((1, 1, 2)))]
        made: dict[str, Plain] = {"then": effects}
        made |= {"when": drawn_when(chance)} if chance.random() < 0.9 else {}
        made |= {"unless": drawn_test(chance)} if chance.random() < 0.2 else {}
        made |= {"overrides": [chance.choice(against)]} if against and chance.random() < 0.1 else {}
        name = f"r{chance.randrange(1000)}-{number}"
        against += [name] if any("recommend" not in each for each in effects) else []
        parts_of_it = "".join(f"  {key}: {json.dumps(each)}\n" for key, each in made.items())
        texts.append(f"- id: {name}\n{BECAUSE}{parts_of_it}")
    text = "\n".join(texts).replace('"GIVEN"', "given")  # in quotes it would be a value
    try:
        return load(folder, "plain", text, gate="{x.d: true}" if chance.random() < 0.2 else "")
    except PolicyError:
        return None


def drawn_case(chance: random.Random) -> dict[str, Plain]:
    values: dict[str, Plain] = {
        **{name: chance.random() < 0.5 for name in FLAGS[:4]},
        "x.count": chance.randint(0, 5),
        "x.colour": chance.choice(("red", "green", "blue")),
        "x.sort": chance.choice(("plea", "wish", "query")),
        "x.amount": chance.choice((50, 500)),
        "x.who": "clerk",
    }
    case: dict[str, Plain] = {
        "id": "C",
        "facts": {key: each for key, each in values.items() if chance.random() < 0.6},
    }
    case |= {"currency": "TWD"} if "x.amount" in case["facts"] or chance.random() < 0.5 else {}
    if chance.random() < 0.3:
        case["acts"] = [{"action": chance.choice(ACTIONS), "by": "clerk", "at": iso(-1), "outcome": "done"}]
    if chance.random() < 0.3:
        case["signals"] = [{"id": "s", "loud": True}]
    return case


def test_random_decisions_are_as_if_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, kept, policies = random.Random(25), 0, 0
    for number in range(60):
        policy = drawn_policy(tmp_path / str(number), chance)
        if policy is None:
            continue
        policies += 1
        for _ in range(25):
            case = drawn_case(chance)
            found = parts(policy, case, NOW)
            with monkeypatch.context() as patch:
                patch.setattr(deciding, "by_action", one_by_one)
                assert parts(policy, case, NOW) == found
        kept += len(policy._program._rule_index.alike.states)
    assert policies > 30
    assert kept > 500


def test_sixty_rules_are_all_divided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of the case without anchors, parameters and acts: nothing is left to be worked out."""
    text, cases = generated()
    (tmp_path / "bench.yaml").write_text(text, "utf-8")
    policy = Policy.load(tmp_path, engine="plain")
    left: list[Any] = []

    def watched(*given: Any) -> Any:
        states, others = by_action(*given)
        left.extend(others)
        return states, others

    for case in cases:
        with monkeypatch.context() as patch:
            patch.setattr(deciding, "by_action", watched)
            found = parts(policy, case, NOW)
            patch.setattr(deciding, "by_action", one_by_one)
            assert parts(policy, case, NOW) == found
    assert not left


@pytest.mark.parametrize(
    "done", [{"action": "call", "by": "clerk", "at": NOW.isoformat(), "outcome": "done"}, None]
)
def test_an_act_is_not_overlooked(make: Make, done: dict[str, str] | None) -> None:
    """Another case without the act has left a state behind."""
    policy = make(rule("calls", "when: {x.a: true}\nthen: [{recommend: call}]"))
    facts = {"facts": {"x.a": True}}
    to_do = [("call", None, ["calls"])]
    assert plan(policy.decide(facts, at=NOW)) == to_do
    assert plan(policy.decide({**facts, "acts": [done] if done else []}, at=NOW)) == ([] if done else to_do)
