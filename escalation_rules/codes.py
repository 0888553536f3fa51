"""Declares all diagnostic codes with their severities and meanings; `lint --explain CODE` prints them.

Codes are stable, since users filter by them. A test compares this table with the codes used in the sources.
"""

from __future__ import annotations

from typing import Literal

import attrs

Severity = Literal["error", "warning"]


@attrs.frozen
class Code:
    """A diagnostic code: its possible severities, and one line that says what is wrong and what to write instead."""

    name: str
    severities: tuple[Severity, ...]
    doc: str

    def __str__(self) -> str:
        return f"{self.name} ({' or '.join(self.severities)}): {self.doc}"


_ERRORS = {
    # files and YAML
    "alias": "YAML anchors and aliases are not allowed. Write the value itself in every place.",
    "bad-key": "A key must be a plain name, not a list or a mapping. Write `name: value`.",
    "duplicate-key": "A key occurs twice in one mapping. Keep one of them, or put both tests below `all:`.",
    "file-too-large": "The file exceeds the size limit. Split it into several files.",
    "json-syntax": "The JSON cannot be parsed. Correct it at the place given.",
    "no-policy": "The path given contains no YAML file. Name a folder of YAML files, or one YAML file.",
    "not-finite": "Infinity and NaN are not allowed. Write a finite number.",
    "not-utf-8": "The file is not encoded in UTF-8. Save it as UTF-8.",
    "number-too-long": "The number has too many digits. Write a shorter number, or put an id in quotes.",
    "number-with-comma": "A comma in braces or brackets splits a number in two. Write the number without commas.",
    "same-file": "A file is part of two layers. List each file in one layer only.",
    "stale-answer": "An answer in .analysis.yaml covers no warning of its rule any more. Remove it, or the name of the rule.",
    "several-documents": "The file contains several YAML documents. Write one document per file, without `---` inside.",
    "tag": "YAML tags are not allowed. Write the value without the tag, in quotes if it is a text.",
    "too-many-problems": "Only the first 999 problems are shown. Correct those first, then check again.",
    "too-deep": "The text is nested too deeply. Use fewer levels.",
    "too-many-files": "The folder contains too many YAML files. Use fewer files or several layers.",
    "unreadable": "The file or folder cannot be read. Check the path and its permissions.",
    "unsettled": "The files keep changing. Write a new version elsewhere, and move it into place in one step.",
    "yaml-syntax": "The text is not valid YAML. Correct the line; texts with special characters need quotes.",
    # form of a policy
    "bad-name": "The name has characters that are not allowed. Use small letters, digits and `_`, and start with a letter.",
    "bad-slot": "A slot in a text cannot be filled here. Name a fact or field that the rule reads; write `{{` for a brace.",
    "cycle": "Rules or actions depend on each other in a circle. Remove one of the references.",
    "duplicate": "The same name or id is used twice where it must be unique. Rename or remove one of them.",
    "empty": "Something that needs content is empty. Add the content, or remove the key.",
    "flow-text": "A text in several languages is written in braces. Write one line per language below the key.",
    "format": "The file states no supported format version. Write `format: 1` at the top; keep cases in a folder of their own.",
    "misplaced-key": "The key is at the wrong level of the rule. Move it to the level that the message names.",
    "missing-key": "A required key is missing. Add it.",
    "missing-phase": "The list of phases is incomplete. List every phase exactly once.",
    "no-vocabulary": "No layer declares a vocabulary. Load the built-in policy first, or add `vocabulary:`.",
    "nothing-replaced": "`replaces:` names a declaration that no lower layer has. Remove `replaces:`, or correct the name.",
    "other-digest": "The policy is not the one that was expected. Deploy all of its files, or expect the digest given.",
    "policy-too-large": "The policy exceeds what can be read or compiled. Split or shorten the rules or files named.",
    "repeated": "The same item occurs twice in a list. Remove one of them.",
    "reserved-name": "The name is a word of the policy language. Choose another name.",
    "same-layer": "A rule can only replace or disable rules of a lower layer. Edit the rule, or put the change in a later layer.",
    "several-heads": "A mapping contains two tests or effects, but only one is allowed. Write a list item for each.",
    "unknown-key": "The key is not one of those allowed here. Correct its spelling, or remove it.",
    "unknown-language": "The language is not supported. Use one of those that the message lists.",
    "wrong-form": "A value has the wrong form, such as a list instead of a mapping. Write the form that the message names.",
    "wrong-value": "A value does not fit its type. Write a value of the type that the message names.",
    # unknown names
    "unknown-act": "`retract:` names the id of an act that is not recorded earlier. Use the id of an earlier act.",
    "unknown-action": "The action is not declared. Correct its spelling, or declare it below `actions:`.",
    "unknown-aim": "The target of `about:` does not exist. Use a field that refers to a record, or `case`.",
    "unknown-calendar": "The calendar is not declared. Correct its name, or declare it below `calendars:`.",
    "unknown-effect": "The effect does not exist. Use `recommend`, `forbid`, `hold` or `conclude`.",
    "unknown-fact": "The fact or field is not declared, or cannot be read here. Correct its spelling, or declare it.",
    "unknown-field": "The field is not declared in the record list. Correct its spelling, or declare it below `fields:`.",
    "unknown-name": "The name does not exist in the policy. Correct its spelling.",
    "unknown-operator": "The operator does not exist. Use one of the operators for this type.",
    "unknown-outcome": "The action has no such outcome. Use a declared outcome, or add it to `outcomes:`.",
    "unknown-parameter": "The action has no such parameter. Use a declared parameter, or add it to `params:`.",
    "unknown-party": "The value is neither a role nor the id of a party of the case. Correct it, or add the party.",
    "unknown-phase": "The phase is not declared. Correct its spelling, or declare it below `phases:`.",
    "unknown-principle": "The principle is not declared. Correct its spelling, or declare it below `principles:`.",
    "unknown-record": "The case has no record with this id. Correct the id, or add the record.",
    "unknown-record-list": "The record list is not declared. Correct its spelling, or declare it below `records:`.",
    "unknown-role": "The role is not declared. Correct its spelling, or declare it below `roles:`.",
    "unknown-rule": "The rule does not exist, or not in a lower layer. Correct the id, or load the layer that has the rule.",
    "unknown-type": "The type does not exist. Use one of the types of facts.",
    # conditions
    "ambiguous-reference": "Several fields refer to the same record list. Name one of them with `of:`, or write `of: case`.",
    "bad-currency": "The currency is not a code of ISO 4217. Write three capital letters, such as `TWD`.",
    "bad-duration": "The length of time cannot be read. Write a number and a unit, such as `30 minutes` or `2 working days`.",
    "condition-too-long": "The condition has too many tests. Split the rule.",
    "modifier-alone": "A key such as `where:` needs a test over records beside it. Add `some:`, `every:` or `count:`.",
    "no-calendar": "Working time is used, but the policy has no calendar. Declare `calendar:` in the vocabulary.",
    "no-currency": "An amount has no currency. Write one amount per currency, such as `{TWD: 800}`.",
    "no-record": "`about: this` is used where no record is in scope. Use it in a rule with `for_each:`.",
    "no-reference": "The field does not refer to a record in scope. Name another field, or write `of: case`.",
    "not-comparable": "The two values have different types. Compare values of the same type.",
    "not-summable": "Values of this type cannot be added. Sum an amount, a count or a duration.",
    "operator-does-not-apply": "The operator does not apply to this type of fact. Use one that the message lists.",
    # vocabulary and rules
    "bad-calendar": "The calendar is invalid. Correct its hours, dates or country as the message says.",
    "bad-conclusion": "A fact of the case is concluded once per record. Conclude a field, or remove `for_each:`.",
    "bad-escalation": "The rule cannot escalate the one named. Name one that recommends the same step.",
    "bad-override": "The rule cannot override the one named. Name one that forbids or holds, with the same `for_each:`.",
    "does-not-fit": "A key or value does not fit its context. Remove it, or write what the message names.",
    "hold-deadlock": "Holds wait for each other, so none can ever end. Let one of them end without the other.",
    "never-concluded": "A rule reads a conclusion that no rule reaches. Add a rule that concludes it.",
    "no-phase": "The recommended action belongs to no phase. Add `phase:` to its declaration.",
    "not-concluded": "A rule concludes a fact that the case provides. Declare it with `concluded: true`, or conclude another.",
    "table-gap": "No row of a table applies to some case. Add a row for it, or `otherwise:`.",
    "table-input": "A cell compares with another fact, so the table cannot be checked. Write `hit: first` and `otherwise:`.",
    "table-overlap": "Two rows of a table apply to one case. Make them exclude each other, or write `hit: first`.",
    "unclear-aim": "It is not clear which record the action is about. Add `about:` with a reference, or `about: case`.",
    "unclear-anchor": "It is not clear which record the time counts from. Find one record in `when:`, or use `for_each:`.",
    # cases
    "a-decision": "A decision is given in place of a case. Give the case that was decided.",
    "bad-instant": "The instant passed cannot be used. Pass an aware datetime.",
    "concluded": "The case provides a fact that only rules can conclude. Provide the facts from which it follows.",
    "out-of-order": "An entry of the history is earlier than the one before it. Sort the entries by time.",
    "other-vocabulary": "The case was read against another vocabulary. Read it again with `policy.case(data)`.",
    "too-many": "The case contains too many items, of one kind or in all. Split it.",
    "unreadable-data": "Reading the data fails, or the data changes meanwhile. Pass plain data that nothing else changes.",
    # requests and the command line
    "bad-argument": "An argument of a call has the wrong type or form. Pass what the message names.",
    "bad-option": "The value of an option cannot be used. Write a value of the form given.",
    "no-builtin": "A layer on the built-in policy is given without it. Write `builtin` before it.",
    "no-cases": "There is no case to work on. Check the paths, or the query.",
    "no-engine": "The engine cannot be used on this machine. Use `engine='plain'`.",
    "no-origin": "A decision that was read back from data cannot be explained. Call `policy.explain` with its case.",
    "not-a-decision": "The data is not a decision. Pass what `decide --json` prints or `to_dict()` returns.",
    "not-installed": "Text output needs packages that are not installed. Install `escalation-rules[cli]`, or use `--json`.",
    "unknown-code": "The code does not exist. Use one that `lint --explain` lists.",
    "unknown-command": "The command does not exist. Use one that `escalation-rules --help` lists.",
    "unknown-engine": "The engine does not exist. Use `durable` or `plain`.",
    "not-a-receipt": "The line is not the receipt of a decision. Write the lines of a log with `receipt_line`.",
    "not-replayed": "The library failed on this case. Report it with the case; the other cases are not affected.",
    "worker-lost": "A worker process ended while it decided the case. Decide the case alone to see why; it may need more memory.",
    "unwritable": "The output cannot be written. Check the disk and the permissions.",
    "usage": "The arguments of the command are wrong. See its `--help`.",
    # examples of rules
    "bad-example": "An example cannot be used. Write `fires:` with a case and `not:` with one change.",
    "does-not-fire": "The rule does not fire in its own example. Correct the rule or the example.",
    "no-example": "The rule has no complete example. Add `examples:` with `fires:` and `not:`.",
    "does-not-match": "The entry of a lexicon does not match its own example. Correct the words or the example.",
    "still-matches": "The entry of a lexicon matches a text that it must not. Add `not_with:`, or correct the text.",
    "decided": "The rule does not hold after the change below `undecided:`. Move the change to `not:`, or correct it.",
    "still-fires": "The rule still fires after the change below `not:` or `undecided:`. Correct the rule or the change.",
}  # fmt: skip

