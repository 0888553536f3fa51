"""Records people's answers to proposals: accepted ones are added to the case, and none is asked twice.

The core does not know proposals: `accepted` takes a case as plain data and returns new plain data for
`policy.decide`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.call_arguments import instant
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.integrations.signals.proposing import Proposal, gist
from escalation_rules.values import Instant, ValueProblem, show

_LONGEST_NAME = 100


@attrs.frozen
class Answer:
    """An answer to a proposal (its `id`, place and content): accepted or rejected, by whom and when."""

    proposal: str
    accepted: bool
    by: str
    at: datetime
    message: str
    path: str
    said: str
    start: int
    end: int

    def answers(self, proposal: Proposal) -> bool:
        """Whether this answers the proposal: the same content from the same words, whoever found it."""
        return self.proposal == proposal.id or (
            self.message == proposal.message
            and self.path == proposal.path
            and self.said == gist(proposal.value)
            and self.start < proposal.end
            and proposal.start < self.end
        )


@attrs.frozen
class Answers:
    """All answers about one case. Store `to_list()` with the case, and restore it with `from_list`."""

    given: tuple[Answer, ...] = ()

    def accept(self, proposal: Proposal, *, by: str, at: datetime) -> Answers:
        """A copy with this proposal accepted. To add it to the case, use `accepted`."""
        return self._with(proposal, True, by, at)

    def reject(self, proposal: Proposal, *, by: str, at: datetime) -> Answers:
        """A copy with this proposal rejected. It will not be asked again."""
        return self._with(proposal, False, by, at)

    def open(self, proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
        """The proposals without an answer."""
        return tuple(
            proposal for proposal in proposals if not any(answer.answers(proposal) for answer in self.given)
        )

    def to_list(self) -> list[dict[str, Any]]:
        """The answers as plain data for JSON."""
        return [{**attrs.asdict(answer), "at": answer.at.isoformat()} for answer in self.given]

    @classmethod
    def from_list(cls, data: object) -> Answers:
        """Restore the answers from `to_list`. Raises `RequestError` for invalid data."""
        try:
            if not isinstance(data, list):
                raise TypeError(f"a list was expected, not {show(data)}")
            return cls(tuple(Answer(**{**entry, "at": Instant().parse(entry["at"])}) for entry in data))
        except (TypeError, KeyError, ValueError) as error:
            problem = Diagnostic(
                "wrong-form",
                f"these are not answers: {error}",
                path="answers",
                expected="what to_list() returned",
            )
            raise RequestError([problem]) from None

    def _with(self, proposal: Proposal, accepted: bool, by: str, at: datetime) -> Answers:
        answer = Answer(proposal.id, accepted, _name(by), instant(at), proposal.message, proposal.path,
                        gist(proposal.value), proposal.start, proposal.end)  # fmt: skip
        return Answers((*(earlier for earlier in self.given if earlier.proposal != proposal.id), answer))


def accepted(case: Mapping[str, Any], proposal: Proposal, *, by: str, at: datetime) -> dict[str, Any]:
    """Return a copy of the case with the content of the proposal added.

    A history gets an entry at `at`, whose id contains those of the proposal and of `by`. A plain case gets
    the fact, with the time when it was learned, or the record. Accepting the same proposal twice adds it
    once. Raises `RequestError` if an amount is in another currency than the case, and `CaseError` for a naive
    `at`.
    """
    if not isinstance(case, Mapping):
        raise RequestError(
            [
                Diagnostic(
                    "wrong-form", f"the case cannot be {show(case)}", path="case", expected="its plain data"
                )
            ]
        )
    moment, name = instant(at).isoformat(), _name(by)
    changed: dict[str, Any] = deepcopy(dict(case))
    if proposal.currency is not None:
        _same_currency(changed, proposal.currency)
    if "history" in changed:
        changed["history"] = _with_entry(
            changed["history"] or [], proposal, f"{proposal.id} by {name}", moment
        )
    elif isinstance(proposal.value, Mapping):
        changed[proposal.path] = _with_record(changed.get(proposal.path) or [], proposal)
    else:
        _set_fact(changed, proposal)
        changed["learned_at"] = {**(changed.get("learned_at") or {}), proposal.path: moment}
    return changed


def _with_entry(history: list[Any], proposal: Proposal, name: str, at: str) -> list[Any]:
    """The history with another entry, after all entries that are not later."""
    if any(
        isinstance(entry, Mapping) and str(entry.get("id", "")).startswith(f"{proposal.id} by ")
        for entry in history
    ):
        return history
    told = (
        {proposal.path: _with_record([], proposal)}
        if isinstance(proposal.value, Mapping)
        else {"facts": {proposal.path: proposal.value}}
    )
    place = sum(1 for entry in history if not _is_later(entry, at))
    return [*history[:place], {"id": name, "at": at, **told}, *history[place:]]


def _is_later(entry: object, at: str) -> bool:
    try:
        return isinstance(entry, Mapping) and Instant().parse(entry.get("at")) > Instant().parse(at)
    except ValueProblem:
        return False  # `policy.case` reports it


def _with_record(records: list[Any], proposal: Proposal) -> list[Any]:
    known = any(isinstance(record, Mapping) and record.get("id") == proposal.id for record in records)
    fields = proposal.value if isinstance(proposal.value, Mapping) else {}
    return list(records) if known else [*records, {"id": proposal.id, **fields}]


def _set_fact(case: dict[str, Any], proposal: Proposal) -> None:
    """Set a fact at its place in the case: nested, or under its dotted name."""
    facts: dict[str, Any] = dict(case.get("facts") or {})
    head, _, tail = proposal.path.partition(".")
    if isinstance(facts.get(head), Mapping):
        facts[head] = {**facts[head], tail: proposal.value}
    else:
        facts[proposal.path] = proposal.value
    case["facts"] = facts


def _same_currency(case: dict[str, Any], currency: str) -> None:
    known = case.setdefault("currency", currency)
    if known != currency:
        problem = f"the amount is in {currency}, the case in {show(known)}"
        raise RequestError(
            [Diagnostic("bad-currency", problem, path="currency", expected=f"a case in {currency}")]
        )


def _name(by: object) -> str:
    if isinstance(by, str) and 0 < len(by) <= _LONGEST_NAME and by.isprintable():
        return by
    expected = f"a printable text of 1 to {_LONGEST_NAME} characters"
    raise RequestError(
        [Diagnostic("wrong-value", f"by: {show(by)} is not a name", path="by", expected=expected)]
    )
