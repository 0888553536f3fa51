"""Public entry points × hostile values: only the library's own errors come out, each short and on one line, and soon.

The table is made from what the package exports: a method that is added tomorrow is in it by itself.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Event
from typing import Any

import pytest

import escalation_rules
from escalation_rules import Decision, EscalationRulesError, Policy, PolicyStore, Text, compare
from escalation_rules.errors import printable
from tests.robust.hostile import MAKERS

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
CASE = {
    "id": "T",
    "currency": "TWD",
    "facts": {"case.opened_at": "2026-03-02T15:40:00+08:00"},
    "damages": [
        {"id": "m", "evident": True, "caused_by": "carrier", "reported_at": "2026-03-02T15:40:00+08:00"}
    ],
    "charges": [{"id": "c", "amount": 800, "open": True, "disputed": True, "kind": "delivery"}],
    "acts": [{"action": "express_regret", "by": "frontline", "at": "2026-03-02T15:50:00+08:00"}],
}
SECONDS = 5
"""Of the processor, for one call: the values are large, but nothing may grow with their square."""

RECORDS = ("Position", "Diagnostic")
"""Plain records without behaviour, made by the library for its callers: what one puts in is what one gets."""
OF_THE_HOST = {("Policy", "with_formats"), ("Policy", "observed"), ("Decision", "explained_by"), ("Decision", "looking_again"),
               ("Decision", "deferred"), ("Text", "filled"), ("Text", "of"),
               ("Case", "at"), ("Case", "just_before"), ("Case", "from_mapping"),
               ("Witness", "of"), ("Answer", "covers"), ("Comparison", "said")}  # fmt: skip
"""What takes a function of the host's own code, and what only the engine and the tools call: hosts use `policy.case`."""


def exported() -> dict[str, Any]:
    return {name: getattr(escalation_rules, name) for name in escalation_rules.__all__}


def public_parts() -> tuple[type, ...]:
    """The exported classes."""
    return tuple(each for each in exported().values() if isinstance(each, type))


class Samples:
    """One good object of each exported class, and good values for the arguments of its methods."""

    def __init__(self) -> None:
        self.policy = policy = Policy.load(engine="plain")
        self.case = policy.case(CASE)
        self.decision = policy.decide(self.case, at=NOW)
        earlier = policy.decide({**CASE, "charges": [], "acts": []}, at=NOW)
        audit = policy.audit(self.case, at=NOW + timedelta(days=30))
        self.objects: dict[str, Any] = {
            "Policy": policy, "Case": self.case, "Decision": self.decision,
            "Audit": audit, "Breach": audit.breaches[0],
            "Changes": self.decision.changes_since(earlier), "Explanation": self.decision.explain(),
            "Verdict": policy.check(self.case, "apologise", at=NOW), "Text": Text.of({"en": "hello {x}"}),
            "Verification": policy.verify(self.decision, self.case), "PolicyStore": PolicyStore(settle=0),
            "Replay": policy.replay(self.case, until=NOW),
            "HeadingPart": policy.heading({"facts": {"case.subject": "a bill"}}, at=NOW)[0],
            "Comparison": compare(policy, policy, in_cases=False),
        }  # fmt: skip
        self.good: dict[str, Any] = {
            "self": None, "data": CASE, "positions": {}, "case": self.case, "history": self.case, "at": NOW, "until": NOW,
            "action": "waive_charge", "about": "c", "by": "accounts", "params": {}, "decision": self.decision,
            "earlier": earlier, "other": self.decision, "language": "en", "moment": NOW, "number": 0, "layers": "rulesets",
            "engine": "plain", "expect_digest": policy.digest, "vocabulary": policy.vocabulary, "formats": None,
            "stop": Event(), "every": 0, "cases": [CASE], "workers": 1, "start": None,
            "review": True,
        }  # fmt: skip
        self.good["stop"].set()


@pytest.fixture(scope="module")
def samples() -> Samples:
    return Samples()


def methods(kind: type) -> Iterator[tuple[str, Any]]:
    """The public methods of a class, those of its class included."""
    for name, value in sorted(vars(kind).items()):
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, classmethod)):
            yield name, value


def arguments(function: Any) -> Iterator[inspect.Parameter]:
    plain = function.__func__ if isinstance(function, classmethod) else function
    yield from list(inspect.signature(plain).parameters.values())[1:]


def table() -> Iterator[tuple[str, str, str]]:
    """Class, method and argument: each is tried with every hostile value, the other arguments being good."""
    for kind in public_parts():
        if kind.__name__ in RECORDS or issubclass(kind, Exception):
            continue
        for name, method in methods(kind):
            if (kind.__name__, name) not in OF_THE_HOST:
                yield from ((kind.__name__, name, each.name) for each in arguments(method))
    yield from (("Money", "__init__", each) for each in ("amount", "currency"))
    yield from (("PolicyStore", "__init__", each) for each in ("layers", "engine", "settle", "digest_file"))


ROWS = sorted(table())


@contextmanager
def only_our_errors(where: str) -> Iterator[None]:
    found: EscalationRulesError | None = None
    try:
        yield
    except EscalationRulesError as error:
        found = error
    if found is not None:
        assert found.diagnostics, where
        for each in found.diagnostics[:50]:
            text = str(each)
            assert text == printable(text, 20_000), (where, text[:300])
            assert "\n" not in text, where
            assert len(text) < 4 * 2_000, (where, len(text))
            assert each.message, where


