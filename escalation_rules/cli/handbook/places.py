"""Where the links to files lead: from the folder in which the handbook will stand, or to a base on the web."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import attrs

from escalation_rules.cli.text.streams import relative
from escalation_rules.errors import Position


@attrs.frozen
class Places:
    """Makes links to lines of files. `base` is put in front of names relative to the working folder."""

    folder: Path
    base: str | None = None

    def of(self, position: Position) -> str:
        """The link to a line."""
        name = relative(position.file)
        if self.base is not None and not Path(name).is_absolute():
            return f"{self.base.rstrip('/')}/{quote(name)}#L{position.line}"
        here = os.path.relpath(Path(position.file).resolve(), self.folder.resolve())
        return f"{quote(Path(here).as_posix())}#L{position.line}"

    @staticmethod
    def name(position: Position) -> str:
        """The line as people read it."""
        return f"{relative(position.file)}:{position.line}"
