"""The YAML parser: libyaml, or PyYAML's own parser if PyYAML was built without it.

The two differ in details. `PythonLoader` removes the differences relevant to policies: a `?` inside a text in
braces, and tabs between words.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.scanner import ScannerError

_BLANK = "\0 \t\r\n\x85\u2028\u2029"
_PLAIN = re.compile(f"(?:[^{_BLANK}:]|:(?![{_BLANK}]))*")
_PLAIN_FLOW = re.compile(rf"(?:[^{_BLANK}:,\[\]{{}}]|:(?![{_BLANK},\[\]{{}}]))*")
_DOCUMENT = re.compile(rf"(?:---|\.\.\.)[{_BLANK}]")


class PythonLoader(yaml.SafeLoader):
    """PyYAML's own parser, adapted to accept what libyaml accepts."""

    def scan_to_next_token(self) -> None:
        """A tab separates tokens like a space, except where a key or an item may begin."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()

    def scan_directive(self) -> Any:
        """A line that begins with `%`; only YAML's own directives are accepted."""
        found = super().scan_directive()
        if found.name not in {"YAML", "TAG"}:
            message = "found unknown directive name"
            raise ScannerError("while scanning a directive", found.start_mark, message, found.start_mark)
        return found

    def scan_plain(self) -> Any:
        """An unquoted text. In braces it ends at `, [ ] { }`, but not at `?`."""
        start = end = self.get_mark()
        indent = self.indent + 1
        plain = _PLAIN_FLOW if self.flow_level else _PLAIN
        text = between = ""
        while self.peek() != "#":
            found = plain.match(self.buffer, self.pointer)
            if not found or not found[0]:
                break
            self.allow_simple_key = False
            text += between + found[0]
            self.forward(len(found[0]))
            end = self.get_mark()
            between = self.scan_plain_spaces(indent, start)
            if not between or (not self.flow_level and self.column < indent):
                break
        return yaml.ScalarToken(text, True, start, end)

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """The white space between two words, folded; "" if the text ends."""
        line_end: Any = self.scan_line_break
        begin = self.pointer
        while self.peek() in " \t":
            self.forward()
        first = line_end()
        if not first:
            return self.buffer[begin : self.pointer]
        self.allow_simple_key = True
        more = ""
        while not (self.column == 0 and _DOCUMENT.match(self.buffer, self.pointer)):
            while self.peek() in " \t":
                if self.column < indent:
                    self._no_tab("found a tab character that violates indentation", "plain", start_mark)
                self.forward()
            line_break = line_end()
            if not line_break:
                return first + more if first != "\n" else more or " "
            more += line_break
        return ""

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> None:
        """The rest of the line after `|` or `>`."""
        while self.peek() in " \t":
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    def scan_block_scalar_indentation(self) -> Any:
        """The empty lines before a block's text, and the indentation of that text."""
        found = super().scan_block_scalar_indentation()
        self._no_tab("found a tab character where an indentation space is expected", "block")
        return found

    def scan_block_scalar_breaks(self, indent: int) -> Any:
        """The empty lines in a block's text, up to the next line of text."""
        found = super().scan_block_scalar_breaks(indent)
        if self.column < indent:
            self._no_tab("found a tab character where an indentation space is expected", "block")
        return found

    def _no_tab(self, message: str, kind: str, start: Any = None) -> None:
        if self.peek() == "\t":
            raise ScannerError(f"while scanning a {kind} scalar", start, message, self.get_mark())


LOADER: Any = getattr(yaml, "CSafeLoader", PythonLoader)
