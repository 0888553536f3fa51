"""Wraps tools so that `policy.check` runs before each call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

import attrs

from escalation_rules import Case, CaseError, Policy, RequestError, Step, Verdict
from escalation_rules.errors import unknown_name
from escalation_rules.integrations.agents.schemas import arguments_schema, label_of
from escalation_rules.policy.vocabulary import Action

NOT_RECOMMENDED = "not_recommended"
NOT_CHECKED = "not_checked"

GetCase = Callable[[str], Case | Mapping[str, Any]]
"""Returns the case with this id, as plain data or as a `Case` of the policy."""


@attrs.frozen
class Tool:
    """A tool as described to a model: the name of the action, a description, and the JSON Schema of its arguments."""

    name: str
    description: str
    input_schema: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The tool as plain data for JSON."""
        return {"name": self.name, "description": self.description, "input_schema": dict(self.input_schema)}


class Guard:
    """Guards tools with a policy.

    `get_case` returns the case by its id, `now` an aware instant. `by` is the role or party that the agent
    acts as; without it, any role that may do the action. With `only_recommended`, actions that no rule
    recommends now are refused as well. Texts are in `language`.

    A guarded tool returns plain data for JSON: `{"done": true, "result": …}` if the tool ran, else `{"done":
    false, "verdict": …}` with information for the model: `why` (texts), `needs` (what would release it),
    `instead` (steps of the plan), `problems` (what is wrong with the request or the case). `verdict` is
    `held`, `forbidden`, `not_recommended` or `not_checked`: an action that cannot be checked is not done.
    Only exceptions of `get_case` and of the tool itself are raised.

    Another actor may act between the check and the call, so a tool that must not run twice still has to be
    idempotent.
    """

    def __init__(
        self,
        policy: Policy,
        get_case: GetCase,
        *,
        now: Callable[[], datetime],
        by: str | None = None,
        only_recommended: bool = False,
        language: str = "en",
    ) -> None:
        self.policy = policy
        self.language = language
        self._get_case = get_case
        self._now = now
        self._by = by
        self._only_recommended = only_recommended

    def tools(self, actions: Iterable[str] | None = None) -> tuple[Tool, ...]:
        """The tools of these actions, or of all actions. Raises `RequestError` for an unknown action."""
        vocabulary = self.policy.vocabulary
        names = list(vocabulary.actions if actions is None else actions)
        return tuple(
            Tool(
                action.name,
                label_of(action.label, action.name, self.language),
                arguments_schema(action, vocabulary, self.language),
            )
            for action in map(self._action, names)
        )

    def wrap(self, action: str, tool: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
        """Wrap the tool of an action so that it only runs if the action is allowed at that time.

        The returned function takes keyword arguments: `case` (the id), `about` if the action is about a
        record, and the parameters of the action. The tool is called with the same arguments. Raises
        `RequestError` for an unknown action.
        """
        name = self._action(action).name

        @wraps(tool)
        def guarded(*, case: str, about: str | None = None, **params: Any) -> dict[str, Any]:
            refused = self.refusal(name, case, about=about, params=params)
            if refused is not None:
                return refused
            given = {} if about is None else {"about": about}
            return {"done": True, "result": tool(case=case, **given, **params)}

        return guarded

    def refusal(
        self, action: str, case: str, *, about: str | None = None, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """Why an action may not be done now, in the form that a guarded tool returns; None if it may."""
        found = self._get_case(case)
        given = {name: value for name, value in (params or {}).items() if value is not None}
        try:
            verdict = self.policy.check(found, action, at=self._now(), by=self._by, about=about, params=given)
        except (CaseError, RequestError) as error:
            return _not_done(
                NOT_CHECKED, action, problems=[str(diagnostic) for diagnostic in error.diagnostics]
            )
        if not verdict.allowed:
            return self._refused(verdict, verdict.verdict)
        if self._only_recommended and not verdict.wanted:
            plan = self.policy.decide(found, at=self._now()).plan
            return self._refused(attrs.evolve(verdict, instead=plan), NOT_RECOMMENDED)
        return None

    def _action(self, name: str) -> Action:
        actions = self.policy.vocabulary.actions
        if name not in actions:
            message = f"unknown action {name[:100]!r}"
            raise RequestError([unknown_name("unknown-action", message, name, actions, path="action")])
        return actions[name]

    def _refused(self, verdict: Verdict, word: str) -> dict[str, Any]:
        plain = verdict.to_dict(self.language)
        return _not_done(
            word,
            verdict.action,
            about=verdict.about,
            why=[reason["text"] or reason["rule"] for reason in plain["because"]],
            rules=[reason["rule"] for reason in plain["because"]],
            until=plain["until"],
            needs=[
                {
                    **need,
                    "label": label_of(self._label(need["kind"], need["name"]), need["name"], self.language),
                }
                for need in plain["needs"]
            ],
            instead=[self._step(step) for step in verdict.instead],
        )

    def _step(self, step: Step) -> dict[str, Any]:
        action = self.policy.vocabulary.actions[step.action]
        return {
            "action": step.action,
            "about": step.about,
            "label": label_of(action.label, action.name, self.language),
            "say": step.say.in_language(self.language),
            "say_to": step.say_to,
            "params": step.to_dict(self.language)["params"],
        }

    def _label(self, kind: str, name: str) -> Any:
        vocabulary = self.policy.vocabulary
        declared = vocabulary.actions.get(name) if kind == "act" else vocabulary.declaration(name)
        return declared.label if declared is not None else None


def _not_done(verdict: str, action: str, **told: Any) -> dict[str, Any]:
    """The return value of a guarded tool that did not run, always with the same keys."""
    nothing: dict[str, Any] = {
        "about": None,
        "why": [],
        "rules": [],
        "until": [],
        "needs": [],
        "instead": [],
        "problems": [],
    }
    return {"done": False, "verdict": verdict, "action": action, **nothing, **told}
