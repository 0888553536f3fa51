"""Converts values and tests as people write them (`NT$800`, `20,000`, `more than 3`) to the rule language, for messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from escalation_rules.calendar import Duration, lengths
from escalation_rules.policy.conditions.synonyms import Guess, Worded, guess
from escalation_rules.values import Amount, Enumerated, PartyType, ValueProblem, ValueType, plain_number

FLAGS = {
    **dict.fromkeys(("yes", "on", "y", "true", "是", "有", "對", "对"), "true"),
    **dict.fromkeys(("no", "off", "n", "false", "否", "不是", "沒有", "没有", "無", "无"), "false"),
}
CURRENCIES = {
    **dict.fromkeys(("nt$", "ntd", "twd", "新台幣", "新臺幣", "新台币"), "TWD"),
    **dict.fromkeys(("rmb", "cny", "cn¥", "人民币", "人民幣"), "CNY"),
    **dict.fromkeys(("us$", "usd"), "USD"),
    **dict.fromkeys(("hk$", "hkd"), "HKD"),
    **dict.fromkeys(("eur", "€"), "EUR"),
    "jpy": "JPY",
}
"""Common names of currencies with their codes. `$`, `¥` and `元` are ambiguous."""
NO_CODES = tuple(sorted(said.upper() for said, code in CURRENCIES.items() if said.isalpha() and said.isascii()
                        and said.upper() != code))  # fmt: skip
"""Words that look like currency codes but are none, so no case could use them."""
PER_CURRENCY = "0, or one number for each currency, as {TWD: 800, CNY: 180}"

_LARGE = {"": 1, "千": 1_000, "k": 1_000, "萬": 10_000, "万": 10_000}
_NUMBER = re.compile(
    r"(?P<before>[^\W\d]{0,3}[$¥€]?|新[台臺]幣|人民[币幣])\s?(?P<digits>[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,15})(?P<rest>\.[0-9]{1,9})?"
    r"\s?(?P<large>[千萬万]|k\b)?\s?(?P<after>[^\W\d]{0,10})"
)
_SIGN = re.compile(r"[<>=!≤≥≠]{1,2}")
_BEHIND = re.compile(r"(\+|以上|以下)$")
_OR = re.compile(r"\s*(?:,|/|\||、|，|\bor\b|或)\s*")
MOST = 100


@attrs.frozen
class Number:
    """A number written with a currency, a unit or digit separators."""

    digits: str
    currency: str | None = None

    @property
    def in_currency(self) -> str:
        """The number as an amount in a policy; if the currency is ambiguous, one alternative for each."""
        return f"{{{self.currency}: {self.digits}}}" if self.currency else f"{{TWD: {self.digits}, CNY: …}}"


def number_said(said: str) -> Number | None:
    """The number in a text; None if there is none."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", said[:MOST]).strip().lower())
    if match is None:
        return None
    plain = Decimal(match["digits"].replace(",", "") + (match["rest"] or "")) * _LARGE[match["large"] or ""]
    return Number(plain_number(plain), CURRENCIES.get(match["before"]) or CURRENCIES.get(match["after"]))


def value_said(said: str, of: ValueType) -> str | None:
    """The value of type `of` in a text; None unless it is certain."""
    said = said.strip("“”‘’「」")
    if of.kind == "flag":
        return FLAGS.get(said.lower())
    found = number_said(said) if of.kind in {"count", "amount"} else None
    return found.digits if found and (of.kind == "amount" or "." not in found.digits) else None


def is_value(raw: object, of: ValueType) -> bool:
    """Whether a test can compare with the value as it is."""
    if isinstance(of, PartyType):
        return raw in of.roles
    try:
        of.parse(raw)
    except ValueProblem:
        return False
    return True


def test_said(said: str, of: ValueType, words: Iterable[tuple[str, Worded]]) -> Guess | None:
    """The test on a value of type `of` in a text such as `more than 3`; None if there is none."""
    known, said = list(words), said[:MOST].strip()
    presence = [pair for pair in known if "given" in pair[0]]
    if (bare := said.removeprefix("is ")) in dict(presence):
        return Guess(bare)
    if (hint := lengths_said(said, of, known)) or (hint := guess(bare, presence)):
        return hint
    values = of.names if isinstance(of, Enumerated) else of.roles if isinstance(of, PartyType) else ()
    if len(names := _OR.split(said)) > 1 and set(names) <= set(values):
        return Guess(f"{{in: [{', '.join(names)}]}}")
    if of.kind == "instant":
        known = _by_length(known)
        said = re.sub("^in ", "within_next ", said)
    for head, rest in _splits(said):
        exact = next((word for word, _ in known if word == head.replace(" ", "_")), None)
        meant = Guess(exact) if exact else guess(head, known)
        test = next((meaning for word, meaning in known if meant is not None and word == meant.word), None)
        operand = _operand(rest, of, test)
        if meant is not None and meant.word is not None and operand is not None:
            whole = operand if meant.word == "equals" else f"{{{meant.word}: {operand}}}"
            return attrs.evolve(meant, word=whole) if "…" not in whole else Guess(None, f"`{whole}`")
    return None


def length_said(said: str, *, in_months: bool = True) -> str | None:
    """The duration in a text such as `1.5 hours` or `2 個工作天`; None if there is none."""
    meant = lengths.guess(said, in_months=in_months)
    try:
        return None if meant is None else str(Duration.parse(meant))
    except ValueError:  # longer than any calendar
        return None


def lengths_said(said: str, of: ValueType, words: Iterable[tuple[str, Worded]]) -> Guess | None:
    """The tests that take a duration, for text that compares an instant with one."""
    if of.kind != "instant" or length_said(said.removesuffix(" ago")) is None:
        return None
    *others, last = (f"`{word}: {_length_for(test, said)}`" for word, test in _by_length(words))
    return Guess(None, f"{', '.join(others)} or {last}")


def _length_for(test: Worded | None, said: str) -> str | None:
    """The duration in a text, in units that the test allows."""
    return length_said(said.removesuffix(" ago"), in_months=getattr(test, "in_months", False))


def _by_length(words: Iterable[tuple[str, Worded]]) -> list[tuple[str, Worded]]:
    """The words of tests that compare with a duration."""
    return [pair for pair in words if getattr(pair[1], "by_length", False)]


def _splits(said: str) -> Iterator[tuple[str, str]]:
    """Split a text into words for a test and an operand, longest words first; the words may also come last."""
    for sign in filter(None, (_SIGN.match(said), _BEHIND.search(said))):
        yield sign[0], (said[: sign.start()] + said[sign.end() :]).strip()
    words = said.split()
    for count in range(min(len(words) - 1, 4), 0, -1):
        yield " ".join(words[:count]), " ".join(words[count:])
        yield " ".join(words[-count:]), " ".join(words[:-count])


def _operand(said: str, of: ValueType, test: Worded | None) -> str | None:
    """The operand in the form of the rule language; None if it is not comparable with a value."""
    if isinstance(of, Amount):
        found = number_said(said)
        return found.in_currency if found else None
    if of.kind == "instant":
        return _length_for(test, said)
    return said if is_value(said, of) else value_said(said, of)