_WARNINGS = {
    "always-true": "The test is true for every value, so it decides nothing. Leave it out, or write `given`.",
    "covered": "Whenever the rule applies, another rule already has the same effects. Remove it, or give it further effects.",
    "name-as-text": "A text is compared with the name of a fact or field. Write `same_as:` to compare with its value.",
    "compared-with-itself": "A fact is compared with itself. Compare it with another fact or a value.",
    "currency-left-out": "An amount is missing in a currency that another rule uses. Write it in every currency.",
    "conflicting-steps": "Two rules recommend the same step in different ways. Add `escalates:`, or exclusive conditions.",
    "every-without-some": "`every` is also true where there is no record. Add `some:` if there must be one.",
    "goes-on": "A step comes back after the case is closed. Add `applies_while:`, or test whether it is closed.",
    "may-not-act": "A step is assigned to a role that may not do it. Name a role that may, or add it below `by:` of the action.",
    "missing-label": "A name that people see has no label. Add `label:` in every language.",
    "missing-question": "People are asked for a fact that has no question. Add `question:`, or `ask: system`.",
    "missing-translation": "A text is missing in a language. Add it in every language.",
    "misspelt-source": "The source of a rule is almost a declared one. Correct it, or declare it below `sources:`.",
    "never-applies": "The conditions of the rule exclude each other. Write conditions that can be true together.",
    "never-recommended": "The action has a phase, but no rule recommends it. Recommend it, or remove `phase:`.",
    "never-overdue": "A rule tests whether a step is overdue, but no rule gives it a due time. Add `within: … of …` to it.",
    "never-true": "The test can never be true. Write one that can be.",
    "no-because": "The rule gives no reason. Add `because:`.",
    "no-conclusion": "No rule concludes the fact. Add a rule with `conclude:`, or remove the fact.",
    "no-order": "A test of time uses the time at which records were recorded. Add `ordered_by:` with an instant of the list.",
    "no-principle": "The rule serves no principle. Add `principle:` to the rule or its ruleset.",
    "no-source": "The rule names no source. Add `source:` with an account, a standard or a law.",
    "nobody-is-asked": "A hold ends with one of several acts, and no rule recommends any. Use one action, or recommend one.",
    "not-only-for-people": "A fact marked `for_people: true` is read by a rule. Remove `for_people:`, or change the rule.",
    "stopped-clock": "A prohibition that counts from the same instant as a deadline makes it end later. Write `fixed: true`.",
    "escalates-while-waiting": "`overdue_after:` runs on while a step waits. Test that nobody waits, or use `.analysis.yaml`.",
    "other-acts": "A time counts from acts other than those that the rule tests. Require one `done:` of the action.",
    "first-in-the-case": "`one_of:` takes the first record in the case. Write `earliest:` or `latest:`, which use `ordered_by:`.",
    "undated-conclusion": "A time counts from a conclusion that a plain case does not date. Add `anchor:` to the action.",
    "first-of-several": "A time counts from the first of several acts. Conclude that all are done, and count from that.",
    "acts-about": "A test on acts means those about any record, or about none. Write `about:` with the field that refers to it.",
    "unrelated-list": "A test on a list in a rule for each record means the whole list. Add a `where:` that names the record.",
    "part-done": "A hold ends when a part of what is wanted was done. Compare what is wanted with `sum_done:`.",
    "counted-twice": "A deadline can be over when its rule begins to hold. Write the time that the message expects.",
    "approval-of-any-amount": "An approval of a small amount or none covers a large one. Write `covers:` and `required: true`.",
    "limit-on-record": "A limit tests a record, not the act, so another amount is not limited. Use `where:`.",
    "never-asked": "Only exceptions read the flag or choice, so nobody asks for it. Write `not:` below `when:`, or presume it.",
    "never-noticed": "The last step of a flow has no deadline, so its omission goes unnoticed. Add `within:`.",
    "added-up": "Two rules give the same amount, and both are added. Use one rule, or exclusive conditions.",
    "open-limit": "A limit in money does not hold while the amount is unknown. Remove `when_unknown: allow`.",
    "other-deadline": "Two rules recommend the same step in the same cases with different deadlines. Keep one of them.",
    "overrides-disabled": "A rule overrides a disabled or replaced rule. Remove `overrides:`, or name the rule in its place.",
    "role-escapes": "A new role is missing from the `by:` lists of prohibitions. Forbid it these acts, or write `except_by:`.",
    "row-never-reached": "A row is never reached: earlier rows apply to all its cases. Remove it, or change the order.",
    "one-sided": "One person may do both acts in the other order. Write `not_by:` in both declarations.",
    "self-approval": "The role that does a step may also approve its amount. Name another role below `by:` in `until:`.",
    "shadowed": "A step is forbidden in every case in which it is recommended. Add `overrides:`, or narrow the prohibition.",
    "subtracted-twice": "The plan and the rule both subtract what was done. Write the whole amount, or `before:` in `sum_done:`.",
    "comment-in-text": "A ` #` in a text begins a comment, which cuts the text off. Put the text in quotes.",
    "slot-in-parameter": "A slot in the text of a parameter is not filled. Write the text itself, or use `say:`.",
    "skipped-file": "A file with the form of a policy is skipped because of its name. Rename it, or remove it.",
    "held-while-late": "A step that waits for an act of ours is not open, so it is not overdue. Test that act as well.",
    "replaced-deadline": "A longer time ends when a shorter one begins. Keep the general rule as it is; the earlier time counts.",
    "early-escalation": "`older_than:` working days begins before a deadline of as many is over. Use `overdue_after:`.",
    "empty-window": "One length counts working time and the other does not: the time between can be empty. Use one kind.",
    "unclear-of": "A test on the list of `for_each:` does not say which records it means. Write `of:` with the field, or `case`.",
    "unclear-wait": "It is not clear for whom the hold waits. Add `waits_for: us` or `waits_for: customer`.",
    "unread-conclusion": "No rule reads the conclusion. Read it, mark it `for_people: true`, or remove it.",
    "unread-parameter": "No rule sets or tests the parameter, and no text contains it. Use it, or remove it.",
    "unused-action": "No rule uses the action. Use it, or remove it.",
    "unused-amount": "No rule names the amount. Use it, or remove it.",
    "unused-fact": "No rule reads the fact. Read it, mark it `for_people: true`, or remove it.",
    "unused-field": "No rule reads the field. Read it, mark it `for_people: true`, or remove it.",
    "unused-group": "No rule uses the group. Use it, or remove it.",
    "unused-list": "No rule reads the record list. Read it, mark it `for_people: true`, or remove it.",
    "unused-phase": "No action belongs to the phase. Use it, or remove it.",
    "unused-principle": "No rule serves the principle. Use it, or remove it.",
    "unused-role": "No rule and no action uses the role. Use it, or remove it.",
    "waits-for-forbidden": "A hold ends with an action that no rule recommends and another rule forbids. End it in another way.",
    "written-twice": "Two rules have the same conditions and effects. Remove one of them.",
}  # fmt: skip

_BOTH = {
    "no-anchor": "A length of time has no start. Write `within: … of …`, or add `anchor:` to the action.",
}

_TABLES: tuple[tuple[tuple[Severity, ...], dict[str, str]], ...] = (
    (("error",), _ERRORS), (("warning",), _WARNINGS), (("error", "warning"), _BOTH),
)  # fmt: skip

CODES: dict[str, Code] = {
    name: Code(name, severities, doc) for severities, docs in _TABLES for name, doc in sorted(docs.items())
}
