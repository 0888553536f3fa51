"""A property that is worked out when it is first asked for, and kept. No lock is held meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  It is written as a decorator.
    """As `functools.cached_property`, which on Python 3.11 holds one lock for all objects of a class while one of them works
    it out: threads wait for one another, and a child forked meanwhile waits for ever.

    Two threads that ask at the same time may both work it out; what they get must be equal. The object needs a `__dict__`.
    """

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> T | Self:
        if instance is None:
            return self
        # From now on the instance's own value hides this descriptor, which does not define `__set__`.
        value: T = instance.__dict__.setdefault(self._name, self._work_out(instance))
        return value
