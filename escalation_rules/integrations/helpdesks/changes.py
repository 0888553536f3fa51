"""Converts a decision to plain requests that write its plan into the ticket. Sends nothing.

The note lists the steps, what must not be done and what to ask, in the agents' language, and ends with marks.
When a later run gets a reading of the ticket, it finds the marks and writes only what is new.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import attrs

from escalation_rules.decision import Decision, Forbidden, Step, goes
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.integrations.helpdesks.form_changes import KINDS, SLOT
from escalation_rules.integrations.helpdesks.marks import mark, marked
from escalation_rules.integrations.helpdesks.normal import Reading
from escalation_rules.integrations.helpdesks.profile import Profile
from escalation_rules.integrations.helpdesks.spec import Request
from escalation_rules.integrations.helpdesks.wording import Words, names_in, words
from escalation_rules.values import Money, plain_instant

_AT_MOST = 7
"""The maximum number of steps (those done together count once) and of questions in a note, as in the output of `decide`."""

_SOON = timedelta(days=1)


@attrs.frozen
class _Line:
    """A line of the note, with its mark."""

    mark: str
    text: str


def changes_for(decision: Decision, profile: Profile, reading: Reading | None = None) -> list[dict[str, Any]]:
    """The requests that write a plan into its ticket, in the order in which to send them.

    Each is plain data: `kind` (`task`, `tags`, `priority`, `due`, `note`), `key`, `method`, `path`, `body`.
    The key is the same for the same content: use it as idempotency key, or to skip requests sent before. With
    the `reading` of the ticket, content that is already there is left out, and a priority is never lowered.
    Raises `RequestError` if neither the decision nor the reading names a ticket of this help desk.
    """
    return list(_Writer(decision, profile, reading, _key(decision, profile, reading)).requests())


def _key(decision: Decision, profile: Profile, reading: Reading | None) -> str:
    start = f"{profile.name}:ticket:"
    ours = decision.case is not None and decision.case.startswith(start)
    if ours and reading is not None and decision.case != reading.ticket.id:
        message = f"the decision is about {decision.case!r}, the reading about {reading.ticket.id!r}"
        raise RequestError([Diagnostic("unknown-record", message, expected="the reading of the same ticket")])
    if reading is not None:
        return reading.ticket.key
    if ours and decision.case is not None:
        return decision.case.removeprefix(start)
    message = f"the case {decision.case!r} is not a ticket of {profile.spec.label}"
    expected = f"a case whose id begins with {start!r}, or `reading=`"
    raise RequestError([Diagnostic("unknown-record", message, expected=expected)])


@attrs.frozen
class _Writer:
    decision: Decision
    profile: Profile
    reading: Reading | None
    ticket: str
    names: Mapping[str, str] = attrs.field(init=False)
    """Readable names for ids, as far as the reading contains them."""

    @names.default
    def _names(self) -> dict[str, str]:
        return names_in(self.reading, self.profile.spec.label, self.shown) if self.reading else {}

    def requests(self) -> Iterator[dict[str, Any]]:
        """The requests, with the note last: its marks mean that everything else was sent."""
        for kind in KINDS:
            request = self.profile.spec.changes.requests.get(kind)
            if request is not None:
                yield from getattr(self, kind)(kind, request)

    # --- requests -----------------------------------------------------------------------------------------------------

    def task(self, kind: str, request: Request) -> Iterator[dict[str, Any]]:
        """A task for each step that has none."""
        for step in self.new_steps:
            title = f"{self.label(step)} · {self.words.owner(step)}" if step.owner else self.label(step)
            details = _harmless("\n".join(self.details(step)))
            yield self.made(
                kind,
                request,
                _step_mark(self.ticket, step),
                title=_harmless(title),
                details=f"{details}\n{marked((_step_mark(self.ticket, step),))}",
                due=self.moment(step.due),
            )

    def tags(self, kind: str, request: Request) -> Iterator[dict[str, Any]]:
        """A tag for each step, for use in queues. If the system replaces all tags at once, the reading is
        needed to keep the existing ones; without it, nothing is written."""
        there = self.reading.ticket.tags if self.reading else ()
        new = sorted({f"plan-{step.action.replace('_', '-')}" for step in self.decision.plan} - set(there))
        slots = set(SLOT.findall(repr(request.body)))
        if not new or ("all_tags" in slots and self.reading is None):
            return
        for tags in [[tag] for tag in new] if "tag" in slots else [new]:
            slots_of = {"tags": self.in_one(tags), "all_tags": self.in_one([*there, *tags])}
            yield self.made(kind, request, ",".join(tags), tag=tags[0], **slots_of)

    def in_one(self, tags: list[str]) -> list[str] | str:
        """The tags in the system's form: a list or one text."""
        split = self.profile.spec.ticket.tags.split
        return split[0].join(tags) if split else tags

    def priority(self, kind: str, request: Request) -> Iterator[dict[str, Any]]:
        """Urgent while a step of an urgent phase is open, high if something is due within a day. Never lowered."""
        changes = self.profile.spec.changes
        level = self.level()
        wanted = changes.levels.get(level or "")
        if wanted is None:
            return
        now = self.reading.ticket.priority if self.reading else None
        if now != str(wanted) and not _is_higher(now, str(wanted), changes.priorities):
            yield self.made(kind, request, str(wanted), priority=wanted)

    def level(self) -> str | None:
        """The urgency of the plan: `urgent`, `high` or None."""
        urgent = self.profile.spec.changes.urgent
        soon = self.decision.at + _SOON
        if any(step.phase in urgent for step in self.decision.plan):
            return "urgent"
        return (
            "high"
            if any(step.overdue or (step.due and step.due <= soon) for step in self.decision.plan)
            else None
        )

    def due(self, kind: str, request: Request) -> Iterator[dict[str, Any]]:
        """The earliest due time of a step."""
        first = min((step.due for step in self.decision.plan if step.due is not None), default=None)
        there = self.reading.ticket.due if self.reading else None
        if (
            first is not None
            and first != there
            and (there is None or self.moment(there) != self.moment(first))
        ):
            yield self.made(kind, request, plain_instant(first), due=self.moment(first))

    def note(self, kind: str, request: Request) -> Iterator[dict[str, Any]]:
        """The plan as a private note, limited to what no earlier note contains."""
        sections = [
            (self.words.steps, list(self.step_lines())),
            (self.words.forbidden, list(self.forbidden_lines())),
            (self.words.missing, list(self.missing_lines())),
        ]
        fresh = [
            (title, [line for line in lines if line.mark not in self.written]) for title, lines in sections
        ]
        lines = [line for _, some in fresh for line in some]
        if not lines:
            return
        parts = [f"{title}\n" + "\n".join(line.text for line in some) for title, some in fresh if some]
        left = len(self.goes) - _AT_MOST
        if fresh[0][1] and left > 0:
            parts[0] += f"\n{self.words.more(left)}"
        how = [self.words.how(step) for step in self.new_steps[:1]]
        marks = tuple(line.mark for line in lines)
        text = _harmless("\n\n".join((self.words.heading, *parts, *how)))
        text = f"{text}\n\n{marked(marks)}"
        yield self.made(kind, request, " ".join(marks), text=text, html=_as_html(text))

    # --- lines --------------------------------------------------------------------------------------------------------

    @property
    def words(self) -> Words:
        """The texts in the agents' language."""
        return words(self.profile.spec.language, self.profile.vocabulary, self.names)

    @property
    def written(self) -> frozenset[str]:
        """The marks already in the ticket."""
        return self.reading.written if self.reading else frozenset()

    @property
    def goes(self) -> list[tuple[Step, ...]]:
        """The steps of the plan, grouped by what is done together."""
        return goes(self.decision.plan)

    @property
    def new_steps(self) -> Sequence[Step]:
        """The steps that are not in the ticket yet."""
        return [step for step in self.decision.plan if _step_mark(self.ticket, step) not in self.written]

    def step_lines(self) -> Iterator[_Line]:
        """The first steps, numbered, each with its mark; steps that are done together with one are indented below it."""
        for number, go in enumerate(self.goes[:_AT_MOST], 1):
            for place, step in enumerate(go):
                start, indent = (f"{number}.", "   ") if place == 0 else ("   +", "      ")
                details = (f"{indent}{detail}" for detail in self.details(step))
                yield _Line(
                    _step_mark(self.ticket, step), "\n".join((f"{start} {self.label(step)}", *details))
                )

    def forbidden_lines(self) -> Iterator[_Line]:
        """The forbidden actions that are wanted."""
        for forbidden in self.decision.forbidden:
            if forbidden.wanted:
                yield _Line(
                    _mark_of(self.ticket, forbidden),
                    f"✗ {self.words.action(forbidden.action, forbidden.about)}{self.why(forbidden)}",
                )

    def missing_lines(self) -> Iterator[_Line]:
        """The first questions of the decision."""
        for missing in self.decision.missing[:_AT_MOST]:
            question = missing.question.in_language(self.words.language) or missing.fact
            about = f" [{', '.join(map(self.words.named, missing.about[:3]))}]" if missing.about else ""
            text = self.words.named(_flat(question))
            yield _Line(mark(self.ticket, "missing", missing.fact, *missing.about), f"? {text}{about}")

    def label(self, step: Step) -> str:
        """The name of a step in the note."""
        return self.words.action(step.action, step.about)

    def details(self, step: Step) -> Iterator[str]:
        """Owner, due time, parameters, text to say, and reason of a step."""
        if step.owner or step.due:
            due = self.words.due(self.shown(step.due)) if step.due else ""
            yield " · ".join(filter(None, (self.words.owner(step), due)))
        for name, value in step.params.items():
            yield f"{self.words.parameter(step.action, name)}: {self.words.named(_value(value))}"
        say = step.say.in_language(self.words.language)
        if say:
            yield self.words.say(self.words.named(_flat(say)), step.say_to)
        why = self.why(step).removeprefix(": ")
        if why:
            yield self.words.why(why)

    def why(self, part: Step | Forbidden) -> str:
        """The first reason that has a text."""
        texts = (reason.text.in_language(self.words.language) for reason in part.because)
        return next((f": {self.words.named(_flat(text))}" for text in texts if text), "")

    # --- times and bodies ---------------------------------------------------------------------------------------------

    @property
    def zone(self) -> tzinfo:
        """The time zone for texts: the profile's, else that of the policy's calendar."""
        return self.profile.spec.zone or self.profile.vocabulary.zone or UTC

    def shown(self, moment: datetime) -> str:
        """A time as text."""
        return moment.astimezone(self.zone).isoformat(sep=" ", timespec="minutes")

    def moment(self, moment: datetime | None) -> str | int | None:
        """A time in the system's format."""
        if moment is None:
            return None
        match self.profile.spec.changes.due_form:
            case "date":
                return moment.astimezone(self.zone).date().isoformat()
            case "milliseconds":
                return int(moment.timestamp() * 1000)
            case "local" | "utc" as form:
                zone = UTC if form == "utc" else self.zone
                return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def made(self, kind: str, request: Request, content: str, **slots: Any) -> dict[str, Any]:
        """One request with its slots filled."""
        key = mark(self.ticket, kind, content)
        number = (self.reading.ticket.number if self.reading else None) or self.ticket
        at = self.moment(self.decision.at)
        filled = {"ticket": self.ticket, "number": number, "key": key, "at": at, **slots}
        path = SLOT.sub(lambda match: _in_path(filled[match[1]]), request.path)
        return {
            "kind": kind,
            "key": key,
            "method": request.method,
            "path": path,
            "body": fill(request.body, filled),
        }


