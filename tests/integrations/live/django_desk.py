"""The help desk of examples/django_helpdesk, started for a test: a customer who writes, an agent who asks its interface."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from tests.integrations.live.talking import ask, letter

DEMO = Path(__file__).parents[3] / "examples" / "django_helpdesk" / "demo.py"
PASSWORD = "for-this-demo-only"  # that of demo.py


@attrs.frozen
class Desk:
    """A desk that runs: its folder and its port."""

    folder: Path
    port: int

    def api(self, method: str, path: str, body: Any = None, by: str = "rosa") -> Any:
        """What its interface answers to an agent."""
        return ask(self.port, method, path, body, f"{by}:{PASSWORD}")

    def mail(self, subject: str, text: str, number: int) -> None:
        """A customer writes, and the desk takes it in."""
        file = self.folder / "mail" / f"{number}.eml"
        file.write_text(letter(subject, text, number), encoding="utf-8")
        self.run("mail")

    def run(self, command: str) -> str:
        """What one part of the demo prints."""
        done = subprocess.run(
            [sys.executable, DEMO, self.folder, command], check=True, capture_output=True, text=True
        )
        return done.stdout

    def sent(self) -> str:
        """All mails that the desk has sent."""
        return "\n".join(
            file.read_text(encoding="utf-8") for file in sorted((self.folder / "sent").iterdir())
        )


@contextmanager
def running(folder: Path, signed_in: bool = False) -> Iterator[Desk]:
    """A new desk in a folder, ended at the end."""
    command = [sys.executable, str(DEMO), str(folder)]
    subprocess.run([*command, "setup"], check=True, capture_output=True)
    known = {**os.environ, **({"DESK_SIGNED_IN": "1"} if signed_in else {})}
    with subprocess.Popen(
        [*command, "serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=known
    ) as server:
        try:
            assert server.stdout is not None
            yield Desk(folder, int(server.stdout.readline()))
        finally:
            server.kill()
