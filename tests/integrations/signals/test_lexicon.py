"""The lexicon: checked like a policy, layered, its own examples run, and what it proposes is what a case takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import BUILTIN, Policy
from escalation_rules.integrations.signals import Lexicon, LexiconError, check_examples
from escalation_rules.integrations.signals.checking import example_proposals
from escalation_rules.integrations.signals.model import Entry
from tests.integrations.signals.said import proposed

POLICY = Policy.load(engine="plain")
LEXICON = Lexicon.load(vocabulary=POLICY.vocabulary)
OURS = """\
format: 1
lexicon: ours
entries:
  - id: our-fax
    propose: {customer.demand: the sentence}
    words: [fax]
    examples:
      match: [Send a fax.]
      not: [Send a letter.]
"""


def written(folder: Path, text: str, name: str = "ours.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_built_in_lexicon_does_what_its_examples_say() -> None:
    assert [str(each) for each in check_examples(LEXICON)] == []
    assert all(entry.matches and entry.must_not for entry in LEXICON.entries)


@pytest.mark.parametrize("entry", LEXICON.entries, ids=lambda each: each.id)
def test_what_an_entry_proposes_fits_a_case(entry: Entry) -> None:
    found = [each for example in entry.matches for each in example_proposals(LEXICON, entry, example)]
    assert found
    for each in found:
        value = each.value
        told = (
            {each.path: [{"id": "r1", **value}]} if isinstance(value, dict) else {"facts": {each.path: value}}
        )
        POLICY.case({"currency": each.currency, **told} if each.currency else told)


def test_nobody_s_feelings_or_faith_are_proposed() -> None:
    fields = {
        name
        for each in LEXICON.entries
        for name in [each.path, *(each.value if isinstance(each.value, dict) else ())]
    }
    assert not {
        each for each in fields if each.endswith(("temperature", "good_faith", "satisfied", "abusive"))
    }


def test_every_problem_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """\
format: 2
lexikon: ours
currencies: {dollars: [$]}
entries:
  - id: Our Fax
    propose: {hazard.hapened: true}
    words: [fax, {set: verbs}]
    near: {words: [send], within: 400, side: left}
    examples: {match: [a], not: []}
  - id: two
    propose:
      signals: {kind: regulatr, words: the quotation, when: the day}
    needs: [ammount]
    drop_if: [negatoin]
    examples: {match: [a], not: [b]}
  - id: three
    propose: {customer.temperature: furious}
    words: [angry]
    examples: {match: [a], not: [b]}
  - id: four
    propose: {people.injured: the day}
    words: [hurt]
  - id: five
    propose: {problem.occurrences: the number}
    words: [often]
    examples: {match: [a], not: [b]}
""",
    )
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(BUILTIN, file, vocabulary=POLICY.vocabulary)
    assert [str(each).removeprefix(f"{file}:") for each in caught.value.diagnostics] == [
        "1:9: error: the file does not say `format: 1`; expected `format: 1` [format]",
        "2:1: error: unknown key in the lexicon: 'lexikon'; did you mean 'lexicon'? [unknown-key]",
        "3:14: error: 'dollars' is not a currency code; expected three capital letters [bad-currency]",
        "5:9: error: 'Our Fax' is not an id; expected small letters, digits and - [bad-name]",
        "6:15: error: unknown fact 'hazard.hapened'; did you mean 'hazard.happened'? [unknown-fact]",
        "7:24: error: unknown set 'verbs'; expected turning-to, wanting, 将要 or 索要 [unknown-name]",
        "8:35: error: this is not a number of words; expected a whole number up to 40 [wrong-value]",
        "8:46: error: unknown side 'left'; expected any, before or after [unknown-name]",
        "9:15: error: the entry has no example below `not:`; expected `not:` with texts [no-example]",
        (
            "12:23: error: 'regulatr' is not a choice; expected regulator, consumer_association, court, media, recording, "
            "posting or police_or_insurer; did you mean 'regulator'? [wrong-value]"
        ),
        "12:40: error: unknown slot 'the quotation'; did you mean 'the quote'? [bad-slot]",
        "12:55: error: unknown field 'when'; expected at, kind, published, said_by or words [unknown-field]",
        "13:13: error: unknown need 'ammount'; did you mean 'amount'? [unknown-name]",
        (
            "17:15: error: customer.temperature cannot be proposed from words: feelings and intentions have to be asked; "
            "expected another fact [does-not-fit]"
        ),
        "20:5: error: `the day` cannot be filled; expected `needs: [day]` [missing-key]",
        "20:5: error: missing `examples:` in the entry; expected `examples:` with `match:` and `not:` [missing-key]",
        "21:31: error: `the day` is no flag; expected true or false [does-not-fit]",
        "23:5: error: `the number` cannot be filled; expected `needs: [number]` [missing-key]",
    ]


def test_a_layer_adds_replaces_and_disables(tmp_path: Path) -> None:
    changed = (
        OURS
        + "  - id: en-hazard\n    replaces: true\n    propose: {hazard.happened: true}\n    words: [kaboom]\n"
    )
    changed += "    examples: {match: [Kaboom!], not: [Boom]}\ndisable: [en-court]\n"
    lexicon = Lexicon.load(BUILTIN, written(tmp_path, changed), vocabulary=POLICY.vocabulary)
    assert check_examples(lexicon) == ()
    assert [
        each.rule for each in proposed("Kaboom! Send a fax, it caught fire, I'll sue you.", lexicon=lexicon)
    ] == [
        "en-hazard",
        "our-fax",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            OURS.replace("our-fax", "en-court"),
            "an entry 'en-court' exists already; expected another id, or `replaces: true`",
        ),
        (OURS + "    replaces: true\n", "no lower layer has an entry 'our-fax' to replace"),
        (
            OURS + "disable: [en-cort]\n",
            "no lower layer has an entry 'en-cort' to disable; did you mean 'en-court'?",
        ),
        (OURS + "    drop_if: [negatoin]\n", "`against:` has no entry 'negatoin'"),
        ("[]", "a lexicon is a mapping"),
        ("a: [", "not valid YAML"),
    ],
)
def test_layers_that_collide(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(BUILTIN, written(tmp_path, text))
    assert problem in str(caught.value)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(LexiconError, match=r"no-policy|unreadable"):
        Lexicon.load(tmp_path / name)
    (tmp_path / "latin.yaml").write_bytes("größe: 1".encode("latin-1"))
    with pytest.raises(LexiconError, match="not-utf-8"):
        Lexicon.load(tmp_path / "latin.yaml")


def test_an_example_that_fails_is_reported_at_its_line(tmp_path: Path) -> None:
    wrong = OURS.replace("[Send a fax.]", "[Send a telegram.]").replace(
        "[Send a letter.]", "[No fax please.]"
    )
    file = written(tmp_path, wrong)
    assert [str(each) for each in check_examples(Lexicon.load(file))] == [
        f"{file}:8:15: error: our-fax: the entry does not match its own example [does-not-match]",
        f"{file}:9:13: error: our-fax: the entry matches 'fax', which it must not [still-matches]",
    ]
