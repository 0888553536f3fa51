"""Random valid policies and cases: plain data for the oracle, YAML files for the library, strategies for Hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from escalation_rules.errors import Problems
from escalation_rules.source import parse_yaml, to_plain
from tests.oracle.dice import Dice, Drawn, chance, pick, shuffled
from tests.oracle.make_cases import case, moment
from tests.oracle.make_conditions import INSTANTS, Context, condition
from tests.oracle.make_rules import rulesets
from tests.oracle.make_vocabulary import CHOICES, LAYERS, LEVELS, TEXT, vocabulary

Plain = Any


def policy(dice: Dice) -> dict[str, Plain]:
    """A policy as plain data: `vocabulary` and `rulesets`."""
    words = vocabulary(dice)
    if chance(dice, 30):
        context = Context(words, LAYERS + 1, tuple(words["actions"]))
        words["phase_order"] = [
            {"when": condition(dice, context, 1), "order": shuffled(dice, words["phases"])}
            for _ in range(dice.number(1, 2))
        ]
    for declared in words["actions"].values():
        if chance(dice, 10):
            context = Context(words, LAYERS + 1, tuple(words["actions"]))
            inner = (
                context.inside(declared["about"]) if declared.get("about") in words["records"] else context
            )
            declared["paused_while"] = condition(dice, inner, 0)
    return {"vocabulary": words, "rulesets": rulesets(dice, words)}


def question(dice: Dice, made: dict[str, Plain]) -> tuple[dict[str, Plain], datetime]:
    """A case for a policy, and an instant at which to decide."""
    return case(dice, made["vocabulary"]), moment(dice) + timedelta(days=pick(dice, [0, 1, 2, 4]))


Change = Callable[[dict[str, Plain]], dict[str, Plain]]


def without_presence(made: dict[str, Plain]) -> dict[str, Plain]:
    """The policy without presumptions, presence tests and `unless`; lists that are not given are not known."""
    changed: dict[str, Plain] = _without(made)
    return changed


PRESENCE = ("given", "not given")
CONDITIONS = {"when", "where", "which", "has", "until", "not", "applies_while"} | {
    name for values in (*CHOICES, *LEVELS) for name in values
}
SOMETHING = {"case.opened_at": {"at_least": INSTANTS[0]}}


def _without(data: Plain) -> Plain:
    if isinstance(data, list):
        return [_without(each) or (SOMETHING if isinstance(each, dict) else each) for each in data]
    if not isinstance(data, dict):
        return data
    found: dict[str, Plain] = {}
    for key, each in data.items():
        left = _without(each)
        dropped = key in {"presume", "unless", "absent", "given"} or (each in PRESENCE and key != "equals")
        if not dropped and (left or not isinstance(each, dict) or not each):
            found[key] = left
        elif not dropped and key in CONDITIONS:
            found[key] = SOMETHING
    return found


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Plain]:
    """Policies as plain data."""
    return policy(Drawn(draw))


@st.composite
def pairs(
    draw: st.DrawFn, change: Change | None = None
) -> tuple[dict[str, Plain], dict[str, Plain], datetime]:
    """A policy, perhaps changed, a case for it and an instant."""
    dice = Drawn(draw)
    made = policy(dice)
    made = change(made) if change else made
    return made, *question(dice, made)


# --- as files ---------------------------------------------------------------------------------------------------------


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes no anchors and aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(made: Mapping[str, Plain], folder: Path) -> Path:
    """The policy as a folder of YAML files, with the texts that the language asks for."""
    folder.mkdir(parents=True, exist_ok=True)
    _dump({"format": 1, "name": "generated", "vocabulary": made["vocabulary"]}, folder / "vocabulary.yaml")
    for ruleset in made["rulesets"]:
        rules = [{**rule, "because": TEXT, "source": "made up"} for rule in ruleset["rules"]]
        _dump(
            {"format": 1, "principle": "fairness", **ruleset, "rules": rules},
            folder / f"{ruleset['ruleset']}.yaml",
        )
    return folder


def _dump(data: Plain, path: Path) -> None:
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def plain_files(folder: Path) -> dict[str, Plain]:
    """A policy's files as plain data, as the oracle wants it; lists and mappings of several files are put together."""
    made: dict[str, Plain] = {"vocabulary": {}, "rulesets": []}
    for path in sorted(folder.rglob("*.yaml")):
        data = to_plain(parse_yaml(path.read_text(encoding="utf-8"), str(path), Problems()))
        for key, each in data.get("vocabulary", {}).items():
            known = made["vocabulary"].get(key)
            made["vocabulary"][key] = (
                each if known is None else {**known, **each} if isinstance(each, dict) else [*known, *each]
            )
        if "ruleset" in data:
            made["rulesets"].append({"rules": [], **data})
    return made
