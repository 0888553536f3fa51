"""Each feature fails without any one of its rules, and no rule is without a feature.

Its rules are those that it names; those that rest on its account (or are of its ruleset) whether it names them or not, as
some conclude something that other rules read, and show only in what these do; and those that say why in what is decided
of its account.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import attrs
import pytest

from escalation_rules import BUILTIN, Decision, Policy
from escalation_rules.decision import DoneStep, Forbidden, Held, Step, Verdict
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.pytest_plugin.rehearsal import NotRehearsed, Play, failure, performed, plays
from escalation_rules.tools.audit import Audit, Breach

FEATURES = Path(__file__).resolve().parents[2] / "features"
ACCOUNTS = {
    "electricity-bill": "S3 the electricity bill",
    "headphones": "S0 the headphones without an invoice",
    "only-one": "S1b the class, the teacher and three departments",
    "power-bank": "S4 the power bank",
    "set-top-box": "S2 the set-top box",
    "shipping-fee": "S1a the shipping fee",
    "signature": "S3 the signature on the card",
    "table": "S3 the table with strap marks",
    "watch": "S0 the watch",
}
"""The account that a feature tells, as rules cite it; after a comma they say what of it."""
RULESETS = {"legal-floor": "legal-floor"}
"""The ruleset that a feature goes through."""
MADE_UP = (
    "any-complaint",
    "closed-case",
    "dentist",
    "friday-at-four",
    "fridge",
    "hotel",
    "what-comes-first",
    "what-must-not-be-done",
    "where-a-rule-ends",
)
"""Features that tell no account: complaints that were made up, and written down, before the rules were read; and the
smallest case of each kind."""
GENERAL = "public complaints retold in 2026"
"""What the rules cite that hold in any complaint. They are of `any-complaint`, and the accounts need not repeat them."""


@attrs.frozen
class Feature:
    """A feature file, read and ready to run."""

    name: str
    scenarios: tuple[Play, ...] = attrs.field(repr=False)

    def rules(self, model: PolicyModel) -> list[str]:
        """The rules that it names, and those that it is about."""
        named = {name for play in self.scenarios for name in play.names}
        return [rule.id for rule in model.rules if rule.id in named or rests_on(rule, self.name)]

    def misses(self, rule: str, request: pytest.FixtureRequest) -> bool:
        """Whether an assertion fails once the rule is taken out."""
        policy = without(rule)
        likely_first = sorted(self.scenarios, key=lambda play: rule not in play.names)
        return any(failure(play, policy, request) for play in likely_first)


def accounts_of(rule: Rule) -> list[str]:
    """The accounts that a rule cites, and not the laws and standards."""
    return [each for each in (rule.source or "").split("; ") if each[:1] == "S" and each[1:2].isdigit()]


def rests_on(rule: Rule, feature: str) -> bool:
    """Whether a rule comes from what the feature is about."""
    account = ACCOUNTS.get(feature)
    cited = any(each == account or each.startswith(f"{account},") for each in accounts_of(rule))
    general = feature == "any-complaint" and rule.source == GENERAL
    return cited or general or rule.ruleset == RULESETS.get(feature)


@lru_cache(maxsize=1)
def without(rule: str) -> Policy:
    """The policy less one rule. The tests of a rule follow one another, and share it.

    Taken from what was read: as a layer that disables it, only at once, and also where nobody else concludes a choice
    (`judge-by-evidence`), which the loader would refuse.
    """
    model = read_model()
    return Policy(attrs.evolve(model, rules=tuple(each for each in model.rules if each.id != rule)), "plain")


def reasons(play: Play, policy: Policy, request: pytest.FixtureRequest) -> set[str]:
    """The rules that say why, in what the scenario decides, checks and audits: of steps, verdicts and breaches. An assertion
    that fails is raised.

    What is stopped and nobody wants is left out: much is forbidden at all times.
    """
    return {
        reason.rule
        for answer in performed(play, policy, request)
        for each in _reasoned(answer)
        for reason in each.because
    }


def _reasoned(answer: object) -> Iterator[Step | DoneStep | Forbidden | Held | Verdict | Breach]:
    match answer:
        case Decision():
            yield from answer.plan
            yield from answer.done
            yield from (each for each in answer.forbidden if each.wanted)
            yield from (each for each in answer.held if each.wanted)
        case Verdict():
            yield answer
        case Audit():
            yield from answer.breaches


@cache
def every_feature() -> list[Feature]:
    return [Feature(file.stem, plays(file)) for file in sorted(FEATURES.glob("*.feature"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "feature" not in metafunc.fixturenames:
        return
    features = every_feature()
    if "rule" not in metafunc.fixturenames:
        metafunc.parametrize("feature", features, ids=[each.name for each in features])
        return
    model = read_model()
    pairs = [(feature, rule) for feature in features for rule in feature.rules(model)]
    pairs.sort(key=lambda pair: pair[1])
    metafunc.parametrize(
        ("feature", "rule"), pairs, ids=[f"{feature.name}-{rule}" for feature, rule in pairs]
    )


@cache
def read_model() -> PolicyModel:
    return Policy.load(engine="plain").model


@pytest.fixture(scope="module")
def model() -> PolicyModel:
    return read_model()


@pytest.fixture(scope="module")
def whole(model: PolicyModel) -> Policy:
    """The policy with all its rules."""
    return Policy(model, "plain")


def test_a_feature_fails_without_any_one_of_its_rules(
    feature: Feature, rule: str, request: pytest.FixtureRequest
) -> None:
    assert feature.misses(rule, request), (
        f"every scenario passes without {rule}: let one assert what only this rule says"
    )


def test_a_feature_passes_and_fails_without_any_rule_that_says_why_in_its_account(
    feature: Feature, model: PolicyModel, whole: Policy, request: pytest.FixtureRequest
) -> None:
    known = {rule.id for rule in model.rules}
    given = {rule for play in feature.scenarios for rule in reasons(play, whole, request)}
    own = {*feature.rules(model), *(rule.id for rule in model.rules if rule.source == GENERAL)}
    others = sorted((given & known) - own) if feature.name in ACCOUNTS else []
    assert [rule for rule in others if not feature.misses(rule, request)] == []


def test_every_rule_is_of_a_feature(model: PolicyModel) -> None:
    owned = {rule for feature in every_feature() for rule in feature.rules(model)}
    assert [rule.id for rule in model.rules if rule.id not in owned] == []


def test_every_account_has_its_feature(model: PolicyModel) -> None:
    assert sorted([*ACCOUNTS, *RULESETS, *MADE_UP]) == sorted(
        file.stem for file in FEATURES.glob("*.feature")
    )
    cited = {account for rule in model.rules for account in accounts_of(rule)}
    told = {each for each in cited for account in ACCOUNTS.values() if f"{each},".startswith(f"{account},")}
    assert cited - told == set()


def test_a_rule_taken_out_is_one_that_a_layer_disables(tmp_path: Path, model: PolicyModel) -> None:
    layer = "format: 1\ndisable:\n  - rule: one-owner\n    because:\n      en: Would anybody miss it?\n"
    (tmp_path / "less.yaml").write_text(layer, encoding="utf-8")
    assert Policy.load(BUILTIN, tmp_path, engine="plain").model.rules == without("one-owner").model.rules


# --- what a weak feature would get away with ----------------------------------------------------------------------------

WEAK = """Feature: Weak
  Scenario: Says why one thing is planned and nothing of the other
    {given}
    When the policy decides at 2026-03-02T10:00:00+08:00
    Then ask_need is planned because of tell-demand-from-need
    And express_regret is planned
