"""Messages from anywhere: refused with every problem at once, or read in time that grows with their length."""

from __future__ import annotations

import os
import subprocess
import sys
from time import process_time
from typing import Any

import pytest

from escalation_rules.integrations.signals import Message, MessageError, propose
from escalation_rules.integrations.signals._installed import check_installed
from tests.integrations.signals.said import AT, said

LONG = 4_000
PIECES = [
    "caught fire ", "refund ", "I want a refund ", "起火", "不退款", "$1", "1", "1,000", "第三次", "三", "三百元", "by Friday ",
    "5 March ", "?", "為什麼？", ". ", "\n", "> caught fire\n", "-- \n", "From: a\n", "On a wrote:\n", "On ", "寫道", "a@", "@a",
    "a.a", "http://", "\u0301", "\u202e", "\u200b", "e\u0301", "no ", "if ", "I will post this on Facebook ", "post ",
    "online ", ",", "'", "\x00", "\U0001f600", "charged me $20 ", "within 3 days ", "twice ", "吗", "ﷺ", "report ", "ftc ",
    "\ud800", "１２３１５", "打12315",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_long_text_does_not_hang(piece: str) -> None:
    """A second or so is usual; what grows with the square of the length takes minutes."""
    text = piece * (64 * LONG // len(piece))
    begin = process_time()
    propose([said(text)], currency="TWD")
    assert process_time() - begin < 10


def test_a_long_text_gives_few_proposals() -> None:
    text = "Why was I charged $20? It caught fire. I want a refund. " * 2000
    found = propose([said(text)], currency="USD")
    assert len(found) < 60


@pytest.mark.parametrize(
    ("messages", "problems"),
    [
        (None, ["messages: error: the messages cannot be null; expected a list of messages [wrong-form]"]),
        (
            "fire",
            ["messages: error: the messages cannot be 'fire'; expected a list of messages [wrong-form]"],
        ),
        ([1], ["messages[0]: error: a message cannot be 1; expected a mapping with `text:` [wrong-form]"]),
        (
            [{"id": 1, "role": "customer", "txt": "a", "at": "2026-03-02T10:00:00"}],
            [
                (
                    "messages[0].at: error: '2026-03-02T10:00:00' has no offset from UTC; "
                    "expected a date and time with its offset, such as 2026-03-01T10:00:00+08:00 [wrong-value]"
                ),
                "messages[0].id: error: 1 is not a text; expected a text [wrong-value]",
                "messages[0].text: error: missing `text:` in the message; expected `text:` [missing-key]",
                (
                    "messages[0].txt: error: unknown key 'txt' in the message; "
                    "did you mean 'text'? [unknown-key]"
                ),
            ],
        ),
        (
            [said("a"), said("b")],
            ["messages[1].id: error: the message id 'm1' is used twice [duplicate]"],
        ),
        (
            [said("a" * 1_000_001)],
            ["messages[0].text: error: 1,000,001 characters; expected at most 1,000,000 [too-many]"],
        ),
        (
            [said("a", f"m{number}") for number in range(1001)],
            ["messages: error: more than 1,000 messages; expected fewer messages [too-many]"],
        ),
    ],
)
def test_messages_that_cannot_be_read(messages: Any, problems: list[str]) -> None:
    with pytest.raises(MessageError) as caught:
        propose(messages)
    assert [str(each) for each in caught.value.diagnostics] == problems


def test_messages_that_can_be_read() -> None:
    assert propose([]) == ()
    assert propose(iter([Message("m1", "customer", "")])) == ()
    assert propose([{"id": "m1", "role": "customer", "text": "", "at": None}]) == ()
    [found] = propose(({"id": "m1", "role": "customer", "text": "It caught fire.", "at": AT},))
    assert found.path == "hazard.happened"


TEXTS = [
    "It caught fire, it burned my hand. I want a refund of $20, or I'll sue you!",
    "不退款我就去消協，也發微博曝光你們。",
]
TOLD = """
import json, sys
from escalation_rules.integrations.signals import propose
from tests.integrations.signals.said import said
found = propose([said(text, str(at)) for at, text in enumerate(sys.argv[1:])], currency="USD")
print(json.dumps([each.to_dict() for each in found]))
"""


def test_the_same_whatever_the_hash_seed() -> None:
    command = [sys.executable, "-c", TOLD, *TEXTS]
    told = set()
    for seed in ("0", "1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        told.add(subprocess.run(command, env=env, capture_output=True, check=True).stdout)
    assert len(told) == 1
    assert len(told.pop()) > 1000


def test_what_to_install_is_said() -> None:
    with pytest.raises(
        ImportError, match=r"no_such_package, which cannot be imported; install escalation-rules\[signals\]"
    ):
        check_installed(("attrs", "no_such_package"))
