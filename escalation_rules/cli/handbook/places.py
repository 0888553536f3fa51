"""Creates links to files, relative to the handbook's folder or to a base URL."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import attrs

from escalation_rules.cli.text.streams import relative
from escalation_rules.errors import Position


@attrs.frozen
class Places:
    """Creates links to lines of files. `base` is put in front of names relative to the working directory."""

    folder: Path
    base: str | None = None

    def of(self, position: Position) -> str:
        name = relative(position.file)
        if self.base is not None and not Path(name).is_absolute():
            return f"{self.base.rstrip('/')}/{quote(name)}#L{position.line}"
        here = os.path.relpath(Path(position.file).resolve(), self.folder.resolve())
        return f"{quote(Path(here).as_posix())}#L{position.line}"

    @staticmethod
    def name(position: Position) -> str:
        return f"{relative(position.file)}:{position.line}"
