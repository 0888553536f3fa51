"""What is asked of the policy about one act → names that exist, or an error that says which do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from escalation_rules.conditions import role_of
from escalation_rules.errors import Diagnostic, Problems, RequestError, listing, nearest
from escalation_rules.program.decide import Deciding
from escalation_rules.values import Value, ValueProblem, parsed, show
from escalation_rules.vocabulary import Action


@attrs.frozen
class Request:
    """One act that somebody would like to do; what was not said is None."""

    action: Action
    role: str | None
    about: str | None
    params: dict[str, Value] | None


def read_request(
    deciding: Deciding, action: str, *, by: str | None, about: str | None, params: Mapping[str, Any] | None
) -> Request:
    """The request, checked against the vocabulary and the case; `RequestError` with every name that does not exist."""
    problems = Problems()
    vocabulary = deciding.vocabulary
    declared = vocabulary.actions.get(action)
    if declared is None:
        problems.add(_unknown("action", action, vocabulary.actions))
    role = _role(deciding, by, problems)
    ids = {record.id for listed in deciding.situation.lists.values() for record in listed or ()}
    if about is not None and about not in ids:
        problems.add(_unknown("record", about, ids))
    values = (
        _params(declared, params, deciding.situation.currency, problems)
        if declared is not None and params is not None
        else None
    )
    if declared is None or problems.errors:
        raise RequestError(problems.errors)
    return Request(declared, role, about, values)


def _role(deciding: Deciding, by: str | None, problems: Problems) -> str | None:
    parties = deciding.situation.by_id.get("parties", {})
    roles = deciding.vocabulary.roles
    if by is None or by in roles:
        return by
    if by not in parties:
        problems.add(_unknown("role or party", by, (*roles, *parties)))
        return None
    return role_of(parties[by])


def _params(
    action: Action, params: Mapping[str, Any], currency: str | None, problems: Problems
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, raw in params.items():
        if name not in action.params:
            problems.add(_unknown(f"parameter of {action.name},", name, action.params))
        elif raw is not None:
            try:
                values[name] = parsed(raw, action.params[name].type, currency)
            except ValueProblem as problem:
                problems.add(Diagnostic("wrong-value", f"{name}: {problem.message}", path=f"params.{name}",
                                        expected=problem.expected, suggestion=problem.suggestion))  # fmt: skip
    return values


def _unknown(what: str, name: object, known: Iterable[str]) -> Diagnostic:
    names = sorted(known)
    close = nearest(name, names) if isinstance(name, str) else None
    return Diagnostic(f"unknown-{what.split(maxsplit=1)[0]}", f"there is no {what} {show(name)}",
                      expected=None if close else listing(names), suggestion=close)  # fmt: skip
