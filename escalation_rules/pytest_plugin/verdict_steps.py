"""Steps that ask whether something may be done now."""

from __future__ import annotations

from escalation_rules.decision import Verdict
from escalation_rules.pytest_plugin.cells import value_of
from escalation_rules.pytest_plugin.phrases import KINDS, Kind, Target, one_of, phrase, unquoted
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import RawTable, rows_of
from escalation_rules.pytest_plugin.view import reasons_of

_ANYBODY = ("somebody", "任何人")
_WHO = Kind(rf"任何人|{KINDS['name'].pattern}", lambda text: None if text in _ANYBODY else unquoted(text))
_WORDS = one_of(
    {
        "allowed": ("allowed", "允許", "允许"),
        "held": ("held", "暫緩", "暂缓"),
        "forbidden": ("forbidden", "禁止", "禁止"),
    }
)


@phrase(
    "when",
    "given",
    en="it is checked whether {who} may {target} at {at:instant}",
    tw="查核 {who} 於 {at:instant} 可否進行 {target}",
    cn="核查 {who} 在 {at:instant} 可否进行 {target}",
    kinds={"who": _WHO},
    target_fixture="verdict",
)
def check(
    scene: Scene, target: Target, at: str, who: str | None = None, datatable: RawTable | None = None
) -> Verdict:
    """Ask whether somebody may do something; a table gives parameters. The fixture `verdict` holds the answer."""
    columns = ("parameter", "value")
    with scene.problems_as_failures():
        rows = rows_of(datatable, columns, default=columns) if datatable else []
        params = {row["parameter"]: value_of(row.get("value", "null"), scene.zone) for row in rows}
    return scene.check(target, target.by or who, params or None, scene.instant(at))


@phrase(
    "then",
    en="the verdict is {word}[ because of {rules:names}]",
    tw="裁定是 {word}[，依據 {rules:names}]",
    cn="裁定是 {word}[，依据 {rules:names}]",
    kinds={"word": _WORDS},
)
def check_verdict(scene: Scene, word: str, rules: tuple[str, ...] = ()) -> None:
    """Check the verdict, and that the rules named are among its reasons."""
    verdict = scene.verdict
    reasons = [f"{each['rule']} · {each['effect']} · {each['source']}" for each in reasons_of(verdict)]
    told = [f"because of {each}" for each in reasons] or ["no rule is against it"]
    missing = [rule for rule in rules if rule not in [each["rule"] for each in verdict["because"]]]
    hints = [hint for rule in missing for hint in scene.rule_hints(rule)]
    if verdict["verdict"] != word:
        scene.fail(f"the verdict is {verdict['verdict']}, not {word}", *told, *hints)
    if missing:
        scene.fail(f"the verdict is {word}, but not because of {', '.join(missing)}", *told, *hints)
