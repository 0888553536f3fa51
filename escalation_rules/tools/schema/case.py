"""The schema of a case or a history."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from escalation_rules.case.values import MAX_ITEMS
from escalation_rules.policy.vocabulary import Fact, RecordList, Vocabulary
from escalation_rules.tools.schema.parts import (
    FLAG,
    Kit,
    Schema,
    actions,
    closed,
    described,
    document,
    given,
    has,
    one_of,
    roles,
    spoken,
    when,
)
from escalation_rules.tools.schema.values import CURRENCY, ID, INSTANT, or_null, value

FORMAT = 1


def case_schema(vocabulary: Vocabulary) -> Schema:
    """The JSON Schema of case files for a policy with this vocabulary.

    Conclusions of rules are not allowed among the facts.
    """
    kit = Kit(vocabulary)
    head: dict[str, Schema] = {
        "id": described(or_null(ID), "The number of the case."),
        "currency": described(or_null(CURRENCY), "The currency of all amounts, such as TWD."),
    }
    entry = _entry(kit)
    plain = closed(head | entry | {"acts": _items(_act(kit, dated=True), "What was done.")})
    moment = {"id": or_null(ID), "at": described(INSTANT, "When this was learned or done.")}
    acts = {"acts": _items(_act(kit, dated=False), "What was done; at this instant by default.")}
    inner = closed(moment | entry | acts, ["at"])
    history = closed(head | {"history": _items(inner, "What was learned and done, in order of time.")})
    body: Schema = {
        "title": "A case: the facts, records and acts of one complaint, as plain data or as a history",
        "type": "object",
        "properties": dict.fromkeys([*head, *entry, "acts", "history"], True),
        **when(has("history"), history),
        "else": plain,
    }
    return document("case", FORMAT, body, kit.defs)


def _entry(kit: Kit) -> dict[str, Schema]:
    vocabulary = kit.vocabulary
    return {
        "facts": kit.define("facts", lambda: _facts(kit)),
        **{name: _records(kit, listed) for name, listed in vocabulary.records.items()},
        "learned_at": kit.define("learned_at", lambda: _learned(vocabulary)),
    }


def _fact(fact: Fact) -> Schema:
    label, question = spoken(fact.label), spoken(fact.question)
    return described(or_null(value(fact.type, fact.values)), label, f"({fact.type.kind})", question)


def _facts(kit: Kit) -> Schema:
    known: dict[str, Schema] = {}
    nested: dict[str, dict[str, Schema]] = {}
    for name, fact in kit.vocabulary.facts.items():
        if not fact.concluded:
            head, _, tail = name.partition(".")
            known[name] = kit.define(f"fact.{name}", partial(_fact, fact))
            nested.setdefault(head, {})[tail] = known[name]
    known |= {head: closed(fields) for head, fields in nested.items()}
    return or_null(closed(known))


def _records(kit: Kit, listed: RecordList) -> Schema:
    return kit.define(f"records.{listed.name}", partial(_rows, listed))


def _rows(listed: RecordList) -> Schema:
    fields = {name: _fact(fact) for name, fact in listed.fields.items() if not fact.concluded}
    fields |= {"id": described(ID, "The record's id, unique in the list."),
               "retract": described(or_null(FLAG), "True: the record was a mistake and is withdrawn.")}  # fmt: skip
    return _items(closed(fields, ["id"]), spoken(listed.label))


def _learned(vocabulary: Vocabulary) -> Schema:
    names = [*vocabulary.facts]
    names += [f"{listed.name}.{field}" for listed in vocabulary.records.values() for field in listed.fields]
    schema = or_null(closed(dict.fromkeys(names, or_null(INSTANT))))
    return described(schema, "When facts, and the fields of a list, were learned.")


def _items(schema: Schema, doc: str) -> Schema:
    return described(or_null({"type": "array", "items": schema, "maxItems": MAX_ITEMS}), doc)


def _act(kit: Kit, dated: bool) -> Schema:
    at = INSTANT if dated else or_null(INSTANT)
    required = ["action", "by", "at"] if dated else []
    known: dict[str, Schema] = {
        "id": described(or_null(ID), "The id of the act in its source; an act that is repeated counts once."),
        "action": actions(kit),
        "by": described({"anyOf": [roles(kit), ID]}, "The role, or the id of a record in `parties`."),
        "as": described(
            or_null(roles(kit)), "The role that the party had then, if it is not that of its record."
        ),
        "at": described(at, "When."),
        "outcome": described({}, "Its outcome; by default the action's first outcome."),
        "about": described(or_null(ID), "The id of the record that it was about."),
        "params": described({}, "Its parameters."),
    }
    forms = kit.define("acts", lambda: {"allOf": [*_outcomes(kit), *_params(kit)]})
    told = closed(known, required) | {"allOf": [forms]}
    if dated:
        return told
    known["retract"] = described(
        or_null({"const": False}), "True (with only the id): the act is withdrawn, as never done."
    )
    first = {"if": has("id"), "else": {"required": ["action", "by"]}}  # a later entry may correct only a part
    told = closed(known) | {"allOf": [forms, first]}
    withdrawn = closed({"id": ID, "retract": {"const": True}}, ["id", "retract"])
    return {"type": "object", **when(has("retract", {"const": True}), withdrawn), "else": told}


def _outcomes(kit: Kit) -> Iterable[Schema]:
    by_outcomes: dict[tuple[str, ...], list[str]] = {}
    for action in kit.vocabulary.actions.values():
        by_outcomes.setdefault(action.outcomes, []).append(action.name)
    for outcomes, names in by_outcomes.items():
        yield given("action", {"enum": names}, {"outcome": or_null(one_of(outcomes))})


def _params(kit: Kit) -> Iterable[Schema]:
    plain = [action.name for action in kit.vocabulary.actions.values() if not action.params]
    yield given("action", one_of(plain), {"params": or_null(closed({}))})
    for action in kit.vocabulary.actions.values():
        if action.params:
            params = action.params.items()
            known = {
                name: described(or_null(value(parameter.type)), spoken(parameter.label))
                for name, parameter in params
            }
            yield given("action", {"const": action.name}, {"params": or_null(closed(known))})