def fill(body: Any, slots: Mapping[str, Any]) -> Any:
    """A body with its slots filled. A text consisting of a slot becomes the value itself; keys without a
    value are removed."""
    if isinstance(body, dict):
        filled = {key: fill(value, slots) for key, value in body.items()}
        return {key: value for key, value in filled.items() if value is not None or body[key] is None}
    if isinstance(body, list):
        return [fill(part, slots) for part in body]
    if not isinstance(body, str):
        return body
    whole = SLOT.fullmatch(body)
    if whole:
        return slots[whole[1]]
    return SLOT.sub(lambda match: _in_text(slots[match[1]]), body)


def _in_text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_higher(one: str | None, other: str, order: Sequence[str]) -> bool:
    """Whether one priority is above another. Priorities that the profile does not order are not compared."""
    return one in order and other in order and order.index(one or "") > order.index(other)


def _in_path(value: object) -> str:
    """A value escaped for use in a path, so that an external id cannot change the path."""
    return "".join(
        character
        if (character.isalnum() and character.isascii()) or character in "-_"
        else f"%{_hex(character)}"
        for character in str(value)
    )


def _hex(letter: str) -> str:
    return "%".join(f"{byte:02X}" for byte in letter.encode("utf-8", "replace"))


def _step_mark(ticket: str, step: Step) -> str:
    return mark(ticket, "step", step.id or f"{step.action}/{step.about}")


def _mark_of(ticket: str, forbidden: Forbidden) -> str:
    return mark(ticket, "forbidden", forbidden.action, forbidden.about)


def _value(value: object) -> str:
    if isinstance(value, Money):
        return str(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _harmless(text: str) -> str:
    """Text in which nothing from a customer can be taken for a mark, or for a template of the help desk."""
    for opening, instead in (
        ("[escalation-rules", "(escalation-rules"),
        ("{{", "{ {"),
        ("{%", "{ %"),
        ("{#", "{ #"),
    ):
        text = text.replace(opening, instead)
    return text


def _as_html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>\n")
