"""Finds lines of a feature file that pytest-bdd would not run, and scenarios that cannot fail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gherkin.dialect import Dialect
from pytest_bdd.gherkin_parser import Background, Child, Feature, Row, Scenario, Step

from escalation_rules.pytest_plugin.phrases import DEFINITIONS
from escalation_rules.suggestions import nearest
from escalation_rules.texts import LANGUAGES

Fault = tuple[int, str]
"""A line number, and the problem."""

_SLOT = re.compile(r"<(.+?)>")
_FIRST_WORD = re.compile(r"\s*(?P<word>[^\s:：]+)\s*[:：]?\s*(?P<rest>.*)")
_LANGUAGE = re.compile(r"#\s*language\s*:\s*(\S+)")
_LONGEST = 30


def faults_of(feature: Feature, lines: Sequence[str]) -> list[Fault]:
    """All problems of a feature whose text is `lines`, in the order of lines."""
    keywords = _Keywords(feature.language)
    found = list(_in_children(feature.children, keywords))
    if not any(_scenarios(feature.children)):
        found.append((feature.location.line, "the feature has no scenario, so it tests nothing"))
    found += keywords.lost(_free_lines(feature, lines))
    return sorted(dict.fromkeys(found))


def meant_by(line: str, lines: Sequence[str]) -> str | None:
    """The line probably meant by one that Gherkin cannot read; `lines` are those of the file."""
    language = next((match[1] for text in lines if (match := _LANGUAGE.fullmatch(text.strip()))), "en")
    return _Keywords(language).reason(line.strip())


def _scenarios(children: Sequence[Child]) -> Iterator[Scenario]:
    for child in children:
        if child.scenario:
            yield child.scenario
        elif child.rule:
            yield from _scenarios(child.rule.children)


def _in_children(children: Sequence[Child], keywords: _Keywords) -> Iterator[Fault]:
    for child in children:
        part: Background | Scenario | None = child.background or child.scenario
        yield from _begins(part.steps if part else ())
        if child.scenario:
            yield from _in_scenario(child.scenario)
        elif child.rule:
            if not any(_scenarios(child.rule.children)):
                yield child.rule.location.line, "the rule has no scenario, so it tests nothing"
            yield from _in_children(child.rule.children, keywords)


def _in_scenario(scenario: Scenario) -> Iterator[Fault]:
    line, name = scenario.location.line, scenario.name
    types = list(_types(scenario.steps))
    if not scenario.steps:
        yield line, f"the scenario {name!r} has no steps, so it tests nothing"
    elif "Outcome" not in types:
        yield (
            line,
            f"the scenario {name!r} has no Then, so it tests nothing; add a Then with the expected result",
        )
    elif types[-1] != "Outcome":
        last = scenario.steps[-1]
        yield last.location.line, "nothing is checked after this step; add a Then, or remove the step"
    for step in scenario.steps:
        if step.text[:1] in (":", "："):
            text = step.text.lstrip(":：").strip()
            yield (
                step.location.line,
                f"a step has no colon after its first word; write `{step.keyword} {text}`",
            )
    yield from _in_examples(scenario)


def _begins(steps: Sequence[Step]) -> Iterator[Fault]:
    """The first step, if it goes on from one before it."""
    if steps and steps[0].keyword_type == "Conjunction":
        word = steps[0].keyword.strip()
        yield (
            steps[0].location.line,
            f"the first step cannot begin with {word!r}; begin it as Given, When or Then",
        )


def _types(steps: Sequence[Step]) -> Iterator[str]:
    """The type of each step: Context, Action or Outcome. And, But and `*` have the type of the previous step."""
    known = ""
    for step in steps:
        known = step.keyword_type if step.keyword_type in ("Context", "Action", "Outcome") else known
        yield known


def _in_examples(scenario: Scenario) -> Iterator[Fault]:
    used = set(_SLOT.findall(" ".join(_texts(scenario))))
    tables = [table.table_header for table in scenario.examples if table.table_header is not None]
    columns = {cell.value for header in tables for cell in header.cells}
    for empty in (table for table in scenario.examples if not table.table_body):
        yield empty.location.line, "these examples have no row, so they test nothing"
    if scenario.keyword in _outlines() and not scenario.examples:
        yield scenario.location.line, f"the outline {scenario.name!r} has no examples, so it tests nothing"
    for header in tables:
        yield from _columns(header, used)
    for slot in sorted(used - columns) if tables else ():
        near = nearest(slot, columns)
        hint = f"; did you mean <{near}>?" if near else ""
        yield _line_of(scenario, f"<{slot}>"), f"<{slot}> is not a column of the examples{hint}"


def _columns(header: Row, used: set[str]) -> Iterator[Fault]:
    for cell in header.cells:
        if cell.value not in used:
            near = nearest(cell.value, used)
            hint = f"; did you mean {near!r}?" if near else ""
            yield header.location.line, f"no step uses the column {cell.value!r}{hint}"


def _outlines() -> set[str]:
    dialects = (Dialect.for_name(language) for language in LANGUAGES)
    return {word for dialect in dialects if dialect for word in dialect.scenario_outline_keywords}


def _texts(scenario: Scenario) -> Iterator[str]:
    yield scenario.name
    for step in scenario.steps:
        yield from _texts_of(step)


def _texts_of(step: Step) -> Iterator[str]:
    yield step.text
    if step.docstring:
        yield step.docstring.content
    for row in step.datatable.rows if step.datatable else ():
        yield from (cell.value for cell in row.cells)


def _line_of(scenario: Scenario, text: str) -> int:
    lines = (
        step.location.line for step in scenario.steps if any(text in wording for wording in _texts_of(step))
    )
    return next(lines, scenario.location.line)


# --- lines that resemble steps ----------------------------------------------------------------------------------------


def _free_lines(feature: Feature, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines of all descriptions below a feature, a rule, a background or a scenario."""

    def below(line: int, description: str) -> Iterator[tuple[int, str]]:
        if not description.strip():
            return
        left = [text.strip() for text in description.splitlines() if text.strip()]
        for number in range(line + 1, len(lines) + 1):
            if not left:
                return
            if lines[number - 1].strip() == left[0]:
                yield number, left.pop(0)

    def of(children: Sequence[Child]) -> Iterator[tuple[int, str]]:
        for child in children:
            part: Background | Scenario | None = child.background or child.scenario
            if part:
                yield from below(part.location.line, part.description)
            if child.rule:
                yield from below(child.rule.location.line, child.rule.description)
                yield from of(child.rule.children)

    yield from below(feature.location.line, feature.description)
    yield from of(feature.children)