def test_the_table_knows_every_entry_point() -> None:
    assert ("Policy", "check", "params") in ROWS
    assert ("Decision", "from_dict", "data") in ROWS
    assert len(ROWS) > 25


@pytest.mark.parametrize(("kind", "method", "argument"), ROWS, ids=[".".join(row) for row in ROWS])
def test_only_our_own_errors_come_out(samples: Samples, kind: str, method: str, argument: str) -> None:
    call = caller(samples, kind, method)
    for name, make in MAKERS.items():
        with only_our_errors(f"{kind}.{method}({argument}={name})"), within(SECONDS, name):
            value = call(argument, make())
            if inspect.isgenerator(value) or isinstance(value, Iterator):
                next(value, None)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in plain data, the inner ones too."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield (*path, key)
        yield from places(value, (*path, key))


def kinds_of_places(data: Any) -> Iterator[tuple[Any, ...]]:
    """One place of each kind: the entries of a list are alike."""
    seen = set()
    for path in places(data):
        kind = tuple("" if isinstance(key, int) else key for key in path)
        if kind not in seen:
            seen.add(kind)
            yield path


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of the data with another value at a place."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


FACTS = {
    "case.opened_at": "2026-03-02T15:40:00+08:00",
    "case.subject": "a table",
    "case.formal": True,
    "case.owner": "frontline",
}
WHOLE_CASE = {
    "id": "T", "currency": "TWD", "facts": FACTS, "learned_at": {"case.subject": "2026-03-02T15:40:00+08:00"},
    "parties": [{"id": "p", "role": "customer"}], "claims": [{"id": "k", "made_by": "p"}],
    "evidence": [{"id": "e", "claim": "k", "direct": True}], "charges": CASE["charges"],
    "acts": [{"action": "apologise", "by": "case_owner", "at": "2026-03-02T16:00:00+08:00", "about": None, "outcome": "done",
              "params": {}, "id": "a1", "as": None}],
}  # fmt: skip
HISTORY = {
    "id": "T", "currency": "TWD",
    "history": [{"at": "2026-03-02T15:40:00+08:00", **{k: v for k, v in WHOLE_CASE.items() if k not in ("id", "currency")}}],
}  # fmt: skip


@pytest.mark.parametrize("data", [WHOLE_CASE, HISTORY], ids=["case", "history"])
def test_a_case_with_a_hostile_value_at_any_place(samples: Samples, data: Any) -> None:
    samples.policy.case(data)
    for path in places(data):
        for name, make in MAKERS.items():
            with only_our_errors(f"{path} = {name}"), within(SECONDS, f"{path} = {name}"):
                case = samples.policy.case(replaced(data, path, make()))
                samples.policy.decide(case, at=NOW)


def test_a_decision_with_a_hostile_value_at_any_place(samples: Samples) -> None:
    data = samples.decision.to_dict("en")
    data["plan"], data["forbidden"], data["missing"] = (
        data["plan"][:2],
        data["forbidden"][:1],
        data["missing"][:1],
    )
    waive = next(each for each in samples.decision.to_dict()["plan"] if each["action"] == "waive_charge")
    data["plan"].append(waive)
    Decision.from_dict(data)
    for path in kinds_of_places(data):
        for name, make in MAKERS.items():
            where = f"{path} = {name}"
            with only_our_errors(where), within(SECONDS, where):
                Decision.from_dict(replaced(data, path, make())).to_dict()


def test_a_request_with_hostile_parameters(samples: Samples) -> None:
    policy = samples.policy
    for action in ("pay_loss", "waive_charge", "apologise", "assign_owner"):
        for parameter in policy.vocabulary.actions[action].params or ("nothing",):
            for name, make in MAKERS.items():
                with only_our_errors(f"{action} {parameter} {name}"), within(SECONDS, name):
                    policy.check(samples.case, action, at=NOW, params={parameter: make()})
                with only_our_errors(f"{action} {parameter} amount {name}"), within(SECONDS, name):
                    policy.check(
                        samples.case,
                        action,
                        at=NOW,
                        params={parameter: {"amount": make(), "currency": "TWD"}},
                    )


def caller(samples: Samples, kind: str, method: str) -> Callable[[str, Any], Any]:
    """Calls the method with good arguments, but for one."""
    cls = exported()[kind]
    if kind == "Money":
        return lambda argument, value: cls(**{"amount": Decimal(5), "currency": "TWD", argument: value})
    if method == "__init__":
        return lambda argument, value: (
            cls(value, settle=0)
            if argument == "layers"
            else cls("rulesets", **{"settle": 0, argument: value})
        )
    raw = vars(cls)[method]
    target = getattr(cls if isinstance(raw, classmethod) else samples.objects[kind], method)
    known = list(arguments(raw))

    def call(argument: str, value: Any) -> Any:
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for each in known:
            given = value if each.name == argument else samples.good[each.name]
            if each.name == "data" and kind == "Decision" and each.name != argument:
                given = samples.decision.to_dict()
            if each.kind is inspect.Parameter.VAR_POSITIONAL:
                positional.append(given)
            elif each.kind is inspect.Parameter.KEYWORD_ONLY:
                named[each.name] = given
            elif each.name == argument or each.default is inspect.Parameter.empty:
                positional.append(given)
        return target(*positional, **named)

    return call


@contextmanager
def within(seconds: float, name: str) -> Iterator[None]:
    """No call may take longer, on the processor."""
    start = time.process_time()
    yield
    spent = time.process_time() - start
    assert spent < seconds, f"{name} took {spent:.1f} s"
