"""Prints the mutants that no test notices, each with a scenario that would."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from escalation_rules import Policy
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, TITLE, Page, Row
from escalation_rules.solving.sizes import ACTS, RECORDS
from escalation_rules.tools.mutation import Fate, MutantSeen, Mutation

SHOWN = 20
_COUNTS: tuple[Fate, ...] = ("killed", "survived", "equivalent", "invalid")


def print_mutation(
    policy: Policy,
    result: Mutation,
    broken: Sequence[str],
    left_out: Sequence[str],
    *,
    none_ran: bool,
    language: str,
    least: float | None,
) -> None:
    """Print the page. `broken` are tests that fail without any change, `left_out` scenarios that cannot be run here
    (`none_ran`: all of them)."""
    voice = Voice.of_policy(policy, language, None)
    labels = [voice.say("label", label=voice.say(f"mutate.{count}")) for count in _COUNTS]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    page.line(voice.say("mutate.header", name=result.policy.name, digest=result.policy.digest[:12],
                        judged=str(len(result.judged)), of=str(result.of)), TITLE)  # fmt: skip
    page.rows(
        [Row.plain(label, _count(voice, result, count)) for label, count in zip(labels, _COUNTS, strict=True)]
    )
    if none_ran:
        page.line(voice.say("coverage.none_ran"), ALARM)
    for title, names in (("mutate.broken", broken), ("coverage.left_out", left_out)):
        if names:
            page.heading(voice.say(title))
            for name in names[:SHOWN]:
                page.bullet(name, ALARM)
        if len(names) > SHOWN:
            page.bullet(voice.say("mutate.more", count=str(len(names) - SHOWN)))
    page.heading(voice.say("mutate.kinds"))
    for kind, (killed, left) in result.by_kind().items():
        page.bullet(voice.say("mutate.kind", kind=kind, killed=str(killed), survived=str(left)))
    text = page.text() + "".join(_listed(voice, result))
    if least is not None and result.percent < least:
        text += f"\n{voice.say('coverage.below', least=f'{least:g}')}\n"
    streams.write(text)


def _count(voice: Voice, result: Mutation, fate: Fate) -> str:
    count = result.count(fate)
    if fate != "killed":
        return str(count)
    return voice.say("mutate.score", count=str(count), percent=f"{result.percent:g}")


def _listed(voice: Voice, result: Mutation) -> list[str]:
    """The survivors with their scenarios, formatted for copying; then equivalent mutants."""
    lines: list[str] = []
    if result.survivors:
        lines.append(f"\n{voice.say('mutate.survivors')}")
        for mutant in result.survivors:
            lines.append(f"\n{_change(voice, mutant)}")
            why = "mutate.no_scenario" if mutant.differs else "mutate.no_case"
            lines.append(mutant.scenario or f"  {voice.say(why)}")
    equivalent = [mutant for mutant in result.judged if mutant.fate == "equivalent"]
    if equivalent:
        within = voice.say("compare.within_all", records=str(RECORDS), acts=str(ACTS))
        lines.append(f"\n{voice.say('mutate.equivalents', within=within)}")
        lines += [_change(voice, mutant) for mutant in equivalent]
    return [f"{streams.clean(line)}\n" for paragraph in lines for line in paragraph.splitlines()]


def _change(voice: Voice, seen: MutantSeen) -> str:
    gone = voice.say("mutate.gone")
    said = voice.say(
        "mutate.change",
        owner=seen.owner,
        kind=seen.kind,
        before=seen.before or gone,
        after=seen.after or gone,
    )
    return f"{streams.place(seen.place)}: {said}"