class _Keywords:
    """The keywords of steps and scenarios, in the language of a feature and in the three of this plugin."""

    def __init__(self, language: str) -> None:
        self._steps: dict[str, list[str]] = {}
        self._blocks: dict[str, list[str]] = {}
        for known_language in dict.fromkeys((language, *LANGUAGES)):
            dialect = Dialect.for_name(known_language)
            if dialect is not None:
                self._steps[known_language] = [word.strip() for word in _step_words(dialect) if word != "* "]
                self._blocks[known_language] = [
                    *dialect.scenario_keywords,
                    *dialect.scenario_outline_keywords,
                    *dialect.background_keywords,
                    *dialect.examples_keywords,
                    *dialect.rule_keywords,
                ]
        self._own = language

    def lost(self, lines: Iterator[tuple[int, str]]) -> Iterator[Fault]:
        """The lines of a description that were probably meant as a step or a scenario heading."""
        for number, line in lines:
            if reason := self.reason(line):
                yield number, f"this line is not run: {reason}"

    def reason(self, line: str) -> str | None:
        """Why a line that looks like a step or a heading is neither; None if it does not look like one."""
        for language, words in self._steps.items():
            for word in words:
                if not line.casefold().startswith(word.casefold()):
                    continue
                rest = line[len(word) :].strip()
                if rest[:1] in (":", "："):
                    gap, text = " " if word.isascii() else "", rest.lstrip(":： ")
                    return f"a step has no colon after its first word; write `{word}{gap}{text}`"
                if _is_step(rest):
                    return self._elsewhere(language, word, line)
        match = _FIRST_WORD.fullmatch(line)
        if match and _is_step(match["rest"]):
            near = nearest(match["word"].capitalize(), self._steps.get(self._own, ()))
            hint = f"; did you mean {near!r}?" if near else ""
            return f"a step cannot begin with {match['word']!r}{hint}"
        if _is_step(line):
            return f"a step begins with one of {', '.join(self._steps.get(self._own, ()))}"
        return self._head(line)

    def _elsewhere(self, language: str, word: str, line: str) -> str:
        if word in self._steps.get(self._own, ()):
            return f"write {word!r} exactly like this, not {line[: len(word)]!r}"
        return f"{word!r} is a word of {language}, and this feature is written in {self._own}"

    def _head(self, line: str) -> str | None:
        head, colon, _ = line.replace("：", ":", 1).partition(":")
        if not colon or len(head) > _LONGEST:
            return None
        for language, words in self._blocks.items():
            if head in words:
                own = language == self._own or head in self._blocks.get(self._own, ())
                return (
                    "write `:` and not `：`"
                    if own
                    else f"{head!r} is a word of {language}, and this feature is written in {self._own}"
                )
        near = nearest(head, self._blocks.get(self._own, ()))
        return f"{head!r} is not a keyword; did you mean {near!r}?" if near else None


def _step_words(dialect: Dialect) -> list[str]:
    return [
        *dialect.given_keywords,
        *dialect.when_keywords,
        *dialect.then_keywords,
        *dialect.and_keywords,
        *dialect.but_keywords,
    ]


def _is_step(text: str) -> bool:
    """Whether the text matches a step of this plugin. Text with placeholders for examples is assumed to match."""
    return bool(_SLOT.search(text)) or any(definition.phrase.is_matching(text) for definition in DEFINITIONS)
