"""What the questions about presence and content leave open: values that are worked out, and due times.

Two steps with the same content may still differ: an amount is worked out from something that was changed, or a time counts
from when a reason became known. Where nothing excludes this, a case is searched for, and without one it is not proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import Prohibit, Recommend, Rule
from escalation_rules.policy.precedence import Precedence
from escalation_rules.solving import value_terms
from escalation_rules.solving.contradictions import OWNER, is_of_record
from escalation_rules.solving.kleene_terms import Term, conj, disj
from escalation_rules.solving.moments import dated_parts
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject, against
from escalation_rules.tools.compare.causes import Causes
from escalation_rules.tools.compare.changed import names_read
from escalation_rules.tools.compare.contents import DECLARED, DESCRIBING
from escalation_rules.tools.compare.policies import NEW, OLD, Policies
from escalation_rules.tools.compare.questions import Question, Questions, open_step
from escalation_rules.tools.compare.unasked import same_parameters

_DECLARED = frozenset({"params", "counts", "by", "barred"})
"""The parts of an action's declaration that decide the parameters of its steps."""
WITHIN = "within"
"""The time of a step, as a term beside its parameters. A parameter cannot have this name, nor that of the owner."""


@attrs.frozen(eq=False)
class Aspects:
    """Asks about the values and times of a step that both policies recommend with the same content."""

    policies: Policies
    causes: Causes
    questions: Questions

    def of(self, subject: Subject) -> Iterator[Question]:
        """The questions that are open about a subject."""
        yield from self._without_list(subject)
        if subject.head == "recommend":
            if not any(self.policies.effects_of(whose, subject) for whose in (OLD, NEW)):
                yield self._released(subject)
            values = self._values(subject)
            if values is not None:
                yield values
            if self._may_be_due_otherwise(subject):
                yield self._times(subject)
        elif self._ends_otherwise(subject):
            yield self.questions.ends_otherwise(subject)

    def _without_list(self, subject: Subject) -> Iterator[Question]:
        """Questions about cases that do not mention a list, if the policies take that differently."""
        for name in sorted(self.causes.of(subject)):
            lists = [model.vocabulary.records.get(name) for model in self.policies.models]
            if (
                None not in lists
                and len({record_list.absent for record_list in lists if record_list is not None}) > 1
            ):
                for how in ("now", "no longer"):
                    yield self.questions.any_case(subject, how, name)

    def _released(self, subject: Subject) -> Question:
        """Ask about a step that no rule recommends: it is in the plan because it ends a hold."""
        holds = {hold for found in self.policies.effects for hold, effects in found.items() if hold.head == "hold"
                 and any(isinstance(one, Prohibit) and subject.action in one.acts_needed for _, one in effects)}  # fmt: skip

        def query(frame: Frame) -> Sequence[Term]:
            waiting = [conj(self.questions.in_both(frame, hold),
                            self.questions.in_both(frame, attrs.evolve(hold, head="recommend")))
                       for hold in sorted(holds)]  # fmt: skip
            return (disj(*waiting),)

        return self.questions.both(subject, "values", query)

    # --- values ---------------------------------------------------------------------------------------------------------

    def _values(self, subject: Subject) -> Question | None:
        """A question about the values of parameters, if these can differ."""
        whatever = (
            self._adds_up(subject)
            or self._precedence_differs(subject)
            or self._declares_other_values(subject)
            or self._reads_changed_declarations(subject)
            or self._asks_for_parameters(subject)
        )
        if not whatever and not self._reads_changes(subject):
            return None

        def query(frame: Frame) -> Sequence[Term]:
            base = conj(self.questions.in_both(frame, subject), *self.questions.may_be_open(frame, subject))
            pairs = list(self.questions.pairs(frame, subject))
            likely = self.questions.likely(frame, subject)
            if not whatever:
                differing = (value_terms.leaves_differ(frame.pair, value, scope)
                             for one, _, scope in pairs for _, value in one.params)  # fmt: skip
                base = conj(base, disj(*differing))
            forms = open_step(frame, subject, base)
            free = self.questions.free(frame, subject)
            return (conj(forms[0], likely, *free), conj(base, likely), conj(forms[0], *free), *forms)

        return self.questions.both(subject, "values", query)

    def _declares_other_values(self, subject: Subject) -> bool:
        """Whether the declaration of the action was changed in a part that decides the values of its steps."""
        parts = (
            self.causes.parts_declared(subject.action) - DECLARED - DESCRIBING - {"by", "barred", "counts"}
        )
        if parts != {"params"}:
            return bool(parts)
        old, new = (model.vocabulary.actions[subject.action] for model in self.policies.models)
        return not same_parameters(old, new)

    def _reads_changes(self, subject: Subject) -> bool:
        """Whether a parameter is worked out from something that was changed or is concluded otherwise."""
        return any(self.causes.touched[whose].changed_names(names_read(value)) for whose in (OLD, NEW)
                   for _, effect in self.policies.effects_of(whose, subject) if isinstance(effect, Recommend)
                   for _, value in effect.params)  # fmt: skip

    def _reads_changed_declarations(self, subject: Subject) -> bool:
        """Whether a parameter adds up or chooses records of a list with a changed declaration."""
        return any(self.causes.touched[whose].changed_names(value.reads()) for whose in (OLD, NEW)
                   for _, effect in self.policies.effects_of(whose, subject) if isinstance(effect, Recommend)
                   for _, value in effect.params)  # fmt: skip

    def _adds_up(self, subject: Subject) -> bool:
        """Whether the number of rules that hold matters, and can differ."""
        rules = [rule for whose in (OLD, NEW) for rule, _ in self.policies.effects_of(whose, subject)]
        several = any(len(self.policies.effects_of(whose, subject)) > 1 for whose in (OLD, NEW))
        if not several or not any(self.causes.of_conditions(rule.id) for rule in rules):
            return False
        return any(parameter.combine == "sum" for model in self.policies.models
                   for parameter in getattr(model.vocabulary.actions.get(subject.action), "params", {}).values())  # fmt: skip

    def _asks_for_parameters(self, subject: Subject) -> bool:
        """Whether another parameter may have to be known because of a prohibition that does not block while undecided."""
        bans = (
            one
            for whose in (OLD, NEW)
            for ban in against(subject)
            for one in self.policies.effects_of(whose, ban)
        )
        return any(isinstance(effect, Prohibit) and effect.when_unknown_allow and effect.by_params
                   and self.causes.of_rule(rule.id) for rule, effect in bans)  # fmt: skip

    def _precedence_differs(self, subject: Subject) -> bool:
        """Whether another rule decides where rules state different values."""
        found = []
        for whose, model in enumerate(self.policies.models):
            rules = {rule.id for rule, _ in self.policies.effects_of(whose, subject)}
            below = Precedence.of(model).below
            found.append({(one, other) for one in rules for other in below.get(one, ()) if other in rules})
        return found[OLD] != found[NEW]

    def says_otherwise(self, step: Subject, names: frozenset[str]) -> frozenset[str]:
        """The changes that can affect these parameters of a step, its owner (`OWNER`) or its time (`WITHIN`)."""
        both = [(whose, rule, effect) for whose in (OLD, NEW) for rule, effect in self.policies.effects_of(whose, step)
                if isinstance(effect, Recommend) and _states(effect, names)]  # fmt: skip
        said = [self._said(*entry, names) for entry in both]
        theirs = [
            {values for values, (whose, _, _) in zip(said, both, strict=True) if whose != side}
            for side in (OLD, NEW)
        ]
        found = [self.causes.of_rule(rule.id) for values, (whose, rule, _) in zip(said, both, strict=True)
                 if values not in theirs[whose]]  # fmt: skip
        if len(set(said)) > 1:  # it matters which of the rules hold, and which of them has precedence
            which = self.causes.of_rule if self._precedence_differs(step) else self.causes.of_conditions
            found += [which(rule.id) for _, rule, _ in both]
        elif any(values[-1] for values in said) or any(
            self._adds_rules(whose, effect, names) for whose, _, effect in both
        ):
            found += [self.causes.of_conditions(rule.id) for _, rule, _ in both]
        for whose, rule, effect in both:
            read = [
                name_read
                for name, value in effect.params
                if name in names
                for name_read in (*names_read(value), *value.reads())
            ]
            if self.causes.touched[whose].changed_names(read):
                found.append(self.causes.of_rule(rule.id))
        declared = _DECLARED if names - {OWNER} else frozenset[str]()
        if self.causes.parts_declared(step.action) & (declared | names):
            found.append(frozenset({step.action}))
        return frozenset().union(*found)

    def _said(self, whose: int, rule: Rule, effect: Recommend, names: frozenset[str]) -> tuple[object, ...]:
        """What an effect of a rule says of these parameters, or of the owner, and of whose record."""
        params = [(name, value) for name, value in effect.params if name in names]
        own = any(is_of_record(rule, value) for _, value in params)
        declared = self.policies.models[whose].vocabulary.actions[effect.action]
        owner = (effect.owner or declared.owner) if OWNER in names else None
        timed = (effect.within, effect.anchor, effect.before, rule.for_each) if WITHIN in names else None
        return (
            owner,
            timed,
            str([(name, value.to_data()) for name, value in params]),
            rule.for_each if own else None,
        )

    def _adds_rules(self, whose: int, effect: Recommend, names: frozenset[str]) -> bool:
        """Whether one of these parameters is the sum of what rules say."""
        declared = self.policies.models[whose].vocabulary.actions[effect.action].params
        return any(declared[name].combine == "sum" for name, _ in effect.params if name in names)

    # --- times ----------------------------------------------------------------------------------------------------------

    def _may_be_due_otherwise(self, subject: Subject) -> bool:
        """Whether the time of a reason, or a time during which the clock was stopped, can differ."""
        timed = [(whose, effect) for whose in (OLD, NEW) for _, effect in self.policies.effects_of(whose, subject)
                 if isinstance(effect, Recommend) and effect.within is not None]  # fmt: skip
        if not timed:
            return False
        stoppable = any(not effect.fixed for _, effect in timed)
        reading = any(self._reads_changed_times(whose, effect) for whose, effect in timed)
        return (
            reading or self._begins_otherwise(subject) or (stoppable and self._is_stopped_otherwise(subject))
        )

    def _reads_changed_times(self, whose: int, effect: Recommend) -> bool:
        pause = self.policies.models[whose].pauses.get(effect.action)
        read = names_read((effect.anchor, effect.before, effect.paused_while, pause))
        return self.causes.touched[whose].changed_names(read)

    def _begins_otherwise(self, subject: Subject) -> bool:
        """Whether the time since which a rule has held can differ, although it holds in the same cases."""
        rules = [
            {rule.id: rule for rule, _ in self.policies.effects_of(whose, subject)} for whose in (OLD, NEW)
        ]
        if not any(self.causes.of_conditions(name) for name in rules[OLD].keys() | rules[NEW].keys()):
            return False
        moments = [
            [condition for rule in rules[whose].values() for condition in self._moments(whose, rule)]
            for whose in (OLD, NEW)
        ]
        if not moments[OLD] and not moments[NEW]:
            return False
        is_one_rule = rules[OLD].keys() == rules[NEW].keys() and len(rules[OLD]) == 1
        changed = any(
            self.causes.touched[whose].changed_names(names_read(tuple(moments[whose])))
            for whose in (OLD, NEW)
        )
        return not is_one_rule or changed or set(moments[OLD]) != set(moments[NEW])

    def _moments(self, whose: int, rule: Rule) -> list[Condition]:
        return dated_parts(self.policies.models[whose], rule)

    def _is_stopped_otherwise(self, subject: Subject) -> bool:
        """Whether a prohibition that can have begun or ended at an instant is affected by a change."""
        return any(
            self.causes.of_rule(rule.id)
            and (self._moments(whose, rule) or getattr(effect, "until", None) is not None)
            for whose in (OLD, NEW)
            for ban in against(subject)
            for rule, effect in self.policies.effects_of(whose, ban)
        )

    def _times(self, subject: Subject) -> Question:
        def query(frame: Frame) -> Sequence[Term]:
            base = conj(self.questions.in_both(frame, subject), *self.questions.may_be_open(frame, subject))
            touched = [frame.encoders[whose].anywhere(rule).yes for whose in (OLD, NEW)
                       for rule, _ in self.policies.effects_of(whose, subject) if self.causes.of_conditions(rule.id)]  # fmt: skip
            forms = open_step(frame, subject, base)
            acted = conj(forms[0], disj(*(act.present for act in frame.symbols.acts)))
            return (conj(acted, disj(*touched)) if touched else acted, *forms)

        return self.questions.both(subject, "times", query)

    # --- holds ----------------------------------------------------------------------------------------------------------

    def _ends_otherwise(self, subject: Subject) -> bool:
        """Whether a hold waits for other acts, or for somebody else."""
        holds = [{rule.id: effect for rule, effect in self.policies.effects_of(whose, subject) if isinstance(effect, Prohibit)}
                 for whose in (OLD, NEW)]  # fmt: skip
        pairs = ((holds[OLD][name], holds[NEW][name]) for name in holds[OLD].keys() & holds[NEW].keys())
        return any(
            [*one.awaited] != [*other.awaited]
            or (one.waits_for_us != other.waits_for_us and one.until != other.until)
            for one, other in pairs
        )


def _states(effect: Recommend, names: frozenset[str]) -> bool:
    """Whether a recommendation states one of these parameters, or the owner."""
    if WITHIN in names or any(name in names for name, _ in effect.params):
        return True
    return OWNER in names and effect.owner is not None
