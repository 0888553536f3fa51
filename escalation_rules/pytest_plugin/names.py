"""Resolves the names in steps, ids or labels, to ids of the policy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

import attrs

from escalation_rules.errors import listing
from escalation_rules.policy.model import PolicyModel
from escalation_rules.policy.vocabulary import Fact, Parameter, Vocabulary
from escalation_rules.pytest_plugin.cells import is_number, plain_length, plain_number
from escalation_rules.pytest_plugin.messages import Message, Wrong, message, wordings_of
from escalation_rules.suggestions import nearest
from escalation_rules.texts import Text
from escalation_rules.values import Enumerated, Flag

Kind = Literal[
    "action", "fact", "rule", "role", "phase", "principle", "source", "record", "parameter", "value"
]
"""The kinds of names. `fact` includes fields, with or without their record list, and record lists."""

FLAGS: Mapping[str, bool] = {
    word: value for value, said in ((True, "true"), (False, "false")) for word in wordings_of(said)[1:]
}
"""The words for the values of a flag in other languages than English."""

_WRITTEN = frozenset({"text", "reference", "party"})
"""The types whose values are texts, also if they consist of digits."""

_WORDS: Mapping[Kind, Message] = {
    kind: message(kind)
    for kind in (
        "action",
        "fact",
        "rule",
        "role",
        "phase",
        "principle",
        "source",
        "record",
        "parameter",
        "value",
    )
}


@attrs.frozen
class Names:
    """The names of a policy: for each kind, its ids with their labels."""

    kinds: Mapping[Kind, Mapping[str, Text]]
    groups: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary
    fields: Mapping[str, tuple[str, ...]]
    """Short names of fields (`charge.amount`, `amount`) with the names used in decisions (`charges.amount`)."""

    @classmethod
    def of(cls, model: PolicyModel) -> Names:
        """The names of a policy."""
        known = model.vocabulary
        sources = {part.strip() for rule in model.rules for part in (rule.source or "").split(";")}
        kinds: dict[Kind, Mapping[str, Text]] = {
            "action": {name: action.label for name, action in known.actions.items()},
            "fact": _facts(known),
            "rule": {rule.id: Text() for rule in model.rules},
            "role": {name: role.label for name, role in known.roles.items()},
            "phase": {name: phase.label for name, phase in known.phases.items()},
            "principle": {name: principle.label for name, principle in known.principles.items()},
            "source": {
                **{source: known.sources.get(source, Text()) for source in sources if source},
                **{rule.source: Text() for rule in model.rules if rule.source},
            },
        }
        groups = {name: group.actions for name, group in known.groups.items()}
        return cls(kinds, groups, known, _fields(known))

    def find(self, kind: Kind, text: str) -> str:
        """The id for a text that is an id or a label. Raises `Wrong` if there is none, or more than one."""
        if kind == "action" and text in self.groups:
            members = listing(self.groups[text])
            raise Wrong("{name} is a group of actions; name one of them: {names}", name=text, names=members)
        name = found(kind, text, self.kinds.get(kind, {}))
        full = self.fields.get(name, ()) if kind == "fact" else ()
        if len(full) > 1:
            raise Wrong(
                "{name} is a field of several lists: {names}; write one of them",
                name=repr(text), names=listing(full),
            )  # fmt: skip
        return full[0] if full else name

    def about(self, kind: Kind, name: str) -> str | None:
        """The list that an action or field is about: a list, `case`, or None for any."""
        if kind == "action":
            return self.vocabulary.actions[name].about
        listed = name.partition(".")[0]
        return listed if listed in self.vocabulary.records and name not in self.vocabulary.facts else "case"

    def parameter(self, text: str, actions: Collection[str]) -> str:
        """The parameter named `text` of one of these actions (empty: of any)."""
        known: dict[str, Text] = {}
        for name, action in self.vocabulary.actions.items():
            if not actions or name in actions:
                known |= {parameter: param.label for parameter, param in action.params.items()}
        return found("parameter", text, known)

    def declared(self, fact: str) -> list[Fact]:
        """The declarations of a fact; several, if several record lists have a field with this name."""
        known = self.vocabulary
        if fact in known.facts:
            return [known.facts[fact]]
        head, _, field = fact.rpartition(".")
        lists = [
            record_list
            for record_list in known.records.values()
            if not head or head in (record_list.name, record_list.each)
        ]
        return [record_list.fields[field] for record_list in lists if field in record_list.fields]

    def is_concluded(self, fact: str) -> bool:
        """Whether it is concluded by rules, and cannot be given by a case."""
        return any(declaration.concluded for declaration in self.declared(fact))

    def value(self, fact: str, value: Any) -> Any:
        """The value of a fact, with labels and translated words converted to values. Raises `Wrong` for an invalid value."""
        return self._value(self.declared(fact), value)

    def parameter_value(self, action: str, name: str, value: Any) -> Any:
        """The value of a parameter, converted in the same way."""
        return self._value([self.vocabulary.actions[action].params[name]], value)

    def outcome(self, action: str, text: str) -> str:
        """The outcome of an action with this name or label."""
        declared = self.vocabulary.actions[action]
        labels = {label.name: label.label for label in declared.outcome_labels}
        return found("value", text, {name: labels.get(name, Text()) for name in declared.outcomes})

    @staticmethod
    def _value(declared: Sequence[Fact | Parameter], value: Any) -> Any:
        kinds = {type(declaration.type) for declaration in declared}
        if (
            is_number(value)
            and declared
            and all(declaration.type.kind in _WRITTEN for declaration in declared)
        ):
            return plain_number(
                value
            )  # the number of a customer, say: the table shows what kind of value it is
        if len(kinds) != 1 or not isinstance(value, str) or value in wordings_of("unknown"):
            return value
        if isinstance(declared[0].type, Flag) and value in FLAGS:
            return FLAGS[value]
        if declared[0].type.kind == "duration":
            return plain_length(value)
        known: dict[str, Text] = {}
        for declaration in declared:
            if isinstance(declaration.type, Flag):
                known |= dict.fromkeys(("true", "false"), Text())
                continue
            if not isinstance(declaration.type, Enumerated):
                return value
            known |= dict.fromkeys(declaration.type.names, Text()) | {
                one.name: one.label for one in declaration.values
            }
        return found("value", value, known)


def _facts(known: Vocabulary) -> dict[str, Text]:
    names = {name: fact.label for name, fact in known.facts.items()}
    for listed in known.records.values():
        names[listed.name] = listed.label
        for field, declared in listed.fields.items():
            names.setdefault(field, declared.label)
            names[f"{listed.name}.{field}"] = names[f"{listed.each}.{field}"] = declared.label
    return names


def _fields(known: Vocabulary) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for listed in known.records.values():
        for field in listed.fields:
            full = f"{listed.name}.{field}"
            for other in (field, f"{listed.each}.{field}"):
                if other not in known.facts:
                    names[other] = (*names.get(other, ()), full)
    return names


def found(kind: Kind, text: str, known: Mapping[str, Text]) -> str:
    """The id in `known` that equals `text` or has it as label in any language."""
    if text in known:
        return text
    labelled = [name for name, label in known.items() if text.casefold() in _wordings(label)]
    if not labelled and (spaced := text.casefold().replace(" ", "_")) in known:
        return spaced
    if kind == "fact":  # a field has several names; use the shortest
        labelled = (
            sorted(labelled, key=len)[:1]
            if len({name.rpartition(".")[2] for name in labelled}) == 1
            else labelled
        )
    if len(labelled) == 1:
        return labelled[0]
    if labelled:
        several = listing(sorted(labelled))
        raise Wrong("{name} is the label of several: {names}; write the id", name=repr(text), names=several)
    near = nearest(text, known) or nearest(text.casefold(), _all_wordings(known.values()))
    what = _WORDS[kind]
    if near:
        raise Wrong(
            "unknown {what} {name}; did you mean {near}?", what=what, name=repr(text), near=repr(near)
        )
    if not known:
        raise Wrong("unknown {what} {name}; there is none at all", what=what, name=repr(text))
    raise Wrong(
        "unknown {what} {name}; expected {names}", what=what, name=repr(text), names=listing(sorted(known))
    )


def _wordings(label: Text) -> set[str]:
    return {wording.casefold() for _, wording in label.versions}


def _all_wordings(labels: Iterable[Text]) -> list[str]:
    return [wording.casefold() for label in labels for _, wording in label.versions]
