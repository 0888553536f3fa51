"""What the pages say of the second reader is what the two files of labels hold, and the files fit each other."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from escalation_rules.integrations.signals import lexicon as room
from tests.integrations.signals import agreement, measure

SECOND = agreement.load()
MEASURED = measure.load()
READ = agreement.texts(SECOND, MEASURED)
PAGE = (Path(room.__file__).parent / "README.md").read_text(encoding="utf-8")
DATA_PAGE = (agreement.DATA.parent / "README.md").read_text(encoding="utf-8")
SEAL = "b3db04af496979d7787db19ca20dc065765501eb5003dc8cf728bed7bc7f8267"


def test_the_second_readers_labels_are_those_that_were_sealed() -> None:
    """They were committed before they were compared. A label that turns out wrong is answered in `third`, not changed."""
    sealed = [SECOND["meanings"], [(key, text["signals"]) for key, text in SECOND["texts"].items()]]
    told = json.dumps(sealed, ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(told.encode()).hexdigest() == SEAL


def test_the_second_reader_names_only_signals_that_have_a_meaning() -> None:
    named = {signal for text in SECOND["texts"].values() for signal in text["signals"]}
    assert named <= set(SECOND["meanings"])


def test_each_signal_of_the_first_reading_and_of_the_lexicon_has_a_meaning() -> None:
    named = {signal for text in MEASURED["texts"].values() for signal in (*text["labels"], *text["proposed"])}
    assert named <= set(SECOND["meanings"])


def test_each_difference_was_looked_at_a_third_time_and_nothing_else() -> None:
    for text in READ:
        differences = text.signals["first"] ^ text.signals["second"]
        third = SECOND["texts"][text.key].get("third", {})
        assert set(third) == differences, text.key
        for signal, why in third.items():
            right, _, reason = why.partition(": ")
            assert right in ("first", "second"), (text.key, signal)
            assert reason, (text.key, signal)


def test_the_third_look_keeps_what_both_found_and_takes_what_one_found_rightly() -> None:
    [text] = agreement.texts(
        {
            "meanings": {"refund": "", "return": "", "hazard": "", "injury": ""},
            "texts": {
                "a": {
                    "drawn": "random",
                    "signals": ["refund", "hazard", "injury"],
                    "third": {
                        "return": "first: it is",
                        "hazard": "second: it is",
                        "injury": "first: it is not",
                    },
                }
            },
        },
        {"texts": {"a": {"set": "nhtsa", "part": "sealed", "labels": ["refund", "return"], "proposed": []}}},
    )
    assert text.signals["third"] == {"refund", "return", "hazard"}


def test_enough_was_read_from_each_side() -> None:
    chance = [text for text in READ if text.by_chance]
    closed = [text for text in READ if text.part != "learnt"]
    chinese = [text for text in READ if MEASURED["texts"][text.key]["set"] == "reviews-zh"]
    assert (len(READ), len(chance), len(closed), len(chinese)) == (725, 400, 454, 197)


def test_kappa_and_agreement_of_an_example_counted_by_hand() -> None:
    """50 texts: seen 35/50; by chance (25 x 30 + 25 x 20) / 2500 = 1/2; kappa (0.7 - 0.5) / 0.5."""
    cell = agreement.Both(both=20, first=5, second=10, neither=15)
    assert cell.kappa == pytest.approx(0.4)
    assert cell.positive == pytest.approx(40 / 55)


def test_the_page_has_the_agreement() -> None:
    """After a change of the lexicon, when it was measured again: `python -m tests.integrations.signals.agreement`."""
    assert agreement.agreement_table(READ) in PAGE
    assert agreement.summary_table(READ) in PAGE


def test_the_page_names_what_was_right_less_than_four_times_of_five() -> None:
    assert f": {agreement.less_than_four_of_five(READ)}." in PAGE


def test_the_page_beside_the_labels_has_what_was_right_by_each_reading() -> None:
    assert agreement.outcome_table(READ) in DATA_PAGE
