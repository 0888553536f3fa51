"""Random valid policies and cases: plain data for the oracle, YAML files for the library, strategies for Hypothesis."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.oracle.dice import Dice, Drawn, chance, shuffled
from tests.oracle.make_cases import case, moment
from tests.oracle.make_conditions import Context, condition
from tests.oracle.make_rules import rulesets
from tests.oracle.make_vocabulary import LAYERS, TEXT, vocabulary

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
    return {"vocabulary": words, "rulesets": rulesets(dice, words)}


def question(dice: Dice, made: dict[str, Plain]) -> tuple[dict[str, Plain], datetime]:
    """A case for a policy, and an instant at which to decide."""
    return case(dice, made["vocabulary"]), moment(dice)


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Plain]:
    """Policies as plain data."""
    return policy(Drawn(draw))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Plain], dict[str, Plain], datetime]:
    """A policy, a case for it and an instant."""
    dice = Drawn(draw)
    made = policy(dice)
    return made, *question(dice, made)


# --- as files ---------------------------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Writes no anchors and aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(made: dict[str, Plain], folder: Path) -> Path:
    """The policy as a folder of YAML files, with the texts that the language asks for."""
    folder.mkdir(parents=True, exist_ok=True)
    _dump({"format": 1, "name": "generated", "vocabulary": made["vocabulary"]}, folder / "vocabulary.yaml")
    for ruleset in made["rulesets"]:
        rules = [{**rule, "because": TEXT, "source": "made up"} for rule in ruleset["rules"]]
        _dump({"format": 1, "principle": "fairness", **ruleset, "rules": rules}, folder / f"{ruleset['ruleset']}.yaml")
    return folder


def _dump(data: Plain, path: Path) -> None:
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
