"""Messages about names that a policy uses but does not declare: facts, fields, roles, actions, and other words."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import attrs

from escalation_rules.calendar.lengths import MOVED
from escalation_rules.errors import Diagnostic, Position, Problems, article, listing
from escalation_rules.policy.conditions.condition import STEP
from escalation_rules.policy.conditions.names import MOST_REFERENCES, Name, Scope, target_of
from escalation_rules.policy.conditions.synonyms import Guess, by_label
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Node, Scalar
from escalation_rules.suggestions import nearest
from escalation_rules.values import show

BUILTIN_FIRST = 'the built-in policy before it (on the command line `builtin DIR`, in Python `Policy.load(BUILTIN, "DIR")`)'
"""Advice for a layer that is loaded alone and uses names of the built-in policy."""
NO_VOCABULARY = ("vocabulary",)
"""Marked as doubted if no file declares a vocabulary."""


@attrs.frozen
class UnknownNames:
    """Reports names that are unknown in `scope`, with what was probably meant, as problems of `problems`."""

    scope: Scope
    problems: Problems

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary used to look up names."""
        return self.scope.vocabulary

    def error(
        self,
        code: str,
        node: Node | Position,
        message: str,
        expected: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Report an error."""
        place = node if isinstance(node, Position) else node.position
        self.problems.add(Diagnostic(code, message, place, expected=expected, suggestion=suggestion))

    def unknown(
        self,
        code: str,
        node: Node,
        what: str,
        name: str,
        known: Iterable[str],
        more: Iterable[str] = (),
        meant: Guess | None = None,
        declared: bool = False,
    ) -> None:
        """Report a word that is not in `known`, with its likely meaning, or the nearest of them (or of
        `more`).

        `declared`: it would be known if the policy declared it.
        """
        message = f"unknown {what} {show(name)}"
        meant = cut_by_comma(name) or meant
        if meant is not None:
            self.error(code, node, message, meant.expected, meant.word)
            return
        names = list(known)
        self.problems.unknown(
            code,
            message,
            name,
            names,
            position=node.position,
            expected=self._instead(names, declared),
            search=lambda said, near: nearest(said, near) or nearest(said, more),
        )

    def _instead(self, names: Collection[str], declared: bool) -> str:
        """What is expected if none of `names` is near: a list of them, or the layer that may declare the name."""
        if not declared:
            return listing(sorted(names))
        vocabulary = self.vocabulary
        if not (vocabulary.phases or vocabulary.roles or vocabulary.principles):  # not a policy by itself
            return f"{BUILTIN_FIRST}, or a declaration of it in `vocabulary:`"
        return (
            f"{listing(sorted(names))}; or a declaration of it in `vocabulary:`"
            if names
            else "a declaration of it"
        )

    def undeclared(
        self, code: str, node: Node, what: str, name: str, known: Iterable[str], meant: Guess | None = None
    ) -> None:
        """Report an undeclared name, unless its declaration is invalid or may be in a part that was not read."""
        if self.problems.blind or self.problems.doubts(name):
            self.problems.excuse(node.position)
        elif self.problems.doubts(NO_VOCABULARY):
            message = f"unknown {what} {show(name)}: no layer declares a vocabulary"
            self.error("no-vocabulary", node, message, f"{BUILTIN_FIRST}, or its own `vocabulary:`")
            self.problems.blind = True  # report this once, since other names are not declared either
        else:
            self.unknown(code, node, what, name, known, self.problems.doubted(), meant, declared=True)

    def unseen(
        self, code: str, node: Node, what: str, text: str, known: Iterable[str], meant: Guess | None = None
    ) -> None:
        """Report a name that is not a fact or field visible here. For a field elsewhere, say how to refer to it."""
        if outer := self.scope.outer(text):
            inner = self.scope.lists[-1]
            bare = "a parameter" if inner.name == STEP else f"a field of {inner.name}"
            message = f"unknown {what} {show(text)} here, where a name without a dot is {bare}"
            self.error(code, node, message, None, outer)
            return
        if self._is_astray(code, node, what, text):
            return
        fields = self.scope.lists[-1].fields if self.scope.lists else {}
        meant = meant or by_label(text, {**self.vocabulary.facts, **fields})
        head, _, field = text.rpartition(".")
        lists = [
            record_list
            for record_list in self.vocabulary.records.values()
            if field in record_list.fields
            and head in {"", record_list.each, record_list.name}
            and record_list not in self.scope.lists
        ]
        if lists and not (self.problems.blind or self.problems.doubts(text)):
            where = listing([record_list.name for record_list in lists])
            self.error(code, node, f"unknown {what} {show(text)} here; it is a field of {where}",
                       f"a `where:` over {where}, or a rule with `for_each: {lists[0].name}`")  # fmt: skip
        else:
            self.undeclared(code, node, what, text, known, meant)

    def _is_astray(self, code: str, node: Node, what: str, text: str) -> bool:
        """Whether a name begins with something known and goes on with a word that does not follow from it; if so, that word
        is reported at its own place."""
        found = self.scope.astray(text)
        if found is None or self.problems.blind:
            return False
        beginning, to, word = found
        start = len(beginning) + 1
        place = part(node, start, start + len(word)) if isinstance(node, Scalar) else node
        message = f"unknown {what} {show(text)}"
        if isinstance(to, Name):
            leads = f"{beginning} is {article(to.fact.type.kind)} and leads to no record"
            self.error(
                code, place, f"{message}: {leads}", "a field that refers to a record before the last dot"
            )
        elif word in to.fields:
            self.error(code, place, f"{message}: it follows more than {MOST_REFERENCES} references, one after another",
                       f"a field of {to.name} that a rule for each of them concludes, or a nearer reference")  # fmt: skip
        elif self.problems.doubts(f"{to.name}.{word}"):
            self.problems.excuse(node.position)
        else:
            leads = f"{beginning} is one of {to.name}, which have no field {show(word)}"
            fields = [field for field in to.fields if field != "id"]
            self.problems.unknown(code, f"{message}: {leads}", word, fields, position=place.position)
        return True

    def known(self) -> list[str]:
        """All names of facts and fields that are valid here."""
        names = self.scope.known()
        for holder in self.scope.lists[-1].fields.values() if self.scope.lists else ():
            target = self.vocabulary.records.get(target_of(holder.type) or "")
            names += [f"{holder.name}.{field}" for field in target.fields] if target else []
        return names


def cut_by_comma(name: str) -> Guess | None:
    """What to write if a name is the end of a time limit, which a comma between braces has cut off."""
    if not name.startswith(MOVED.lstrip(", ")):
        return None
    return Guess(None, "quotes around the whole time limit, since a comma between braces ends a value")


def part(node: Scalar, start: int, end: int | None = None) -> Scalar:
    """Part of the text of a one-line scalar, with its own position."""
    place = attrs.evolve(node.position, column=node.position.column + start + node.quoted)
    return Scalar(place, node.text[start:end], node.text[start:end])
