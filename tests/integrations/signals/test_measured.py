"""What the page says of precision and recall is what was measured, with the lexicon as it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from escalation_rules import BUILTIN, Policy
from escalation_rules.integrations.signals import Lexicon, check_examples
from escalation_rules.integrations.signals import lexicon as room
from tests.integrations.signals import measure

PAGE = (Path(room.__file__).parent / "README.md").read_text(encoding="utf-8")
MEASURED = measure.load()
TURNS = os.environ.get("SIGNALS_TURNS", "")


def test_the_page_has_the_totals() -> None:
    assert measure.table(MEASURED) in PAGE


def test_the_lexicon_was_measured_as_it_is() -> None:
    """After a change of the lexicon: `python -m tests.integrations.signals.measure TURNS.jsonl`, and the table into the page."""
    assert measure.lexicon_digest() == MEASURED["lexicon"]


def test_enough_was_labelled() -> None:
    parts = [text["part"] for text in MEASURED["texts"].values()]
    assert len(parts) >= 1800
    assert abs(parts.count("learnt") - parts.count("sealed")) < 100


def test_no_signal_is_proposed_that_was_less_than_four_times_of_five_right_on_the_learnt_half() -> None:
    for signal, parts in measure.totals(MEASURED).items():
        right, wrong = parts["learnt"]["right"], parts["learnt"]["wrong"]
        assert 5 * right >= 4 * (right + wrong), signal


@pytest.mark.skipif(
    not TURNS, reason="SIGNALS_TURNS does not name the texts: data/README.md says where they come from"
)
def test_what_was_measured_is_what_is_proposed_today() -> None:
    for key, proposed in measure.measured(Path(TURNS)):
        assert proposed == MEASURED["texts"][key]["proposed"], key


def test_the_examples_of_the_page_run() -> None:
    known: dict[str, object] = {}
    for code in re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE):
        exec(compile(code, "README.md", "exec"), known)


def test_the_lexicon_of_the_page_does_what_its_examples_say(tmp_path: Path) -> None:
    [text] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    file = tmp_path / "ours.yaml"
    file.write_text(text, encoding="utf-8")
    lexicon = Lexicon.load(BUILTIN, file, vocabulary=Policy.load(engine="plain").vocabulary)
    assert [str(each) for each in check_examples(lexicon)] == []
