"""A cached property that holds no lock while it computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  It is used as a decorator, like `property`.
    """Like `functools.cached_property`, but without its lock, which on Python 3.11 is shared by the whole
    class.

    That lock makes threads wait for each other, and can deadlock a child that was forked while it was held.
    Without it, two threads may compute the same value at once. The class needs a `__dict__`.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> T | Self:
        if instance is None:
            return self
        value = self._work(instance)
        instance.__dict__[self._name] = value
        return value
