"""The command line as a function: arguments in, exit code and both streams out; and a shop with its own policy."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from escalation_rules.cli import main

HERE = Path(__file__).parent
SHOP = str(HERE / "shop")
AT = "2026-03-02T10:00:00+08:00"

VASES = """\
id: V-1
currency: TWD
facts:
  case.opened_at: 2026-03-02T08:00:00+08:00
  customer.wish: 我要找律師
vases:
  - {id: blue, what: 藍色大花瓶, price: 1200.50, broken: true}
  - {id: red, price: 300, broken: true}
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str


class Stdin:
    """Stdin with the bytes that a pipe would bring."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def close(self) -> None:
        """A process that is forked closes its stdin."""
        self.buffer.close()


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run_main(*arguments: str, stdin: str | bytes = "") -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", Stdin(data))
        code = main(arguments)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run_main


@pytest.fixture
def vases(tmp_path: Path) -> str:
    path = tmp_path / "vases.yaml"
    path.write_text(VASES, encoding="utf-8")
    return str(path)


@pytest.fixture
def decide(run: Run, vases: str) -> Run:
    """`decide` on the shop's case, under the shop's policy."""

    def run_decide(*arguments: str) -> Result:
        return run("decide", vases, "--policy", SHOP, "--at", AT, *arguments)

    return run_decide


@pytest.fixture
def shop() -> str:
    """The folder of the shop's policy."""
    return SHOP
