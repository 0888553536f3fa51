"""Checks a request about one act: names must exist; errors list the known ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from escalation_rules.case.values import key_text
from escalation_rules.engine.decide import Assessment
from escalation_rules.errors import Diagnostic, Problems, RequestError, listing
from escalation_rules.policy.conditions import role_of
from escalation_rules.policy.vocabulary import Action
from escalation_rules.values import (
    Party,
    Value,
    ValueProblem,
    ValueType,
    parsed,
    plain_text,
    records_named,
    show,
)


@attrs.frozen
class Request:
    """An act that somebody would like to do. Omitted values are None."""

    action: Action
    doer: Party | None
    about: str | None
    params: dict[str, Value] | None


def read_request(
    assessment: Assessment, action: object, *, by: object, about: object, params: object
) -> Request:
    """Check a request against the vocabulary and the case. Raises `RequestError` with all unknown names."""
    problems = Problems()
    vocabulary = assessment.vocabulary
    declared = vocabulary.actions.get(action) if isinstance(action, str) else None
    if declared is None:
        _unknown("unknown-action", "action", "action", action, vocabulary.actions, problems)
    doer = _doer(assessment, by, "by", problems)
    record = _record(assessment, declared, about, problems)
    values = _params(assessment, declared, params, problems) if declared is not None else None
    if declared is None or problems.errors:
        raise RequestError(problems.errors)
    return Request(declared, doer, record, values)


def _record(assessment: Assessment, action: Action | None, about: object, problems: Problems) -> str | None:
    """The id of a record, of the list that the action is about (if it is about one)."""
    situation = assessment.situation
    lists = (
        [action.about] if action is not None and action.about in situation.lists else list(situation.lists)
    )
    ids = {key for name in lists for key in situation.by_id(name or "")}
    if isinstance(about, str) and about in ids:
        return plain_text(about)
    if about is not None:
        what = "record" if len(lists) > 1 else f"record of {lists[0]}:"
        _unknown("unknown-record", "about", what, about, ids, problems)
    return None


def _doer(assessment: Assessment, by: object, path: str, problems: Problems) -> Party | None:
    parties = assessment.situation.by_id("parties")
    roles = assessment.vocabulary.roles
    if by is None or (isinstance(by, str) and by in roles):
        return None if by is None else Party(plain_text(by), plain_text(by))
    if not isinstance(by, str) or by not in parties:
        _unknown("unknown-role", path, "role or party", by, (*roles, *parties), problems)
        return None
    return Party(plain_text(by), role_of(parties[by]))


def _params(
    assessment: Assessment, action: Action, params: object, problems: Problems
) -> dict[str, Value] | None:
    if params is None:
        return None
    if not isinstance(params, Mapping):
        problems.add(Diagnostic("wrong-form", f"found {show(params)} instead of the parameters", path="params",
                                expected="a mapping"))  # fmt: skip
        return None
    values: dict[str, Value] = {}
    for name, raw in params.items():
        path = f"params.{key_text(name)}"
        if name not in action.params:
            what = f"parameter of {action.name}:"
            _unknown("unknown-parameter", path, what, name, action.params, problems)
        elif raw is not None:
            try:
                value = parsed(raw, action.params[name].type, assessment.situation.currency)
                if isinstance(value, Party) and value.role is None:
                    value = _doer(assessment, value.name, path, problems) or value
                _known_records(assessment, action.params[name].type, path, value, problems)
                values[name] = value
            except ValueProblem as problem:
                problems.add(Diagnostic("wrong-value", f"{name}: {problem.message}", path=path,
                                        expected=problem.expected, suggestion=problem.suggestion))  # fmt: skip
    return values


def _known_records(
    assessment: Assessment, of: ValueType, path: str, value: Value, problems: Problems
) -> None:
    listed, keys = records_named(of, value) or ("", ())
    ids = assessment.situation.by_id(listed)
    unknown = [key for key in keys if key not in ids]
    names = sorted(ids) if unknown else []
    for key in unknown:
        _unknown("unknown-record", path, f"record of {listed}:", key, names, problems)


def _unknown(code: str, path: str, what: str, name: object, known: Iterable[str], problems: Problems) -> None:
    """Report an unknown name with the nearest known one."""
    if problems.full:
        return
    names = sorted(known)
    wanted = listing(names) if names else "a record of the case, which has none"
    close = problems.nearest(name, names) if isinstance(name, str) else None
    problems.add(Diagnostic(code, f"unknown {what} {show(name)}", path=path,
                            expected=None if close else wanted, suggestion=close))  # fmt: skip
