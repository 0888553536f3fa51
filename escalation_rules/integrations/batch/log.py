"""The log of a run: a line of JSON for each finished history. An interrupted run can be resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO, Self

from escalation_rules.integrations.batch.rows import json_text


class RunLog:
    """A file of finished histories. `finished` contains the digests of cases that need not be replayed again."""

    def __init__(self, path: Path, policies: Sequence[str]) -> None:
        """Open or create the file. Existing lines of the same policies are kept. Raises `OSError`."""
        self._policies = list(policies)
        self._places: dict[str, int] = {}
        self.until: str | None = None
        self._stream: BinaryIO = path.open("a+b")
        self._read()

    @property
    def finished(self) -> frozenset[str]:
        """The digests of the cases that were replayed up to `until`."""
        return frozenset(self._places)

    def restrict(self, until: str) -> None:
        """Ignore lines that were replayed up to another instant."""
        if self.until != until:
            self._places.clear()
            self.until = until
            self._read()

    def append(self, line: dict[str, Any]) -> None:
        """Append a finished history. One with problems is not counted as finished and is retried by the next run."""
        if "problems" not in line:
            text = json_text(line).encode() + b"\n"
            self._places[line["digest"]] = self._stream.seek(0, SEEK_END)
            self._stream.write(text)
            self._stream.flush()

    def line(self, digest: str) -> dict[str, Any]:
        """The line of a finished case."""
        self._stream.seek(self._places[digest])
        found: dict[str, Any] = json.loads(self._stream.readline())
        return found

    def lines(self) -> Iterator[dict[str, Any]]:
        """All lines of these policies, in the order in which they were written."""
        for place in sorted(self._places.values()):
            self._stream.seek(place)
            yield json.loads(self._stream.readline())

    def close(self) -> None:
        """Close the file. Leaving a `with` block does the same."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        """Find the finished histories. An incomplete last line of an interrupted run is cut off."""
        self._stream.seek(0)
        place = 0
        for text in iter(self._stream.readline, b""):
            if not text.endswith(b"\n"):
                self._stream.truncate(place)
                break
            self._take(text, place)
            place += len(text)

    def _take(self, text: bytes, place: int) -> None:
        try:
            line = json.loads(text)
            replays = line["replays"]
            policies, until = [replay["policy"] for replay in replays], replays[0]["until"]
            digest = line["digest"]
        except (ValueError, LookupError, TypeError):
            return
        if policies == self._policies and (self.until is None or self.until == until):
            self.until = until
            self._places[digest] = place