"""


def weak(tmp_path: Path, given: str) -> Play:
    (tmp_path / "weak.feature").write_text(WEAK.format(given=given), encoding="utf-8")
    (play,) = plays(tmp_path / "weak.feature")
    return play


def test_an_assertion_that_fails_names_its_sentence(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    play = weak(tmp_path, "Given a case")
    assert "tell-demand-from-need" in play.names
    told = failure(play, without("tell-demand-from-need"), request)
    assert told is not None
    assert told.splitlines()[0].endswith(
        "weak.feature:5: Then ask_need is planned because of tell-demand-from-need"
    )


def test_a_reason_that_is_given_and_not_asserted_is_not_missed(
    tmp_path: Path, model: PolicyModel, request: pytest.FixtureRequest
) -> None:
    play = weak(tmp_path, "Given a case\n    And these losses:\n      | id |\n      | l1 |")
    two = {"care-from-the-first-contact", "regret-from-the-first-minute"}
    assert reasons(play, Policy(model, "plain"), request) >= two
    assert [failure(play, without(rule), request) for rule in sorted(two)] == [None, None]


def test_what_goes_wrong_before_an_assertion_is_no_failure(
    tmp_path: Path, model: PolicyModel, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotRehearsed, match=r"weak\.feature:3: .*\n  there is no nowhere\.yaml"):
        failure(weak(tmp_path, "Given the case in nowhere.yaml"), Policy(model, "plain"), request)
    with pytest.raises(
        NotRehearsed, match=r"weak\.feature:3: .*: no steps of the plugin are worded like this"
    ):
        weak(tmp_path, "Given a case in the drawer")
