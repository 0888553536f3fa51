"""Money: an amount with its currency."""

from __future__ import annotations

import operator
import re
from decimal import Decimal

import attrs

from escalation_rules.errors import CaseError, Diagnostic
from escalation_rules.values.shown import plain_number, show

MAX_DIGITS = 40
_CURRENCY = re.compile("[A-Z]{3}")


@attrs.frozen
class Money:
    """An amount with its currency (ISO 4217; "" if the case has none), used for parameters of steps.

    Amounts of the same currency can be compared. Comparing different currencies, or with a value that is no
    amount, raises `CaseError`.
    """

    amount: Decimal
    currency: str

    def __attrs_post_init__(self) -> None:
        if not _is_amount(self.amount):
            raise _no_money("amount", show(self.amount), f"a finite Decimal of at most {MAX_DIGITS} digits")
        if not is_currency_or_none(self.currency):
            raise _no_money("currency", show(self.currency), "three capital letters, such as TWD")

    def _comparable(self, other: Money) -> tuple[Decimal, Decimal]:
        if self.currency != other.currency:
            message = f"{self} and {other} cannot be compared"
            raise CaseError([Diagnostic("bad-currency", message, expected="amounts in the same currency")])
        return self.amount, other.amount

    def __lt__(self, other: object) -> bool:
        return operator.lt(*self._comparable(other)) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: object) -> bool:
        return operator.le(*self._comparable(other)) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return operator.gt(*self._comparable(other)) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return operator.ge(*self._comparable(other)) if isinstance(other, Money) else NotImplemented

    def __str__(self) -> str:
        return f"{plain_number(self.amount)} {self.currency}".strip()

    def to_dict(self) -> dict[str, str]:
        """The amount as plain data, with its digits as text to avoid rounding."""
        return {"amount": plain_number(self.amount), "currency": self.currency}


def is_currency(value: object) -> bool:
    """Whether a value is a currency code (ISO 4217): three capital letters."""
    return isinstance(value, str) and _CURRENCY.fullmatch(value) is not None


def _is_amount(value: object) -> bool:
    """Whether a value is a number of reasonable length: `1E+100000000` has 100 MB of digits."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent > -MAX_DIGITS and value.adjusted() < MAX_DIGITS


def is_currency_or_none(value: object) -> bool:
    """Whether a value is a currency code, or empty for none."""
    return isinstance(value, str) and (value == "" or is_currency(value))


def _no_money(part: str, shown: str, expected: str) -> CaseError:
    message = f"{shown} is not {'an amount' if part == 'amount' else 'a currency code'}"
    code = "wrong-value" if part == "amount" else "bad-currency"
    return CaseError([Diagnostic(code, message, path=part, expected=expected)])
