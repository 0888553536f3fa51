"""The two policies of a comparison, what their effects state, and what they decide about a subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from escalation_rules.engine import Program
from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Rule
from escalation_rules.solving.contradictions import Contradiction, contradictions
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.subjects import Effects, Subject, subjects
from escalation_rules.tools.compare.contents import Content, content_of, differing_fields
from escalation_rules.tools.compare.result import How

OLD, NEW = 0, 1
Pair = tuple[Observed, Observed]
"""A case as decided by the old and by the new policy."""


@attrs.frozen(eq=False)
class Policies:
    """The old and the new policy, with the effects of each by subject, and rules that contradict each other."""

    programs: tuple[Program, Program]
    models: tuple[PolicyModel, PolicyModel]
    effects: tuple[Mapping[Subject, Effects], Mapping[Subject, Effects]]
    contradictions: tuple[
        Mapping[Subject, Sequence[Contradiction]], Mapping[Subject, Sequence[Contradiction]]
    ]

    @classmethod
    def of(cls, old: Program, new: Program) -> Policies:
        """The policies of two programs."""
        models = (old.model, new.model)
        effects = (subjects(old.model), subjects(new.model))
        return cls((old, new), models, effects, (contradictions(old.model), contradictions(new.model)))

    def effects_of(self, whose: int, subject: Subject) -> Effects:
        """The effects of a policy on a subject, each with its rule."""
        return self.effects[whose].get(subject, [])

    @property
    def known(self) -> set[Subject]:
        """All subjects of either policy."""
        return {*self.effects[OLD], *self.effects[NEW], *self.releasing}

    @property
    def releasing(self) -> set[Subject]:
        """The steps, about the case or the record of a hold, that are in the plan if they end it."""
        holds = (
            (subject, effect)
            for found in self.effects
            for subject, effects in found.items()
            for _, effect in effects
        )
        return {Subject("recommend", action, to) for subject, effect in holds if isinstance(effect, Prohibit)
                for action in effect.acts_needed for to in {"", subject.to}}  # fmt: skip

    def content(self, whose: int, rule: Rule, effect: Recommend | Prohibit) -> Content:
        """The content of an effect of a rule."""
        return content_of(self.models[whose], rule, effect) if isinstance(effect, Recommend) else Content()

    def restated(self, subject: Subject, content: Content, whose: int) -> frozenset[str]:
        """The fields in which a content of a policy differs from what the same rules, else any, state in the other one."""
        mine = {
            rule.id
            for rule, effect in self.effects_of(whose, subject)
            if self.content(whose, rule, effect) == content
        }
        theirs = [
            (rule.id, self.content(1 - whose, rule, effect))
            for rule, effect in self.effects_of(1 - whose, subject)
        ]
        same = [its for name, its in theirs if name in mine] or [its for _, its in theirs]
        differing = [differing_fields(content, other) for other in same]
        return min(differing, key=lambda changes: (len(changes), sorted(changes)), default=frozenset())

    def about(self, subject: Subject) -> str | None:
        """The id of the record that the subject is about in cases found; None: the whole case."""
        if not subject.to:
            return None
        lists = (model.vocabulary.records.get(subject.to) for model in self.models)
        return next(f"{record_list.each}-1" for record_list in lists if record_list is not None)


def how_differ(before: object, after: object) -> How | None:
    """How two answers differ, of which one is empty where nothing is decided; None if they are the same."""
    if before == after:
        return None
    return "otherwise" if before and after else "now" if after else "no longer"


def decided_about(observed: Observed, subject: Subject, about: str | None) -> list[Mapping[str, Any]]:
    """What a policy decided about the subject, as plain data without texts."""
    if subject.head != "recommend":
        return [
            {
                "by": list(prohibition.effect.by),
                "until": None if prohibition.effect.until is None else prohibition.effect.until.to_data(),
                "undecided": truth is None,
                "rule": prohibition.rule.id,
            }
            for prohibition, truth in observed.against(subject, about)
        ]
    found = [part.to_dict() for part in observed.steps(subject.action, about)]
    left_out = {"id", "because", "say", "say_to", "action", "about"}
    return [{key: value for key, value in step.items() if key not in left_out} for step in found]
