"""Steps that check whether an action may be done now."""

from __future__ import annotations

from datetime import datetime

from escalation_rules.decision import Verdict
from escalation_rules.pytest_plugin.messages import Message, message, wording, wordings_of
from escalation_rules.pytest_plugin.parameters import COLUMNS, parameters_below
from escalation_rules.pytest_plugin.phrases import KINDS, Kind, Target, one_of, phrase, unquoted
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import RawTable
from escalation_rules.pytest_plugin.view import Item, reasons_of

_ANYBODY = wordings_of("somebody")
_WHO = Kind(
    "|".join((*_ANYBODY, KINDS["name"].pattern)), lambda text: None if text in _ANYBODY else unquoted(text)
)
_PARAMETERS = (("", COLUMNS),)
_WORDS = one_of(
    {
        "allowed": "allowed",
        "held": "held",
        "forbidden": "forbidden",
    }
)


@phrase(
    "when",
    "given",
    en="it is checked whether {who} may {target} at {at:instant}",
    kinds={"who": _WHO},
    target_fixture="verdict",
    tables=_PARAMETERS,
)
def check(
    scene: Scene, target: Target, at: str, who: str | None = None, datatable: RawTable | None = None
) -> Verdict:
    """Check whether somebody may do an action; a table gives parameters. The fixture `verdict` holds the result."""
    return _ask(scene, target, who, datatable, scene.moment(at))


@phrase(
    "when",
    "given",
    en="{length} later it is checked whether {who} may {target}",
    kinds={"who": _WHO},
    target_fixture="verdict",
    tables=_PARAMETERS,
)
def check_later(
    scene: Scene, target: Target, length: str, who: str | None = None, datatable: RawTable | None = None
) -> Verdict:
    """Check the same, some time after the last event."""
    return _ask(scene, target, who, datatable, scene.later(length))


def _ask(scene: Scene, target: Target, who: str | None, datatable: RawTable | None, at: datetime) -> Verdict:
    target = scene.target(target)
    params = parameters_below(scene, target.action, datatable)
    by = target.by or (who and scene.named("role", who))
    return scene.check(target, by, params or None, at)


def _lacking(scene: Scene, verdict: Item) -> list[Message]:
    """What has to be known for another verdict: parameters of the question, and facts."""
    params = scene.names.vocabulary.actions[verdict["action"]].params
    asked = [name for name in verdict["needs"] if name in params]
    facts = [name for name in verdict["needs"] if name not in params]
    told = [
        message("the question does not say {name}; write it in a table below it: | {name} | … |", name=name)
        for name in asked
    ]
    return told + ([message("needs {value}", value=", ".join(facts))] if facts else [])


@phrase(
    "then",
    en="the verdict is {word}[ because of {rules:names}]",
    kinds={"word": _WORDS},
)
def check_verdict(scene: Scene, word: str, rules: tuple[str, ...] = ()) -> None:
    """Check the verdict, and that the given rules are among its reasons."""
    rules = scene.all_named("rule", rules)
    verdict = scene.verdict
    reasons = [
        f"{reason['rule']} · {reason['effect']} · {reason['source']}" for reason in reasons_of(verdict)
    ]
    told = [message("because of {reason}", reason=reason) for reason in reasons]
    missing = [rule for rule in rules if rule not in [reason["rule"] for reason in verdict["because"]]]
    told = [*(told or [message("no rule forbids it")]), *_lacking(scene, verdict)]
    said = wording(word, scene.language)
    if verdict["verdict"] != word:
        actual = wording(verdict["verdict"], scene.language)
        scene.fail(message("the verdict is {actual}, not {word}", actual=actual, word=said), *told)
    if missing:
        names = ", ".join(missing)
        scene.fail(
            message("the verdict is {word}, but not because of {rules}", word=said, rules=names), *told
        )
