"""Reads the sections of a profile: `ticket`, `facts`, `people`, `messages`, `events`, `acts`, and the top level."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import tzinfo
from typing import get_args

import attrs

from escalation_rules.calendar.zones import load_zone
from escalation_rules.errors import Problems, listing
from escalation_rules.integrations.helpdesks.form_changes import read_changes
from escalation_rules.integrations.helpdesks.forms import Forms
from escalation_rules.integrations.helpdesks.normal import EVENT_KINDS, Direction, Visibility
from escalation_rules.integrations.helpdesks.paths import Path
from escalation_rules.integrations.helpdesks.spec import (
    ActSpec,
    Condition,
    EventSource,
    Journal,
    MessageSource,
    More,
    PeopleSource,
    Place,
    Source,
    Spec,
    TicketSource,
)  # fmt: skip
from escalation_rules.integrations.helpdesks.times import ORDERS
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Mapping, Node, Scalar

_TOP = (
    "format", "helpdesk", "label", "language", "zone", "dates", "unset", "staff_role", "more", "ticket", "facts", "people",
    "messages", "events", "acts", "changes",
)  # fmt: skip
_TICKET = tuple(field.name for field in attrs.fields(TicketSource))
_TICKET_WORDS = ("at", "open", "closed")
_PERSON = ("each", "inner", "nested", "id", "space", "name", "address", "role", "when")
_MESSAGE = (
    "each",
    "inner",
    "nested",
    "id",
    "at",
    "text",
    "author",
    "space",
    "to",
    "direction",
    "visibility",
    "journal",
    "opening",
    "when",
)
_EVENT = ("kind", "each", "inner", "nested", "name", "at", "by", "space", "value", "before", "about", "when")
_ACT = ("action", "about", "outcome")
_NOTHING = "nothing"
"""The word in a profile for an event that is no act, so that it is not reported as unknown."""
_HERE = Path(".", "", ())


def read_spec(root: Mapping, vocabulary: Vocabulary, problems: Problems) -> Spec | None:
    """Read the whole profile. Returns None, with problems, if an essential part is missing."""
    return _Reader(Forms(problems), vocabulary).spec(root)


@attrs.frozen
class _Reader:
    forms: Forms
    vocabulary: Vocabulary

    def spec(self, root: Mapping) -> Spec | None:
        """Read the whole profile."""
        forms, languages = self.forms, self.vocabulary.languages
        forms.mapping(root, "a profile", _TOP)
        version = root.get("format")
        if not (isinstance(version, Scalar) and version.value == 1):
            forms.error(
                "format", version or root, "the profile does not state its format", "`format: 1` at the top"
            )
        for key in ("helpdesk", "ticket", "messages"):
            if root.get(key) is None:
                forms.error("missing-key", root, f"missing `{key}:`", f"`{key}:`")
        name = forms.text(root.get("helpdesk"), "helpdesk") or ""
        ticket = self.ticket(root.get("ticket"))
        events = tuple(filter(None, (self.event(node) for node in forms.items(root.get("events"), "events"))))
        if ticket is None or not name:
            return None
        return Spec(
            name=name,
            label=forms.text(root.get("label"), "label") or name,
            language=self.one_of(root.get("language"), "language", languages, languages[0]),
            zone=self.zone(root.get("zone")),
            dates=self.dates(root.get("dates")),
            unset=forms.words(root.get("unset"), "unset"),
            ticket=ticket,
            facts=self.facts(root.get("facts")),
            people=tuple(
                filter(None, (self.person(node) for node in forms.items(root.get("people"), "people")))
            ),
            messages=tuple(
                filter(None, (self.message(node) for node in forms.items(root.get("messages"), "messages")))
            ),
            events=events,
            acts=dict(self.acts(root.get("acts"), ticket, events)),
            more=tuple(self.more(node) for node in forms.items(root.get("more"), "more")),
            staff_role=self.one_of(root.get("staff_role"), "staff_role", self.vocabulary.roles, "frontline"),
            changes=read_changes(forms, root.get("changes"), self.vocabulary.phases),
        )

    # --- the top ------------------------------------------------------------------------------------------------------

    def one_of(self, node: Node | None, what: str, known: Collection[str], default: str) -> str:
        """One of several names, or the default."""
        message = "{} is not a " + what.replace("_", " ")
        return self.forms.one_of(node, what, known, message, "unknown-name") or default

    def dates(self, node: Node | None) -> str | None:
        """The order of day and month in dates that end with the year."""
        return self.forms.one_of(node, "dates", ORDERS, "{} is not an order of dates", "wrong-value")

    def zone(self, node: Node | None) -> tzinfo | None:
        """The zone of times without one."""
        text = self.forms.text(node, "zone")
        if text is None or node is None:
            return None
        try:
            return load_zone(text)
        except ValueError as error:
            self.forms.error("wrong-value", node, str(error), "a name such as Asia/Taipei, or UTC")
            return None

    def more(self, node: Node) -> More:
        """A sign that the payload is incomplete."""
        mapping = self.forms.mapping(node, "an item of `more`", ("when", "items", "total"))
        if mapping is None:
            return More(Condition())
        items, total = (self.forms.path(mapping.get(key), key) for key in ("items", "total"))
        return More(self.forms.condition(mapping.get("when")), items, total)

    # --- ticket and facts ---------------------------------------------------------------------------------------------

    def ticket(self, node: Node | None) -> TicketSource | None:
        """The location of the ticket; None if it cannot be read."""
        forms = self.forms
        mapping = forms.mapping(node, "ticket", _TICKET)
        if mapping is None:
            return None
        if mapping.get("id") is None:
            forms.error("missing-key", mapping, "the ticket has no `id:`", "`id:` with a path")
        parts = {
            key: forms.source(mapping.get(key), key, several=key == "tags")
            for key in _TICKET
            if key not in _TICKET_WORDS
        }
        at = forms.paths(mapping.get("at"), "at") or (_HERE,)
        opened, closed = (forms.words(mapping.get(key), key) for key in ("open", "closed"))
        for word in sorted(set(opened) & set(closed)):
            forms.error("repeated", mapping, f"the status {word!r} is both open and closed", "one of the two")
        return TicketSource(at=at, open=opened, closed=closed, **parts)

    def facts(self, node: Node | None) -> dict[str, Source]:
        """The facts of the vocabulary, each with its source."""
        mapping = self.forms.mapping(node, "facts")
        given = {name: fact for name, fact in self.vocabulary.facts.items() if not fact.concluded}
        found: dict[str, Source] = {}
        for key, value in mapping.entries if mapping else ():
            if self.forms.name(key, given, f"{key.text!r} is not a fact that can be given", "unknown-fact"):
                names = getattr(given[key.text].type, "names", None)
                flag = type(given[key.text].type).__name__ == "Flag"
                known = ("true", "false") if flag else tuple(names) if names else None
                found[key.text] = self.forms.source(value, key.text, known)
        return found

    # --- people, messages, events -------------------------------------------------------------------------------------

    def place(self, mapping: Mapping) -> Place:
        """The location of the items of a source."""
        return Place(
            self.forms.paths(mapping.get("each"), "each"),
            self.forms.path(mapping.get("inner"), "inner"),
            self.forms.path(mapping.get("nested"), "nested"),
        )

    def person(self, node: Node) -> PeopleSource | None:
        """One source of people."""
        forms = self.forms
        mapping = forms.mapping(node, "people", _PERSON)
        if mapping is None:
            return None
        return PeopleSource(
            self.place(mapping),
            forms.source(mapping.get("id"), "id"),
            forms.source(mapping.get("space"), "space"),
            forms.sources(mapping.get("name"), "name"),
            forms.source(mapping.get("address"), "address"),
            forms.source(mapping.get("role"), "role", self.vocabulary.roles),
            forms.condition(mapping.get("when")),
        )

    def message(self, node: Node) -> MessageSource | None:
        """One source of messages."""
        forms = self.forms
        mapping = forms.mapping(node, "messages", _MESSAGE)
        if mapping is None:
            return None
        parts = {
            key: forms.source(mapping.get(key), key, several=key == "to")
            for key in ("id", "author", "space", "to")
        }
        return MessageSource(
            place=self.place(mapping),
            at=forms.source(mapping.get("at"), "at"),
            text=forms.bodies(mapping.get("text")),
            direction=forms.source(mapping.get("direction"), "direction", get_args(Direction)),
            visibility=forms.source(mapping.get("visibility"), "visibility", get_args(Visibility)),
            journal=self.journal(mapping.get("journal")),
            opening=forms.flag(mapping.get("opening"), "opening"),
            when=forms.condition(mapping.get("when")),
            **parts,
        )

    def journal(self, node: Node | None) -> Journal | None:
        """The format of a text that contains several messages."""
        forms = self.forms
        mapping = forms.mapping(node, "journal", ("from", "header"))
        if mapping is None:
            return None
        paths, header = forms.paths(mapping.get("from"), "from"), forms.text(mapping.get("header"), "header")
        if not paths or header is None or "{at}" not in header:
            forms.error(
                "missing-key",
                mapping,
                "a journal needs `from:` and a `header:` with {at}",
                "`{at} - {author} ({kind})`",
            )
            return None
        return Journal(paths, header)

    def event(self, node: Node) -> EventSource | None:
        """One source of events."""
        forms = self.forms
        mapping = forms.mapping(node, "events", _EVENT)
        if mapping is None:
            return None
        kind = self.one_of(mapping.get("kind"), "kind", EVENT_KINDS, "")
        if mapping.get("kind") is None:
            forms.error("missing-key", node, "the event has no `kind:`", listing(EVENT_KINDS))
        parts = {
            key: forms.source(mapping.get(key), key, several=key == "before")
            for key in ("at", "by", "space", "value", "before", "about")
        }
        return EventSource(
            kind, self.place(mapping), forms.sources(mapping.get("name"), "name", several=True),
            when=forms.condition(mapping.get("when")), **parts,
        )  # fmt: skip

    # --- acts ---------------------------------------------------------------------------------------------------------

    def acts(
        self, node: Node | None, ticket: TicketSource, events: Collection[EventSource]
    ) -> Iterator[tuple[tuple[str, ...], ActSpec | None]]:
        """The mapping of events to actions: `macro: {Apology: express_regret}`, `field: {refund: {approved: …}}`."""
        forms = self.forms
        mapping = forms.mapping(node, "acts", EVENT_KINDS)
        for kind, names in mapping.entries if mapping else ():
            self.told(kind, ticket, {source.kind for source in events})
            for name, value in self.entries(names, kind.text):
                if kind.text == "status" and name.text in ticket.closed:
                    message = f"the status {name.text!r} closes the ticket; that is a fact and not an act"
                    forms.error(
                        "does-not-fit", name, message, "a macro, a button or a note line for `close_case`"
                    )
                elif kind.text == "field" and not self.nothing(value):
                    for word, inner in self.entries(value, name.text):
                        yield from self.act((kind.text, name.text, word.text), inner)
                else:
                    yield from self.act((kind.text, name.text), value)

    def told(self, kind: Scalar, ticket: TicketSource, found: Collection[str]) -> None:
        """Report acts of a kind for which the profile has no source of events."""
        tagged = ticket.tags != Source()
        if (
            "" in found
            or kind.text not in EVENT_KINDS
            or kind.text in found
            or (tagged and kind.text == "tag")
        ):
            return
        others = [
            event_kind
            for event_kind in EVENT_KINDS
            if event_kind in found or (tagged and event_kind == "tag")
        ]
        way = f"`events:` with `kind: {kind.text}`" + (
            " or `tags:` of the ticket" if kind.text == "tag" else ""
        )
        instead = f", or acts of one of these kinds: {listing(others)}" if others else ""
        message = f"no event has the kind {kind.text}, so these acts would never be found"
        self.forms.error("does-not-fit", kind, message, way + instead)

    def entries(self, node: Node, what: str) -> tuple[tuple[Scalar, Node], ...]:
        """The entries of a mapping; none if it is not one."""
        mapping = self.forms.mapping(node, what)
        return mapping.entries if mapping else ()

    def nothing(self, node: Node) -> bool:
        """Whether an event is declared as no act."""
        return isinstance(node, Scalar) and node.text == _NOTHING and _NOTHING not in self.vocabulary.actions

    def act(self, key: tuple[str, ...], node: Node) -> Iterator[tuple[tuple[str, ...], ActSpec | None]]:
        """The action of an event; None if it is no act."""
        forms, actions = self.forms, self.vocabulary.actions
        if self.nothing(node):
            yield key, None
            return
        mapping = None if isinstance(node, Scalar) else forms.mapping(node, "an act", _ACT)
        name = node if mapping is None else mapping.get("action")
        if not isinstance(name, Scalar):
            forms.error(
                "missing-key", node, "missing the action", "the name of an action, or `{action: …, about: …}`"
            )
            return
        if not forms.name(name, actions, f"{name.text!r} is not an action", "unknown-action"):
            return
        said = mapping.get("outcome") if mapping else None
        message = "{} is not an outcome of " + name.text
        outcome = forms.one_of(said, "outcome", actions[name.text].outcomes, message, "unknown-outcome")
        about = forms.text(mapping.get("about"), "about") if mapping else None
        yield key, ActSpec(name.text, about, outcome)
