"""The façade: one policy in one hand, for CRMs, tests and tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import import_module
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from escalation_rules.call_arguments import (
    BUILTIN,
    Builtin,
    bad_argument,
    check_engine,
    check_pool,
    check_text,
    decided_at,
    instant,
    layer_path,
)
from escalation_rules.case import Asked, Case
from escalation_rules.case.asked import How
from escalation_rules.decision import Decision, Explanation, Verdict
from escalation_rules.decision.whole import known_at
from escalation_rules.engine import Program, durable_available
from escalation_rules.engine.replay import moments
from escalation_rules.engine.request import read_request
from escalation_rules.engine.verdict import verdict
from escalation_rules.errors import (
    CaseError,
    Diagnostic,
    PolicyError,
    Position,
    RequestError,
    reading,
)
from escalation_rules.policy.model import PolicyModel
from escalation_rules.policy.reading import read_policy
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.values import show
from escalation_rules.words.labels import FormatsOf

if TYPE_CHECKING:
    from escalation_rules.tools.analysis import Analysis
    from escalation_rules.tools.audit import Audit
    from escalation_rules.tools.compare import Comparison
    from escalation_rules.tools.replay import Replay
    from escalation_rules.tools.verify import Verification

# Tools, and what starts processes, are imported by the methods that use them: a program that decides needs none of them.

Engine = Literal["durable", "plain"]


_ANSWERING = (
    "atexit",
    "difflib",
    "escalation_rules.tools.audit",
    "escalation_rules.tools.explain",
    "escalation_rules.tools.replay",
    "escalation_rules.tools.verify",
)
"""What answers need and importing the library does not; there with the policy, so that nothing is opened afterwards."""


class Policy:
    """A policy, read, checked and compiled. Make it with `Policy.load`.

    Load it once and share it: it never changes, and threads may use it at once.
    """

    _note: Callable[[Asked], None] | None = None

    def __init__(self, model: PolicyModel, engine: Engine, layers: tuple[Path, ...] = ()) -> None:
        self._model = model
        self._layers = layers
        self._program = Program(model, engine)
        for name in _ANSWERING:
            import_module(name)

    @classmethod
    def load(
        cls,
        *layers: str | PathLike[str] | Builtin,
        engine: Engine | None = None,
        expect_digest: str | None = None,
    ) -> Policy:
        """Load a policy: the built-in one, or the folders and files given, each a layer upon the ones before.

        `engine` is `durable` (durable-rules; the default where it can be imported) or `plain`; both answer alike. With
        `expect_digest`, a policy of which a file or a part of one is missing is refused.
        Raises `PolicyError` with every problem of every file, for another digest, and `RequestError` for an argument
        that is no path, no engine or no digest, and an engine that is not there.
        """
        check_engine(engine)
        if engine == "durable" and not durable_available():
            raise RequestError(
                [Diagnostic("no-engine", "durable-rules cannot be used here", expected="engine='plain'")]
            )
        check_text("expect_digest", expect_digest, "the digest of a policy, a text")
        paths = tuple(layer_path(each) for each in layers or (BUILTIN,))
        model = read_policy(list(paths))
        if expect_digest is not None and model.digest != expect_digest:
            message = f"the digest of this policy is {model.digest}, with {_size(model)}"
            raise PolicyError(
                [Diagnostic("other-digest", message, expected=show(expect_digest, 80).strip("'"))]
            )
        return cls(model, engine or ("durable" if durable_available() else "plain"), paths)

    @property
    def name(self) -> str:
        """The policy's name, as the last layer that gives one says."""
        return self._model.name

    @property
    def digest(self) -> str:
        """A SHA-256 in hex of the policy's content and of the versions that its answers depend on."""
        return self._model.digest

    @property
    def content_digest(self) -> str:
        """A SHA-256 in hex of what the files of the policy say alone: the same whatever is installed beside it."""
        return self._model.content_digest

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions that answers depend on besides the content: `holidays`, `tzdata`, and what rules mean (`semantics`)."""
        return MappingProxyType(dict(self._model.versions))

    @property
    def engine(self) -> str:
        """What matches the rules: `durable` or `plain`."""
        return self._program.engine

    @property
    def engine_failures(self) -> int:
        """How often durable-rules failed in this process; the plain engine answered in its place, with an `EngineWarning`."""
        return self._program.engine_failures

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts, records, actions and all else that rules and cases may name, with labels."""
        return self._model.vocabulary

    @property
    def layers(self) -> tuple[Path, ...]:
        """The folders and files that it was read from, the lowest first; none if it was made in another way."""
        return self._layers

    @property
    def model(self) -> PolicyModel:
        """The policy as it was read: rulesets and rules with their positions."""
        return self._model

    def with_formats(self, formats: FormatsOf) -> Policy:
        """The same policy, with numbers, money and times in `because` and `say` as people write them.

        `formats` gives for each language what writes them: `BabelFormats.in_zone(zone)` of
        `escalation_rules.words.babel_formats`, or your own. The default needs nothing: `800 TWD`, instants in ISO 8601 UTC.
        A decision is verified with the formats that it was made with. The compiled rules are shared: don't `close` one
        policy and use the other.
        """
        other = self._alike()
        other._program = self._program.with_formats(formats)
        return other

    def observed(self, note: Callable[[Asked], None]) -> Policy:
        """The same policy, which tells `note` each question before it answers: for tools that look at what is asked.

        The compiled rules are shared, as with `with_formats`.
        """
        other = self._alike()
        other._note = note
        return other

    def _tell(self, how: How, case: Case, at: datetime, *act: Any) -> None:
        if self._note is not None:
            self._note(Asked(how, self.digest, case, at, *act))

    def _alike(self) -> Policy:
        other = object.__new__(Policy)
        other.__dict__.update(self.__dict__)
        return other

    def case(self, data: Mapping[str, Any], positions: Mapping[str, Position] | None = None) -> Case:
        """Read and check a case once, to decide it several times.

        `data` is plain: `id`, `currency`, `facts`, record lists, `acts`; or a `history`. `positions` places paths of it
        (`charges[0].amount`) in a file, for messages. Raises `CaseError` with every problem.
        """
        return Case.from_mapping(self._model.vocabulary, data, positions)

    def decide(self, case: Mapping[str, Any] | Case, *, at: datetime) -> Decision:
        """What to do next, what not, what to find out, and when to look again.

        `case` is plain data or a `Case` of this policy; a history is taken as it stood at `at`. `at` is an aware
        datetime (any zone). Raises `CaseError` for data that does not fit the vocabulary, and for a naive `at`.

        The same `Case` asked again at the same `at` costs next to nothing while the last decision is still in use; before
        its `review_at` so does any `at`, once that has been read.
        """
        moment = instant(at)
        read = self._read(case)
        self._tell("decide", read, moment)
        last: Decision | None = read.last_answer.of(self)
        known = None if last is None else known_at(last, moment, may_change=read.is_history)
        if known is not None and known is last:
            return known

        def explain(about: str | None) -> Explanation:
            return self.explain(read, about, at=moment)

        decision = known.explained_by(explain) if known else self._program.decide(read, moment, explain)
        read.last_answer.keep(self, decision)
        return decision

    def decide_many(
        self,
        cases: Iterable[Mapping[str, Any] | Case],
        *,
        at: datetime,
        workers: int = 1,
        start: str | None = None,
    ) -> Iterator[Decision | CaseError]:
        """The decision about each case, in order: lazily, so that any number of cases fits into memory.

        A case that cannot be used is a `CaseError` in its place, and the others go on. `workers` is the number of processes
        (1: this one), `start` how they start (`fork`, `spawn`, `forkserver`); they are given cases some dozens ahead. What
        a process sends back is whole, with `review_at`, and cannot `explain` itself: ask `policy.explain`. Raises
        `RequestError` for another argument, and `CaseError` for a naive `at`, before the first case.
        """
        from escalation_rules.pool import in_order

        moment = instant(at)
        check_pool(workers, start)
        if isinstance(cases, (str, bytes, Mapping)) or not isinstance(cases, Iterable):
            raise bad_argument("`cases`", cases, "a list of cases, or another iterable")
        make = partial(_decider, self, moment)
        return in_order(make, cases, lost=_lost, workers=workers, start=start)

    def check(
        self,
        case: Mapping[str, Any] | Case,
        action: str,
        *,
        at: datetime,
        by: str | None = None,
        about: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Verdict:
        """May `action` be done now: allowed, held or forbidden, why, and what would release it. The guard before a send
        button or a tool call.

        `by` is a role or the id of a party, `about` the id of a record, `params` the parameters of the act as plain
        data. What is left out is judged by the strictest case. Raises `RequestError` for an action, a role, a record or
        a parameter that does not exist, and `CaseError` as `decide` does.
        """
        moment = instant(at)
        read = self._read(case)
        self._tell("check", read, moment, action, about, params)
        assessment = self._program.assessment(read, read.at(moment), moment)
        with reading("the request", RequestError):
            request = read_request(assessment, action, by=by, about=about, params=params)
        return verdict(assessment, request.action, request.about, request.doer, request.params)

    def follow(self, case: Mapping[str, Any] | Case, *, until: datetime) -> Iterator[Decision]:
        """The decisions of a history: one at each entry and act, and at each review in between, lazily, up to `until`.

        Raises what `decide` raises, before the first decision.
        """
        end = instant(until)
        read = self._read(case)
        self._tell("follow", read, end)
        return (moment.decision for moment in moments(self._program, read, end))

    def explain(
        self, case: Mapping[str, Any] | Case, about: str | None = None, *, at: datetime
    ) -> Explanation:
        """Why the decision says what it says; with `about`, why one rule holds or not, or why an action is not planned.

        Raises `RequestError` for a name that is neither rule nor action, and what `decide` raises.
        """
        from escalation_rules.tools.explain import explain

        moment = instant(at)
        read = self._read(case)
        self._tell("explain", read, moment)
        assessment = self._program.assessment(read, read.at(moment), moment)
        check_text("about", about, "the id of a rule, or the name of an action")
        return explain(assessment, self._program.decision(read, assessment, moment), about)

    def audit(self, history: Mapping[str, Any] | Case, *, at: datetime) -> Audit:
        """What went wrong up to `at`: acts against the policy, steps late or left out, declared failures.

        Iterating the result gives the breaches in order of time; acts that could not be judged, as a fact was not
        known, are in `.unverified`. Raises what `decide` raises.
        """
        from escalation_rules.tools.audit import audit

        read, end = self._read(history), instant(at)
        self._tell("audit", read, end)
        return audit(self._program, read, end)

    def replay(self, history: Mapping[str, Any] | Case, *, until: datetime) -> Replay:
        """What the policy says of a history from its first entry up to `until`: each step, prohibition, question and
        conclusion from when to when, the rules that held or gave way, and the breaches. Raises what `decide` raises.

        `escalation_rules.tools.replay.differences` compares the replays of two policies.
        """
        from escalation_rules.tools.audit import audit
        from escalation_rules.tools.replay import replay

        read, end = self._read(history), instant(until)
        self._tell("replay", read, end)
        return replay(self._program, read, end, audit)

    def verify(self, decision: Decision | Mapping[str, Any], case: Mapping[str, Any] | Case) -> Verification:
        """Derive a recorded decision again and compare: is it what this policy says of the case at that instant?

        `decision` is a `Decision`, or the plain data of `to_dict` in any language. Raises `RequestError` if it is
        neither, and what `decide` raises.
        """
        from escalation_rules.tools.verify import verify

        data = decision.to_dict() if isinstance(decision, Decision) else decision
        with reading("the decision", RequestError):
            at = decided_at(data)
        derived = self.decide(case, at=at)
        with reading("the decision", RequestError):
            return verify(data, derived)

    def _read(self, case: Mapping[str, Any] | Case) -> Case:
        """A case of this policy; `CaseError` for one that was read against another vocabulary."""
        if not isinstance(case, Case):
            return self.case(case)
        if case.vocabulary != self._model.vocabulary.digest:
            message = "the case was read by a policy with another vocabulary"
            expected = "the case read again: policy.case(data)"
            raise CaseError([Diagnostic("other-vocabulary", message, expected=expected)])
        return case

    def close(self) -> None:
        """Free the engine's memory early; otherwise the interpreter does. The policy must not be used afterwards."""
        self._program.close()

    def __reduce__(self) -> tuple[Any, ...]:
        # What was read travels; what was compiled is made again where it arrives, there perhaps with another engine.
        return _arrived, (self._model, self.engine, self._program.formats, self._layers)

    def __copy__(self) -> Policy:
        return self  # it never changes

    def __deepcopy__(self, memo: object) -> Policy:
        return self

    def __repr__(self) -> str:
        return f"<Policy {self.name!r} {self.digest[:12]} ({self.engine}): {_size(self._model)}>"


def compare(
    old: Policy, new: Policy, *, records: int = 3, acts: int = 3, in_cases: bool = True
) -> Comparison:
    """What a new policy says otherwise than an old one: rules in words, and effects, each with a case that shows it.

    Cases have up to so many `records` in each list and so many `acts`: within that, what is not told does not differ. With
    `in_cases=False` only the texts are compared. Raises `RequestError` if the solver (extra `analysis`) is not installed.
    """
    from escalation_rules.solving import solver_available
    from escalation_rules.tools.compare import compare as compared

    if in_cases and not solver_available():
        raise RequestError([needs_solver()])
    return compared(old._program, new._program, records=records, acts=acts, in_cases=in_cases)


def analyse(policy: Policy, *, records: int = 3, acts: int = 3) -> Analysis:
    """Which rules conflict, change nothing, or leave something open; each with a case that shows it, or proven.

    What the file `.analysis.yaml` of a layer answers is told as answered. Raises `RequestError` if the solver (extra
    `analysis`) is not installed, and `PolicyError` for what is wrong with the answers.
    """
    from escalation_rules.solving import solver_available
    from escalation_rules.tools.analysis import analyse as analysed
    from escalation_rules.tools.analysis import read_answers

    if not solver_available():
        raise RequestError([needs_solver()])
    answers = read_answers(policy.model, policy.layers)
    return analysed(policy._program, answers, records=records, acts=acts)


def needs_solver() -> Diagnostic:
    """What to do about a solver that is not there."""
    message = "comparing and analysing policies needs z3-solver, which is not installed"
    return Diagnostic("not-installed", message, expected="pip install 'escalation-rules[analysis]'")


def _arrived(model: PolicyModel, engine: Engine, formats: FormatsOf, layers: tuple[Path, ...]) -> Policy:
    """A policy that was pickled; where its engine is not to be had, with the other one."""
    made = Policy(model, engine if engine == "plain" or durable_available() else "plain", layers)
    return made.with_formats(formats)


def _decider(policy: Policy, at: datetime) -> Callable[[Mapping[str, Any] | Case], Decision | CaseError]:
    """What a process does with each of many cases."""

    def decided(case: Mapping[str, Any] | Case) -> Decision | CaseError:
        try:
            return policy.decide(case, at=at)
        except CaseError as error:
            return error

    return decided


def _lost(_: object) -> CaseError:
    """What stands for a case that ended its process each time."""
    return CaseError([Diagnostic("worker-lost", "the process that worked on the case ended",
                                 expected="the case by itself: policy.decide(case, at=…)")])  # fmt: skip


def _size(model: PolicyModel) -> str:
    """How much was read."""
    return f"{len(model.rules)} rules in {model.files} files"
