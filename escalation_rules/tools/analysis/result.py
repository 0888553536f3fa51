"""Result types of an analysis: concerns with their cases, and the owners' answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from escalation_rules.decision import PolicyRef
from escalation_rules.errors import Position
from escalation_rules.policy.conditions import Condition
from escalation_rules.solving.witness import Witness

if TYPE_CHECKING:
    from escalation_rules.tools.analysis.near import Near

Kind = Literal[
    "conflict",
    "two-ways",
    "two-deadlines",
    "endless-hold",
    "never-fires",
    "always-covered",
    "gap",
    "no-deadline",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@attrs.frozen
class Answer:
    """An owner's reason why a concern of this kind between these rules, a gap in these `cases`, unless an exception is known to
    hold, or a warning of lint about rules
    or about these names of the vocabulary, is acceptable.

    Without `may_be_stale`, it is not reported if no concern needs it: a later layer removed a rule that it names, or it is in
    the built-in policy below other layers.
    """

    kind: str
    rules: tuple[str, ...]
    because: str
    position: Position = attrs.field(eq=False)
    names: tuple[str, ...] = ()
    may_be_stale: bool = attrs.field(default=True, eq=False)
    cases: Condition | None = attrs.field(default=None, eq=False)
    unless: Condition | None = attrs.field(default=None, eq=False)

    @property
    def is_of_lint(self) -> bool:
        """Whether `kind` is the code of a warning."""
        return self.kind not in KINDS

    def covers(self, kind: str, rules: tuple[str, ...]) -> bool:
        """Whether it answers a concern of this kind between these rules."""
        return kind == self.kind and set(rules) <= set(self.rules)


@attrs.frozen
class Concern:
    """A possible problem with some rules, and with an action if it concerns one. The witness is a case that
    shows it.

    A concern about something impossible has no witness: it is proven. A gap names the rules `near` it, what the policy still
    `asks` for in the case, and the actions that it recommends there, but forbids or holds for ever (`blocked`).
    """

    kind: Kind
    rules: tuple[str, ...]
    action: str | None = None
    witness: Witness | None = None
    answer: str | None = None
    near: tuple[Near, ...] = ()
    asks: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    among: str | None = None
    """The list or flag for which it was asked whether there is a step."""

    def to_dict(self) -> dict[str, Any]:
        """The concern as plain data for JSON."""
        found: dict[str, Any] = {"kind": self.kind, "rules": list(self.rules), "action": self.action, "answer": self.answer,
                 "witness": None if self.witness is None else self.witness.to_dict()}  # fmt: skip
        if self.kind == "gap":
            near = [near_rule.to_dict() for near_rule in self.near]
            found |= {"near": near, "asks": list(self.asks), "blocked": list(self.blocked)}
            found |= {} if self.among is None else {"among": self.among}
        return found


@attrs.frozen
class Analysis:
    """The concerns about a policy.

    `undecided` are those neither confirmed by a case nor excluded by a proof. `stale` are answers without a
    matching concern. `asked_for_gaps`: somebody has stated which cases must have a step; `all_gaps_shown`: it is proven that
    every other gap in which each rule is decided contains one of those in the concerns. `not_examined` are the concerns that
    were not looked for because the time was up. `steps_of`: the layer, file or ruleset whose rules alone were asked for steps.
    """

    policy: PolicyRef
    concerns: tuple[Concern, ...]
    undecided: tuple[Concern, ...]
    stale: tuple[Answer, ...]
    records: int
    acts: int
    asked_for_gaps: bool = True
    all_gaps_shown: bool = True
    not_examined: tuple[Concern, ...] = ()
    steps_of: str | None = None

    @property
    def unanswered(self) -> tuple[Concern, ...]:
        """The concerns without an answer."""
        return tuple(concern for concern in self.concerns if concern.answer is None)

    @property
    def left_open(self) -> tuple[Concern, ...]:
        """The concerns that were not looked for, or are undecided and without an answer."""
        return *self.not_examined, *(concern for concern in self.undecided if concern.answer is None)

    @property
    def clean(self) -> bool:
        """Whether everything was examined and decided, every concern is answered, and no answer is stale."""
        return not self.unanswered and not self.stale and not self.left_open

    def to_dict(self) -> dict[str, Any]:
        """The analysis as plain data for JSON."""
        return {
            "policy": attrs.asdict(self.policy),
            "clean": self.clean,
            "asked_for_gaps": self.asked_for_gaps,
            "steps_of": self.steps_of,
            "all_gaps_shown": self.all_gaps_shown,
            "not_examined": [
                {"kind": concern.kind, "rules": list(concern.rules), "action": concern.action} for concern in self.not_examined
            ],
            "within": {"records": self.records, "acts": self.acts},
            "concerns": [concern.to_dict() for concern in self.concerns],
            "undecided": [concern.to_dict() for concern in self.undecided],
            "stale": [{"kind": answer.kind, "rules": list(answer.rules), "because": answer.because,
                       "gone": list(gone(self, answer)), "position": answer.position.to_dict()} for answer in self.stale],
        }  # fmt: skip


def gone(analysis: Analysis, answer: Answer) -> tuple[str, ...]:
    """The rules named in an answer about which there is no concern of its kind any more."""
    met = {
        name
        for concern in analysis.concerns
        if answer.covers(concern.kind, concern.rules)
        for name in concern.rules
    }
    return tuple(rule for rule in answer.rules if rule not in met)


def instead(analysis: Analysis, answer: Answer) -> tuple[Concern, ...]:
    """The concerns of other kinds, without an answer, about these rules: what the answer was about may have become this."""
    left = {*gone(analysis, answer)}
    return tuple(
        concern
        for concern in analysis.unanswered
        if concern.kind != answer.kind and left.intersection(concern.rules)
    )
