"""Eight changes of other kinds than those of the ten, two pairs of them about the same steps: each is found or named."""

from __future__ import annotations

import pytest

from escalation_rules import Comparison, Policy, compare
from tests.compare import seeds
from tests.compare.seeds import Seed

INTERVAL = Seed(
    "settle.yaml", "id: search-for-what-was-lost", "every 1 day", "every 2 days", "search-for-what-was-lost",
    (("no longer", "recommend", ("search_for_it",)),),
)  # fmt: skip
AMOUNT = Seed(
    "settle.yaml", "id: the-offered-price-stands", "{from: charge.amount, less: charge.quoted}", "charge.amount",
    "the-offered-price-stands", (("otherwise", "recommend", ("waive_charge",)),),
)  # fmt: skip
DEADLINE = Seed(
    "settle.yaml", "escalates: the-offered-price-stands", "1 working day of damage.reported_at",
    "2 working days of damage.reported_at", "waive-charge-on-evident-damage",
    (("otherwise", "recommend", ("waive_charge",)),),
)  # fmt: skip
ANCHOR = Seed(
    "settle.yaml", "id: what-the-law-fixes-is-paid", "7 days of loss.recorded_at", "7 days of case.opened_at",
    "what-the-law-fixes-is-paid", (("otherwise", "recommend", ("pay_loss",)),),
)  # fmt: skip
UNTIL = Seed(
    "settle.yaml", "id: settlement-waits-for-the-cause", "fault.ours: true",
    "any: [{fault.ours: true}, {cause.established_at: given}]", "settlement-waits-for-the-cause",
    (("now", "recommend", ("pay_loss",)), ("no longer", "hold", ("pay_loss",))),
)  # fmt: skip
IN_DOUBT = Seed(
    "facts-empathy-law.yaml", "- forbid: close_fact_finding\n        when_unknown", "        when_unknown: allow\n", "",
    "nobody-looks-into-their-own-case",
    (("no longer", "recommend", ("close_fact_finding",)), ("now", "forbid", ("close_fact_finding",))),
)  # fmt: skip
STALE = Seed(
    "vocabulary/facts.yaml", "customer.temperature:", "stale_after: 2 days", "stale_after: 1 day", "customer.temperature", ()
)  # fmt: skip
SEEDS = (INTERVAL, AMOUNT, DEADLINE, ANCHOR, UNTIL, IN_DOUBT, STALE)

LAYER = """\
format: 1
ruleset: our-changes
label:
  en: ours
  zh-TW: 我們
  zh-CN: 我们
principle: settle
vocabulary:
  sources:
    house:
      en: house
      zh-TW: 本店
      zh-CN: 本店
rules:
  - id: our-own-price
    replaces: what-the-front-line-may-give
    source: house
    then:
      - forbid: waive_charge
        by: [frontline]
        where: {amount: {above: {TWD: 2500, CNY: 500}}}
    because:
      en: ours
      zh-TW: 我們的
      zh-CN: 我们的
"""
"""The eighth change: a layer replaces a rule by one with another limit, and without one of its prohibitions."""
OURS, THEIRS = "our-own-price", "what-the-front-line-may-give"
LAYER_DIFFERENCES = {
    ("no longer", "forbid", ("offer_compensation",), (THEIRS,)),
    ("no longer", "forbid", ("waive_charge",), (THEIRS,)),
    ("now", "forbid", ("waive_charge",), (OURS,)),
}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("eight")
    changed = seeds.copied(folder / "changed", *SEEDS)
    (folder / "ours.yaml").write_text(LAYER, encoding="utf-8")
    return compare(Policy.load(engine="plain"), Policy.load(changed, folder / "ours.yaml", engine="plain"))


def test_each_is_found_in_a_case_and_nothing_else(comparison: Comparison) -> None:
    found = {(each.how, each.head, each.actions, each.because) for each in comparison.effects}
    expected = {(*difference, (seed.cause,)) for seed in SEEDS for difference in seed.differences}
    assert found == expected | LAYER_DIFFERENCES


def test_what_only_histories_show_is_named(comparison: Comparison) -> None:
    (aging,) = (left for left in comparison.not_compared if left.part == "aging")
    assert (aging.because, aging.keys) == (("customer.temperature",), ("stale_after",))
    others = {name for left in comparison.not_compared if left is not aging for name in left.because}
    assert "customer.temperature" not in others


def test_each_is_told_in_words(comparison: Comparison) -> None:
    told = {each.rule: each.kind for each in comparison.rules} | {
        each.name: each.kind for each in comparison.vocabulary
    }
    sources = {name: kind for name, kind in told.items() if kind == "added"}
    assert OURS in sources
    assert {name: kind for name, kind in told.items() if kind != "added"} == {
        **{seed.cause: "changed" for seed in SEEDS}, THEIRS: "removed"
    }  # fmt: skip
