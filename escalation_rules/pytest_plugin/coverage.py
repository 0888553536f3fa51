"""`pytest --policy-coverage`: measures the coverage of a policy by all tests of a session, in Gherkin and Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy
from escalation_rules.case import Asked
from escalation_rules.errors import PolicyError
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.pytest_plugin.fixtures import configured_policy
from escalation_rules.tools.coverage import Coverage, Tally, Watch, coverage_of

_SENT = "policy_coverage"
_SHOWN = 20
_WORDS = {True: "true", False: "false", None: "unknown"}


class PolicyCoverage:
    """Records the questions to all policies during a session, and reports the coverage of the configured
    policy's own layers, without the built-in policy below them.

    With pytest-xdist, each worker records separately, and the controller adds the results.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._before = Policy._note
        self._watch: Watch | None = None
        self._own: list[Path] = []
        self._found: Coverage | None = None

    def pytest_sessionstart(self) -> None:
        """Start recording."""
        try:
            policy = configured_policy(self._config)
        except PolicyError as error:
            raise pytest.UsageError("\n".join(map(str, error.diagnostics))) from None
        self._watch = Watch(policy.model)
        self._own = [layer for layer in policy.layers if layer != builtin_path()]
        Policy._note = staticmethod(self._note)

    def _note(self, asked: Asked) -> None:
        if self._watch is not None and asked.policy == self._watch.model.digest:
            self._watch.note(asked)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop recording. A worker sends its results; other processes compute the coverage."""
        Policy._note = self._before
        if self._watch is None:
            return
        if self._is_worker:
            session.config.workeroutput[_SENT] = self._watch.tally.to_data()  # type: ignore[attr-defined]
            return
        quick = bool(self._config.getoption("--policy-coverage-quick"))
        self._found = coverage_of(self._watch.model, self._watch.tally, layers=self._own, solver=not quick)
        least = self._config.getoption("--policy-fail-under")
        if least is not None and self._found.lowest < least and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the results of a worker."""
        sent = getattr(node, "workeroutput", {}).get(_SENT)
        if sent is not None and self._watch is not None:
            self._watch.tally.add(Tally.from_data(sent))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Report the coverage."""
        if self._found is not None:
            terminalreporter.section("policy coverage")
            for line in _lines(self._found, self._config.getoption("--policy-fail-under")):
                terminalreporter.write_line(line)


def _lines(found: Coverage, least: float | None) -> Iterator[str]:
    yield f"{found.policy.name} ({found.policy.digest[:12]}): {found.asked} questions"
    for name, share in (
        ("rules that fired", found.rules_fired),
        ("effects that fired", found.effects_fired),
        ("tests that decided, as true and as false", found.decided),
        ("tests that decided while unknown", found.undecided),
    ):
        yield f"{name}: {share.met} of {share.of}, {share.percent:g} %"
    gaps = [f"{effect.place.file}:{effect.place.line}: {effect.rule}: {effect.head} {effect.name}: {effect.standing}"
            for effect in found.effects if not effect.fired]  # fmt: skip
    gaps += [f"{test.place.file}:{test.place.line}: {test.owner}: {test.test}: not as "
             + ", ".join(_WORDS[truth] for truth in test.missing) for test in found.tests if test.missing]  # fmt: skip
    yield from gaps[:_SHOWN]
    if len(gaps) > _SHOWN:
        yield f"{len(gaps) - _SHOWN} more; `escalation-rules coverage --all` lists them for features and examples"
    if least is not None and found.lowest < least:
        yield f"the policy coverage is below {least:g} %"
