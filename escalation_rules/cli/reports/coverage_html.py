"""Writes coverage as one HTML file with the YAML sources, each line coloured. All texts are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

import attrs

from escalation_rules import Policy
from escalation_rules.cli.reports.coverage_report import Ran, shares_of, truths_said
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.errors import Position
from escalation_rules.tools.coverage import Coverage

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse } td, th { padding: .2em 1em .2em 0; text-align: left }
h2 { font-size: 1.1em; margin: 2em 0 .5em } a { color: #0645ad }
pre { font: 13px/1.45 ui-monospace, monospace; margin: 0; border: 1px solid #ccc; overflow-x: auto }
pre span { display: block; padding: 0 .5em; white-space: pre }
pre i { color: #888; font-style: normal; display: inline-block; width: 4em; user-select: none }
.all { background: #dff5df } .part { background: #fff3c4 } .none { background: #ffd9d6 } .cannot { background: #e8e8ee }
pre b { font-weight: normal; color: #555; padding-left: 2em }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1b1b1b } a { color: #8ab4f8 } pre { border-color: #444 } pre b { color: #bbb }
  .all { background: #16361a } .part { background: #443a10 } .none { background: #4a1c1a } .cannot { background: #303038 }
}
"""
_WORST = ("none", "part", "cannot", "all")


@attrs.define
class _Line:
    """The coverage of a line: the state of each part on it, and notes."""

    states: list[str] = attrs.Factory(list)
    notes: list[str] = attrs.Factory(list)

    @property
    def state(self) -> str:
        """The worst state of the line's parts; if some are covered and some are not, partly."""
        found = set(self.states)
        if "none" in found and found & {"all", "part"}:
            return "part"
        return next(standing for standing in _WORST if standing in found)


def html_of(policy: Policy, found: Coverage, ran: Ran, language: str) -> str:
    """The whole file."""
    return "".join(_parts(Voice.of_policy(policy, language, None), found, ran))


def _parts(voice: Voice, found: Coverage, ran: Ran) -> Iterator[str]:
    title = voice.say("coverage.header", name=found.policy.name, digest=found.policy.digest[:12], asked=str(found.asked),
                      scenarios=str(ran.scenarios), examples=str(ran.examples))  # fmt: skip
    yield (
        f'<!doctype html>\n<html lang="{voice.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<p>{escape(title)}</p>\n<table>\n"
    )
    for name, share in shares_of(found):
        said = voice.say("coverage.share", met=str(share.met), of=str(share.of), percent=f"{share.percent:g}")
        yield f"<tr><td>{escape(voice.say(name))}<td>{escape(said)}</tr>\n"
    yield "</table>\n"
    files = _lines(voice, found)
    yield (
        "<ul>"
        + "".join(f'<li><a href="#{_id(file)}">{escape(Path(file).name)}</a>' for file in files)
        + "</ul>\n"
    )
    yield from _uncovered(voice, found)
    for file, lines in files.items():
        yield f'<h2 id="{_id(file)}">{escape(Path(file).name)}</h2>\n<pre>'
        yield from _yaml(file, lines)
        yield "</pre>\n"
    yield "</body>\n</html>\n"


def _id(file: str) -> str:
    return "file-" + "".join(character if character.isalnum() else "-" for character in Path(file).name)


def _lines(voice: Voice, found: Coverage) -> dict[str, dict[int, _Line]]:
    """The coverage of each line, by file."""
    files: dict[str, dict[int, _Line]] = {}

    def line(place: Position) -> _Line:
        return files.setdefault(place.file, {}).setdefault(place.line, _Line())

    for rule in (*found.rules, *found.effects):
        known = line(rule.place)
        known.states.append("all" if rule.fired else "none" if rule.standing == "never" else "part")
        if not rule.fired:
            known.notes.append(voice.say(f"coverage.{rule.standing}"))
    for test in found.tests:
        if test.place.line:
            known = line(test.place)
            known.states.append("cannot" if not test.seen and not test.missing else "all" if not test.missing
                                else "part" if test.seen else "none")  # fmt: skip
            known.notes += [voice.say(f"coverage.{name}", truths=truths_said(voice, truths))
                            for name, truths in (("missing", test.missing), ("cannot", test.cannot)) if truths]  # fmt: skip
    return dict(sorted(files.items()))


def _yaml(file: str, lines: Mapping[int, _Line]) -> Iterator[str]:
    for number, text in enumerate(_text(file), start=1):
        known = lines.get(number)
        state = f' class="{known.state}"' if known is not None else ""
        notes = "; ".join(dict.fromkeys(known.notes)) if known is not None else ""
        note = f"<b>{escape(notes)}</b>" if notes else ""
        yield f"<span{state}><i>{number}</i>{escape(text)}{note}</span>"


def _text(file: str) -> Iterable[str]:
    try:
        return Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()


def _uncovered(voice: Voice, found: Coverage) -> Iterator[str]:
    if found.uncovered:
        yield f"<h2>{escape(voice.say('coverage.uncovered'))}</h2>\n<ul>"
        for gap in found.uncovered:
            name = voice.say("coverage.nothing_known") if gap.name is None else gap.name
            yield f"<li>{escape(name)}" + (f": {escape(voice.joined(gap.values))}" if gap.values else "")
        yield "</ul>\n"
