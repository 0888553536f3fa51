"""What the loader refuses structurally, the schema refuses as well, each in a file that is right but for one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.schema.judges import BASE, base, plain, policy_problems, policy_validator, refusals

CONDITION = """
format: 1
ruleset: more
rules:
  - id: one
    when: {}
    then:
      - recommend: call_back
"""
CONDITION_OF_CLAIMS = """
format: 1
ruleset: more
rules:
  - id: one
    for_each: claims
    when: {}
    then:
      - recommend: call_back
"""
EFFECT = """
format: 1
ruleset: more
rules:
  - id: one
    when: {{customer.left: true}}
    then:
      - {}
"""
EFFECT_OF_CLAIMS = """
format: 1
ruleset: more
rules:
  - id: one
    for_each: claims
    then:
      - {}
"""
RULE = """
format: 1
ruleset: more
principle: fair
rules:
  - {}
"""
FILE = """
{}
"""
VOCABULARY = """
format: 1
vocabulary:
  {}
"""
BY_ORDER = "{conclude: case.weight, first_that_applies: [{heavy: {customer.left: true}}], otherwise: light}"
THEN = "then: [{recommend: call_back}]"

RIGHT = [
    (CONDITION, "{customer.angry: true}"),
    (CONDITION_OF_CLAIMS, "{open: true, claim.amount: 0}"),
    (EFFECT, "{recommend: pay, amount: customer.asks}"),
    (EFFECT_OF_CLAIMS, "{conclude: upheld}"),
    (RULE, f"{{id: one, {THEN}}}"),
    (FILE, "format: 1"),
    (VOCABULARY, "facts: {customer.new: {type: flag}}"),
]

BROKEN = [
    # names
    ("misspelt fact", CONDITION, "{customer.angri: true}"),
    ("word that is no test", CONDITION, "{angry: true}"),
    ("field outside its list", CONDITION, "{open: true}"),
    ("field of a list that is not in scope", CONDITION, "{claim.open: true}"),
    ("field of another list", CONDITION_OF_CLAIMS, "{strength: strong}"),
    ("another list's record", CONDITION_OF_CLAIMS, "{loss.amount: 0}"),
    ("reference that the list does not have", CONDITION, "{some: losses, where: {made_by.trusts: true}}"),
    ("misspelt operator", CONDITION, "{customer.calls: {atleast: 2}}"),
    ("misspelt list", CONDITION, "{some: claim}"),
    ("misspelt action", CONDITION, "{done: callback}"),
    ("misspelt outcome", CONDITION, "{done: {action: call_back, outcome: done}}"),
    ("unknown role of an act", CONDITION, "{done: {action: call_back, by: boss}}"),
    ("role for a party", CONDITION, "{customer.contact: boss}"),
    ("value that the choice does not have", CONDITION, "{customer.kind: publc}"),
    ("value that the level does not have", CONDITION, "{customer.mood: {in: [calm, cold]}}"),
    ("misspelt name to compare with", CONDITION, "{customer.calls: {at_least: customer.visit}}"),
    ("name of another type", CONDITION, "{customer.calls: {same_as: customer.asks}}"),
    ("unknown calendar", CONDITION, "{case.opened_at: {older_than: 2 working days in shop}}"),
    ("hours that are no span", CONDITION, "{during: 7-9}"),
    ("hours of an unknown calendar", CONDITION, "{during: working time in shop}"),
    ("hours of no instant", CONDITION, "{customer.mood: {during: working time}}"),
    # forms
    ("list for a condition", CONDITION, "[{customer.angry: true}]"),
    ("word for a condition", CONDITION, "customer.angry"),
    ("empty condition", CONDITION, "{}"),
    ("mapping for all", CONDITION, "{all: {customer.angry: true}}"),
    ("empty any", CONDITION, "{any: []}"),
    ("list for not", CONDITION, "{not: [{customer.angry: true}]}"),
    ("list for a value", CONDITION, "{customer.kind: [private, business]}"),
    ("nothing for a value", CONDITION, "{customer.angry: null}"),
    ("empty test", CONDITION, "{customer.calls: {}}"),
    ("two heads", CONDITION, "{some: claims, every: losses, has: {amount: 0}}"),
    ("modifier alone", CONDITION, "{customer.angry: true, where: {customer.left: true}}"),
    ("modifier of another head", CONDITION, "{some: claims, at_least: 2}"),
    ("count without a number", CONDITION, "{count: claims}"),
    ("every without has", CONDITION, "{every: claims, where: {open: true}}"),
    ("sum of a list", CONDITION, "{sum: losses, above: 0}"),
    ("sum of what cannot be summed", CONDITION, "{sum: losses.what, above: 0}"),
    ("window of working time", CONDITION, "{count: claims, within: 2 working days, at_least: 2}"),
    ("act without an action", CONDITION, "{done: {by: agent}}"),
    ("two heads of acts", CONDITION, "{done: visit, not_done: call_back}"),
    ("two heads of acts, one a silence", CONDITION, "{nothing_done_for: 2 days, done: visit}"),
    ("unknown key of an act", CONDITION, "{done: {action: visit, who: agent}}"),
    ("acts of no record", CONDITION, "{done: {action: visit, about: this}}"),
    ("no length of time", CONDITION, "{nothing_done_for: a while}"),
    # operand types
    ("text for a flag", CONDITION, '{customer.angry: "true"}'),
    ("number for a flag", CONDITION, "{customer.angry: 1}"),
    ("flag for a count", CONDITION, "{customer.calls: true}"),
    ("fraction for a count", CONDITION, "{customer.calls: 2.5}"),
    ("negative count", CONDITION, "{customer.calls: {at_least: -1}}"),
    ("text for a count", CONDITION, '{customer.calls: "2"}'),
    ("amount without a currency", CONDITION, "{customer.asks: {above: 800}}"),
    ("currency in small letters", CONDITION, "{customer.asks: {above: {twd: 800}}}"),
    ("currency that ISO does not know", CONDITION, "{customer.asks: {above: {NTD: 800}}}"),
    ("number for a text", CONDITION, "{customer.words: 5}"),
    ("date for an instant", CONDITION, "{visit.planned_at: 2026-03-01}"),
    ("instant without an offset", CONDITION, "{visit.planned_at: {above: 2026-03-01T10:00:00}}"),
    ("length of time in words", CONDITION, "{customer.patience: {at_most: two days}}"),
    ("working time for a duration", CONDITION, "{customer.patience: {at_most: 2 working days}}"),
    ("neither before nor after", CONDITION, "{case.opened_at: {after: 2 days of visit.planned_at}}"),
    ("back, and moved", CONDITION, "{case.opened_at: {after: '2 days before visit.planned_at, moved to a working day'}}"),
    ("working time that moves in a test", CONDITION,
     "{case.opened_at: {after: '2 working days after visit.planned_at, moved to a working day'}}"),
    ("after the end of a day", CONDITION, "{case.opened_at: {after: end of the working day after visit.planned_at}}"),
    ("overdue, and working time that moves", CONDITION,
     "{case.opened_at: {overdue_after: '2 working days, moved to a working day'}}"),
    ("long after a flag", CONDITION, "{case.opened_at: {after: 2 days after customer.angry}}"),
    ("no time at all", CONDITION, "{case.opened_at: {older_than: 0 days}}"),
    ("working time ahead", CONDITION, "{visit.planned_at: {coming_within: 2 working hours}}"),
    ("one bound", CONDITION, "{customer.calls: {between: [1]}}"),
    ("scalar for in", CONDITION, "{customer.kind: {in: private}}"),
    ("nothing to be in", CONDITION, "{customer.kind: {in: []}}"),
    ("order of a choice", CONDITION, "{customer.kind: {at_least: private}}"),
    ("passed for a flag", CONDITION, "{customer.angry: passed}"),
    ("word for given", CONDITION, "{customer.angry: {given: yes}}"),
    ("text that contains nothing", CONDITION, '{customer.words: {contains: ""}}'),
    ("contains in a choice", CONDITION, "{customer.kind: {contains: priv}}"),
    # effects
    ("unknown effect", EFFECT, "{suggest: call_back}"),
    ("effect without a head", EFFECT, "{owner: agent}"),
    ("effect that is a word", EFFECT, "call_back"),
    ("two heads of an effect", EFFECT, "{recommend: call_back, forbid: visit}"),
    ("misspelt action to recommend", EFFECT, "{recommend: call_bak}"),
    ("action without a phase", EFFECT, "{recommend: brush_off}"),
    ("group to recommend", EFFECT, "{recommend: contacts}"),
    ("unknown owner", EFFECT, "{recommend: call_back, owner: boss}"),
    ("whom a wording is for, without one", EFFECT, "{recommend: call_back, say_to: colleague}"),
    ("parameter of another action", EFFECT, "{recommend: call_back, amount: 0}"),
    ("parameter of the wrong type", EFFECT, "{recommend: review, public: maybe}"),
    ("amount of money without currency", EFFECT, "{recommend: pay, amount: 500}"),
    ("sum of another type", EFFECT, "{recommend: pay, amount: {sum: losses.pieces}}"),
    ("record of another list", EFFECT, "{recommend: review, chair: {one_of: claims}}"),
    ("where for which", EFFECT, "{recommend: review, chair: {one_of: parties, where: {trusts: true}}}"),
    ("within without a unit", EFFECT, "{recommend: call_back, within: 3}"),
    ("end of another day", EFFECT, "{recommend: call_back, within: end of the day of case.opened_at}"),
    ("end of the day of an unknown calendar", EFFECT, "{recommend: call_back, within: end of the working day in shop}"),
    ("working time that moves", EFFECT, "{recommend: call_back, within: '2 working days, moved to a working day'}"),
    ("within of nothing known", EFFECT, "{recommend: call_back, within: 3 days of case.closed_at}"),
    ("again without every", EFFECT, "{recommend: call_back, again: 2 days}"),
    ("about a record of none", EFFECT, "{recommend: visit, about: made_by}"),
    ("unclear aim", EFFECT_OF_CLAIMS, "{recommend: visit}"),
    ("hold without until", EFFECT, "{hold: pay}"),
    ("forbid with until", EFFECT, "{forbid: pay, until: {done: visit}}"),
    ("except of an action", EFFECT, "{forbid: pay, except: [visit]}"),
    ("except of another group", EFFECT, "{forbid: money, except: [visit]}"),
    ("except of nothing", EFFECT, "{forbid: money, except: []}"),
    ("by nobody", EFFECT, "{forbid: money, by: []}"),
    ("unknown answer", EFFECT, "{forbid: pay, when_unknown: forbid}"),
    ("parameter in where that the action lacks", EFFECT, "{forbid: pay, where: {chair: given}}"),
    ("conclusion that is none", EFFECT, "{conclude: customer.angry}"),
    ("conclusion of a list", EFFECT, "{conclude: upheld}"),
    ("flag concluded by order", EFFECT, "{conclude: case.hopeless, otherwise: true}"),
    ("choice concluded without order", EFFECT_OF_CLAIMS, "{conclude: finding}"),
    # rules
    ("rule without id", RULE, f"{{{THEN}}}"),
    ("rule without then", RULE, "{id: one, when: {customer.left: true}}"),
    ("rule without effects", RULE, "{id: one, then: []}"),
    ("the same effect twice", RULE, "{id: one, then: [{recommend: call_back}, {recommend: call_back}]}"),
    ("overrides of nothing", RULE, f"{{id: one, overrides: [], {THEN}}}"),
    ("id with capitals", RULE, f"{{id: One, {THEN}}}"),
    ("unknown key of a rule", RULE, f"{{id: one, if: {{customer.left: true}}, {THEN}}}"),
    ("unknown principle", RULE, f"{{id: one, principle: unfair, {THEN}}}"),
    ("for each of what is no list", RULE, f"{{id: one, for_each: claim, {THEN}}}"),
    ("source that is a list", RULE, f"{{id: one, source: [law], {THEN}}}"),
    ("when beside a choice by order", RULE, f"{{id: one, when: {{customer.left: true}}, then: [{BY_ORDER}]}}"),
    ("text in a language that we do not speak", RULE, f"id: one\n    {THEN}\n    because:\n      fr: parce que"),
    ("text that is a word", RULE, f"id: one\n    {THEN}\n    because: Because."),
    ("slot that names nothing", RULE, f"id: one\n    {THEN}\n    because:\n      en: It is {{customer.angri}}."),
    ("brace alone", RULE, f"id: one\n    {THEN}\n    because:\n      en: It is {{ so."),
    # files
    ("no format", FILE, "name: mine"),
    ("another format", FILE, "format: 2"),
    ("unknown key of a file", FILE, "format: 1\nrule: []"),
    ("rules of no ruleset", FILE, "format: 1\nrules: []"),
    ("rules that are a mapping", FILE, "format: 1\nruleset: more\nrules: {one: {}}"),
    ("a list of rules", FILE, "[{id: one}]"),
    ("disabled without reason", FILE, "format: 1\ndisable: [{rule: find}]"),
    # vocabulary
    ("fact without a dot", VOCABULARY, "facts: {new: {type: flag}}"),
    ("fact without a type", VOCABULARY, "facts: {customer.new: {ask: agent}}"),
    ("fact of no type", VOCABULARY, "facts: {customer.new: {type: number}}"),
    ("choice without values", VOCABULARY, "facts: {customer.new: {type: choice}}"),
    ("flag with values", VOCABULARY, "facts: {customer.new: {type: flag, values: [a]}}"),
    ("concluded text", VOCABULARY, "facts: {customer.new: {type: text, concluded: true}}"),
    ("question for a conclusion", VOCABULARY, "facts: {customer.new: {type: flag, concluded: true, ask: agent}}"),
    ("failure that is not concluded", VOCABULARY, "facts: {customer.new: {type: flag, failure: true}}"),
    ("presumption of another type", VOCABULARY, "facts: {customer.new: {type: flag, presume: sure}}"),
    ("staleness by working time", VOCABULARY, "facts: {customer.new: {type: flag, stale_after: 2 working days}}"),
    ("perhaps for people", VOCABULARY, "facts: {customer.new: {type: text, for_people: maybe}}"),
    ("a list perhaps for people", VOCABULARY, "records: {visits: {each: one, fields: {}, for_people: maybe}}"),
    ("nobody to ask", VOCABULARY, "facts: {customer.new: {type: flag, ask: boss}}"),
    ("list without a singular", VOCABULARY, "records: {visits: {fields: {}}}"),
    ("field with the name of a word", VOCABULARY, "records: {visits: {each: one, fields: {where: {type: text}}}}"),
    ("reference to no list", VOCABULARY, "records: {visits: {each: one, fields: {to_it: {type: reference, to: x}}}}"),
    ("absence that is neither", VOCABULARY, "records: {visits: {each: one, fields: {}, absent: maybe}}"),
    ("wording for an unknown role", VOCABULARY, "actions: {ring: {say_to: boss}}"),
    ("unknown fact in the heading", VOCABULARY, "heading: [customer.angri]"),
    ("unknown list in the heading", VOCABULARY, "heading: [{for_each: partys}]"),
    ("field of another list in the heading", VOCABULARY, "heading: [{for_each: claims, show: [amounts]}]"),
    ("action of no phase", VOCABULARY, "actions: {wave: {phase: third}}"),
    ("action of no role", VOCABULARY, "actions: {wave: {owner: boss}}"),
    ("action about no list", VOCABULARY, "actions: {wave: {about: visits}}"),
    ("action before none", VOCABULARY, "actions: {wave: {before: []}}"),
    ("action after none", VOCABULARY, "actions: {wave: {after: []}}"),
    ("action by nobody", VOCABULARY, "actions: {wave: {by: []}}"),
    ("action without an outcome", VOCABULARY, "actions: {wave: {outcomes: []}}"),
    ("action of which no outcome counts", VOCABULARY, "actions: {wave: {counts: []}}"),
    ("no further values", VOCABULARY, "extend: {customer.kind: []}"),
    ("principles that are none", VOCABULARY, "principles: []"),
    ("action with an unknown key", VOCABULARY, "actions: {wave: {who: agent}}"),
    ("priority that is too high", VOCABULARY, "actions: {wave: {priority: 5000}}"),
    ("reversible by half", VOCABULARY, "actions: {wave: {reversible: half}}"),
    ("sum of texts", VOCABULARY, "actions: {wave: {params: {words: {type: text, combine: sum}}}}"),
    ("group without actions", VOCABULARY, "groups: {few: {actions: []}}"),
    ("group of unknown actions", VOCABULARY, "groups: {few: {actions: [wave]}}"),
    ("calendar without hours", VOCABULARY, "calendars: {shop: {timezone: Asia/Taipei}}"),
    ("hours of no weekday", VOCABULARY, "calendars: {shop: {timezone: Asia/Taipei, hours: {monday: []}}}"),
    ("hours that are no span", VOCABULARY, 'calendars: {shop: {timezone: Asia/Taipei, hours: {mon: ["9-12"]}}}'),
    ("other hours of no date", VOCABULARY,
     'calendars: {shop: {timezone: UTC, hours: {mon: ["09:00-10:00"]}, other_hours: {2026-01-01: []}}}'),
    ("hours in an addition", VOCABULARY, "extend: {office: {hours: {}}}"),
    ("default calendar that there is not", VOCABULARY, "calendar: shop"),
    ("order without all phases", VOCABULARY, "phase_order: [{when: {customer.left: true}, order: [first]}]"),
    ("more values of what is no choice", VOCABULARY, "extend: {customer.angry: [sometimes]}"),
]  # fmt: skip


def judged(tmp_path: Path, text: str) -> tuple[list[str], list[str]]:
    (tmp_path / "more.yaml").write_text(text, encoding="utf-8")
    return policy_problems([BASE, tmp_path]), refusals(policy_validator(base()), plain(text))


@pytest.mark.parametrize(("frame", "part"), RIGHT)
def test_the_frames_are_right(tmp_path: Path, frame: str, part: str) -> None:
    assert judged(tmp_path, frame.format(part)) == ([], [])


@pytest.mark.parametrize(("frame", "part"), [each[1:] for each in BROKEN], ids=[each[0] for each in BROKEN])
def test_both_refuse(tmp_path: Path, frame: str, part: str) -> None:
    loader, schema = judged(tmp_path, frame.format(part))
    assert loader
    assert schema
