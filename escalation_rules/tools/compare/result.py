"""Result types of a comparison: immutable, convertible to plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from escalation_rules.decision import PolicyRef
from escalation_rules.frozen import frozen
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import PolicyModel
from escalation_rules.solving.subjects import Head
from escalation_rules.solving.witness import Witness
from escalation_rules.solving.written import one_line
from escalation_rules.texts import language_of
from escalation_rules.tools.compare.wording import parts_of

Kind = Literal["added", "removed", "changed"]
How = Literal["now", "no longer", "otherwise"]
Part = Literal["presence", "values", "times", "blocked", "audit", "order", "aging"]
Why = Literal["unconfirmed", "gave-up", "too-large", "alike", "no-time", "contradiction", "not-looked-for"]


@attrs.frozen
class Said:
    """One part of a rule (`when`, `unless`, `recommend` …) in words, before and after."""

    part: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@attrs.frozen
class RuleChange:
    """A rule that was added, removed or changed."""

    kind: Kind
    rule: str
    parts: tuple[str, ...] = ()


@attrs.frozen
class NameChange:
    """An entry of the vocabulary (a fact, an action, a calendar …), or the heading of a ruleset, that was added, removed or
    changed."""

    kind: Kind
    of: str
    name: str
    parts: tuple[str, ...] = ()


@attrs.frozen
class EffectChange:
    """Actions that the new policy recommends, forbids or holds `now`, `no longer` or `otherwise` in the
    witness.

    `because` names the changes that cause it. `before` and `after` list what the policies decided, one entry
    for each difference. `contradicting` names the rules that contradict each other, if the step is held in one of the
    policies because of that alone.
    """

    how: How
    head: Head
    actions: tuple[str, ...]
    about: str | None
    because: tuple[str, ...]
    witness: Witness
    before: tuple[Mapping[str, Any], ...] = attrs.field(converter=frozen)
    after: tuple[Mapping[str, Any], ...] = attrs.field(converter=frozen)
    contradicting: tuple[str, ...] = ()

    @property
    def is_of_blocking(self) -> bool:
        """Whether both policies recommend a step that only one of them forbids or holds."""
        if self.head != "recommend" or self.how == "otherwise" or self.contradicting:
            return False
        return bool(self.before) and bool(self.after)


@attrs.frozen
class NotCompared:
    """A difference that could not be decided, and why.

    `part` is what may differ: whether the effect is there, its values, the times of a step, whether a step is `blocked`,
    what an `audit` says of it, the `order` of all steps, or what is decided when a value has become stale (`aging`).
    `tests` are those that the solver does not look into, `keys` those of the policy for which no cases are looked for.
    """

    head: Head
    actions: tuple[str, ...]
    about: str | None
    because: tuple[str, ...]
    why: Why
    tests: tuple[Condition, ...] = ()
    part: Part = "presence"
    keys: tuple[str, ...] = ()


@attrs.frozen
class Following:
    """A step that may come, go or be done otherwise together with what is told of other actions (`holding`), because a hold
    of these waits for it. `because` are the changes behind that."""

    action: str
    holding: tuple[str, ...]
    because: tuple[str, ...]


@attrs.frozen
class Comparison:
    """The differences between an old and a new policy.

    `effects` are the differences found in cases. `proven` if no other action differs in any case with up to
    `records` records in each list and `acts` acts. `equivalent` if there are none at all. Without `in_cases`, only
    the texts were compared, which proves nothing unless they are the same.
    """

    old: PolicyRef
    new: PolicyRef
    rules: tuple[RuleChange, ...]
    vocabulary: tuple[NameChange, ...]
    effects: tuple[EffectChange, ...]
    not_compared: tuple[NotCompared, ...]
    records: int
    acts: int
    compared: int
    in_cases: bool
    models: tuple[PolicyModel, PolicyModel] = attrs.field(eq=False, repr=False)
    following: tuple[Following, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether it is proven that no other action is recommended, forbidden or held differently. The actions of `effects` may
        differ in other cases and in other ways, too, and those of `following` with them."""
        return not self.not_compared if self.in_cases else self.same_texts

    @property
    def same_texts(self) -> bool:
        """Whether no rule and no entry of the vocabulary differs."""
        return not self.rules and not self.vocabulary

    @property
    def equivalent(self) -> bool:
        """Whether it is proven that no decision differs."""
        return self.proven and not self.effects

    def said(
        self, change: RuleChange, language: str, formats: Any = None, instead: str | None = None
    ) -> tuple[Said, ...]:
        """The parts of a rule that differ, in words; `instead` is the rule that replaces it, if that has another id."""
        names_of = (change.rule, instead or change.rule)
        before, after = (
            parts_of(model, name, language, formats)
            for model, name in zip(self.models, names_of, strict=True)
        )
        names = dict.fromkeys((*before, *after))
        rules = [model.rule(name) for model, name in zip(self.models, names_of, strict=True)]
        if rules[0] is not None and rules[1] is not None and rules[0].ruleset == rules[1].ruleset:
            names.pop("ruleset", None)  # another heading is said once, of the ruleset
        return tuple(Said(name, before.get(name, ()), after.get(name, ())) for name in names
                     if before.get(name) != after.get(name))  # fmt: skip

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The comparison as plain data for JSON, with rules in words. Raises `RequestError` for an unknown language."""
        language = language_of(language)
        return {
            "old": attrs.asdict(self.old),
            "new": attrs.asdict(self.new),
            "equivalent": self.equivalent,
            "proven": self.proven,
            "in_cases": self.in_cases,
            "within": {"records": self.records, "acts": self.acts},
            "rules": [
                {
                    "rule": change.rule,
                    "kind": change.kind,
                    "parts": list(change.parts),
                    "said": [_plain(one) for one in self.said(change, language)],
                }
                for change in self.rules
            ],
            "vocabulary": [_plain(change) for change in self.vocabulary],
            "effects": [_effect(change) for change in self.effects],
            "not_compared": [
                _plain(difference) | {"tests": [one_line(test) for test in difference.tests]}
                for difference in self.not_compared
            ],
            "following": [_plain(follower) for follower in self.following],
        }


def _plain(part: Any) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value
            for key, value in attrs.asdict(part, recurse=False).items()}  # fmt: skip


def _effect(change: EffectChange) -> dict[str, Any]:
    return _plain(change) | {"witness": change.witness.to_dict()}
