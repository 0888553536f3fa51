"""Distributes work over processes: lazy, in order, with bounded memory, and robust against processes that die."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""The number of chunks submitted per process: one is processed while the next is transferred."""
_TRIES = 2
"""The number of times that an item may kill its process before it is given up."""

_work: Callable[[Any], Any] | None = None
"""The function that this worker process applies to each item; set when the process starts."""


def map_in_order(
    make: Callable[[], Callable[[T], R]],
    items: Iterable[T],
    *,
    lost: Callable[[T], R],
    workers: int = 1,
    start: str | None = None,
    chunk: int = 32,
) -> Generator[R, None, None]:
    """Yield the result for each item, in order, with at most `2 * workers + 1` chunks in memory.

    Each process calls `make` once to create the function that does the work. With one worker, the work is
    done in this process, one item at a time. `start` is the start method (`fork`, `spawn` or `forkserver`;
    default: Python's). If a process dies, its items are retried one by one; an item that kills its process
    each time yields `lost(item)`.
    """
    if workers == 1:
        yield from map(make(), items)
        return
    pool = _Pool(make, lost, workers, start)
    try:
        yield from pool.results(iter(items), chunk)
    finally:
        pool.close()


@attrs.define
class _Chunk(Generic[T]):
    items: list[T]
    future: Future[list[Any]]


class _Pool(Generic[T, R]):
    def __init__(
        self, make: Callable[[], Callable[[T], R]], lost: Callable[[T], R], workers: int, start: str | None
    ) -> None:
        self._make = make
        self._lost = lost
        self._workers = workers
        self._context = multiprocessing.get_context(start)
        self._executor = self._started(workers)

    def results(self, items: Iterator[T], chunk: int) -> Iterator[R]:
        waiting: deque[_Chunk[T]] = deque()
        while part := list(islice(items, chunk)):
            waiting.append(self._sent(part))
            if len(waiting) > AHEAD * self._workers:
                yield from self._done(waiting)
        while waiting:
            yield from self._done(waiting)

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)

    def _started(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, self._context, _set_up, (self._make,))

    def _sent(self, items: list[T]) -> _Chunk[T]:
        try:
            return _Chunk(items, self._executor.submit(_done_all, items))
        except BrokenProcessPool as error:  # raised when the result is requested
            failed: Future[list[Any]] = Future()
            failed.set_exception(error)
            return _Chunk(items, failed)

    def _done(self, waiting: deque[_Chunk[T]]) -> Iterator[R]:
        """The results of the first chunk. If a process died, retry this chunk item by item and resubmit the others."""
        first = waiting.popleft()
        try:
            yield from first.future.result()
            return
        except BrokenProcessPool:
            self.close()
        yield from self._one_by_one(first.items)
        self._executor = self._started(self._workers)
        for chunk in waiting:
            if not chunk.future.done() or chunk.future.cancelled() or chunk.future.exception():
                chunk.future = self._sent(chunk.items).future

    def _one_by_one(self, items: list[T]) -> Iterator[R]:
        executor: ProcessPoolExecutor | None = None
        try:
            for task in items:
                for _ in range(_TRIES):
                    executor = executor or self._started(1)
                    try:
                        (result,) = executor.submit(_done_all, [task]).result()
                        break
                    except BrokenProcessPool:
                        executor.shutdown()
                        executor = None
                else:
                    result = self._lost(task)
                yield result
        finally:
            if executor is not None:
                executor.shutdown()


def _set_up(make: Callable[[], Callable[[Any], Any]]) -> None:
    global _work  # noqa: PLW0603 - set by the initializer of the process; there is no other place for it
    _work = make()


def _done_all(items: list[Any]) -> list[Any]:
    assert _work is not None  # noqa: S101 - the initializer has run
    return [_work(task) for task in items]
