"""Reads parts of a decision from plain data and checks them by their declared types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from escalation_rules.decision.parts import ParameterValue
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.values import Instant, Money, ValueProblem, is_currency, plain_text, show

_AMOUNT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DEEPEST = 60
"""The maximum nesting of a condition as plain data."""


class NotRead(Exception):
    """The plain data is not a valid part of a decision; holds the path and the reason."""

    def __init__(self, path: str, message: str, expected: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.expected = expected


def read(kind: Any, data: object, path: str) -> Any:
    """Read a value of the annotated type `kind`. Raises `NotRead` if the data does not fit."""
    if kind in _READERS:
        return _READERS[kind](data, path)
    if get_origin(kind) in (Union, UnionType):
        return _one_of(get_args(kind), data, path)
    if get_origin(kind) is Literal:
        if isinstance(data, str) and data in get_args(kind):
            return data
        raise NotRead(path, f"found {show(data)}", " or ".join(get_args(kind)))
    if get_origin(kind) is tuple:
        return read_all(get_args(kind)[0], data, path)
    return read_part(kind, data, path)


def read_all(kind: Any, data: object, path: str) -> tuple[Any, ...]:
    """Read a list of values of one type."""
    if not isinstance(data, (list, tuple)):
        raise NotRead(path, f"found {show(data)}", "a list")
    return tuple(read(kind, part, f"{path}[{number}]") for number, part in enumerate(data))


def read_part(kind: type, data: object, path: str) -> Any:
    """Read a part with all its fields. Fields with a default may be missing, as in data of older releases."""
    given = mapping(data, path)
    fields = {field.name: field for field in attrs.fields(kind)}
    if unknown := [key for key in given if key not in fields]:
        raise NotRead(path, f"unknown key {show(unknown[0])}", f"a {kind.__name__.lower()}")
    for name, field in fields.items():
        if name not in given and field.default is attrs.NOTHING:
            raise NotRead(f"{path}.{name}", "missing key", f"a {kind.__name__.lower()} with `{name}`")
    return kind(**{name: read(_types(kind)[name], value, f"{path}.{name}") for name, value in given.items()})


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def mapping(data: object, path: str) -> Mapping[Any, Any]:
    """Return the data if it is a mapping, else raise `NotRead`."""
    if not isinstance(data, Mapping):
        raise NotRead(path, f"found {show(data)}", "a mapping")
    return data


def _one_of(kinds: tuple[Any, ...], data: object, path: str) -> Any:
    if data is None and NoneType in kinds:
        return None
    *others, last = [kind for kind in kinds if kind is not NoneType]
    for kind in others:
        try:
            return read(kind, data, path)
        except NotRead:
            continue
    return read(last, data, path)


def _string(data: object, path: str) -> str:
    if not isinstance(data, str):
        raise NotRead(path, f"found {show(data)}", "a text")
    return plain_text(data)


def _flag(data: object, path: str) -> bool:
    if not isinstance(data, bool):
        raise NotRead(path, f"found {show(data)}", "true or false")
    return data


def _instant(data: object, path: str) -> datetime:
    try:
        if isinstance(data, str):
            return Instant().parse(data)
    except ValueProblem:
        pass
    raise NotRead(path, f"found {show(data)}", Instant().expected)


def _text(data: object, path: str) -> Text:
    """Read a text in one unnamed language (taken as the first), or a mapping of languages."""
    versions = {LANGUAGES[0]: data} if isinstance(data, str) and data else data or {}
    if not isinstance(versions, Mapping):
        raise NotRead(path, f"found {show(data)}", "a text")
    for language, wording in versions.items():
        if language not in LANGUAGES or not isinstance(wording, str):
            raise NotRead(path, f"found {show(wording)} in {show(language)}", "a text in a known language")
    return Text.of(versions)


def _params(data: object, path: str) -> Mapping[str, ParameterValue]:
    return {
        read(str, name, path): _parameter(value, f"{path}.{name}")
        for name, value in mapping(data, path).items()
    }


def _parameter(value: object, path: str) -> ParameterValue:
    if isinstance(value, Mapping):
        if set(value) != {"amount", "currency"}:
            raise NotRead(path, "found a mapping that is not money", "`amount` and `currency`")
        amount, currency = value["amount"], value["currency"]
        if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
            raise NotRead(f"{path}.amount", f"found {show(amount)}", "a number as text, such as '800.5'")
        if not isinstance(currency, str) or (currency and not is_currency(currency)):
            raise NotRead(
                f"{path}.currency", f"found {show(currency)}", "three capital letters, or an empty text"
            )
        return Money(Decimal(amount), currency)
    if isinstance(value, (list, tuple)):
        return read_all(str, value, path)
    if isinstance(value, (bool, int, str)):
        return value
    raise NotRead(
        path, f"found {show(value)}", "true or false, a whole number, a text, a list of texts, or money"
    )


def _plain(data: object, path: str, depth: int = 0) -> object:
    """Read any plain data, up to a maximum depth."""
    if depth > _DEEPEST:
        raise NotRead(path, "nested too deeply", f"at most {_DEEPEST} levels")
    if isinstance(data, Mapping):
        return {read(str, name, path): _plain(value, path, depth + 1) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(part, path, depth + 1) for part in data]
    if data is None or isinstance(data, (bool, int, float, str)):
        return data
    raise NotRead(path, f"found {show(data)}", "plain data")


_READERS: dict[Any, Callable[[object, str], Any]] = {
    str: _string,
    bool: _flag,
    datetime: _instant,
    Text: _text,
    Mapping[str, ParameterValue]: _params,
    Any: _plain,
}
