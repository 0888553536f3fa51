"""The public interface: `Policy`, `compare` and `analyse`."""

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
from escalation_rules.decision import Decision, Explanation, HeadingPart, Verdict
from escalation_rules.decision.whole import known_at
from escalation_rules.engine import Program, durable_available
from escalation_rules.engine.heading import heading
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

# Methods import tools and multiprocessing themselves, so that a program that only decides does not load them.

Engine = Literal["durable", "plain"]


_ANSWERING = (
    "atexit",
    "difflib",
    "escalation_rules.tools.audit",
    "escalation_rules.tools.explain",
    "escalation_rules.tools.replay",
    "escalation_rules.tools.verify",
)
"""Modules that are needed later but not imported with the library. Loading a policy imports them, so that no
files are opened afterwards."""


class Policy:
    """A policy that was read, checked and compiled. Create it with `Policy.load`.

    Immutable and thread-safe: load it once and share it.
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
        """Load a policy from folders or files, each a layer on top of the previous ones. Without arguments,
        load the built-in policy.

        `engine` is `durable` (durable-rules, the default if it is installed) or `plain`; both give the same
        decisions. With `expect_digest`, a policy with another digest is refused, for example one with a
        missing or truncated file.

        Raises `PolicyError` with all problems of all files, or if the digest differs. Raises `RequestError`
        if an argument is not a path, an engine or a digest, or if the engine is not installed.
        """
        check_engine(engine)
        if engine == "durable" and not durable_available():
            raise RequestError(
                [Diagnostic("no-engine", "durable-rules cannot be used here", expected="engine='plain'")]
            )
        check_text("expect_digest", expect_digest, "the digest of a policy, a text")
        paths = tuple(layer_path(layer) for layer in layers or (BUILTIN,))
        model = read_policy(list(paths))
        if expect_digest is not None and model.digest != expect_digest:
            message = f"the digest of this policy is {model.digest}, with {_size(model)}"
            raise PolicyError(
                [Diagnostic("other-digest", message, expected=show(expect_digest, 80).strip("'"))]
            )
        return cls(model, engine or ("durable" if durable_available() else "plain"), paths)

    @property
    def name(self) -> str:
        """The name of the policy, from the last layer that sets one."""
        return self._model.name

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the policy's content and of the versions that affect its decisions (see `versions`)."""
        return self._model.digest

    @property
    def content_digest(self) -> str:
        """SHA-256 (hex) of the policy's content alone, independent of installed packages."""
        return self._model.content_digest

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions that affect decisions besides the content: `holidays`, `tzdata`, and `semantics` (the
        rule language)."""
        return MappingProxyType(dict(self._model.versions))

    @property
    def engine(self) -> str:
        """The engine that matches the rules: `durable` or `plain`."""
        return self._program.engine

    @property
    def engine_failures(self) -> int:
        """How often durable-rules has failed in this process. Each time, an `EngineWarning` was issued and
        the plain engine decided."""
        return self._program.engine_failures

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts, records, actions and other names that rules and cases may use, with their labels."""
        return self._model.vocabulary

    @property
    def layers(self) -> tuple[Path, ...]:
        """The folders and files that the policy was loaded from, lowest layer first. Empty if it was not
        loaded from files."""
        return self._layers

    @property
    def model(self) -> PolicyModel:
        """The parsed policy: rulesets and rules with their positions."""
        return self._model

    def with_formats(self, formats: FormatsOf) -> Policy:
        """Return the same policy with localised numbers, money and times in `because` and `say` texts.

        `formats` maps a language to its formatter: `BabelFormats.in_zone(zone)` of
        `escalation_rules.babel_formats`, or your own. Without it, texts contain plain values: `800
        TWD`, instants in ISO 8601 UTC. To verify a decision, use the formats that it was made with. The two
        policies share the compiled rules: after `close` on one, the other cannot be used either.
        """
        other = self._alike()
        other._program = self._program.with_formats(formats)
        return other

    def observed(self, note: Callable[[Asked], None]) -> Policy:
        """Return the same policy, which calls `note` with each question before answering it. Used by tools
        that record questions.

        The two policies share the compiled rules, as with `with_formats`.
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
        """Read and check a case, to use it in several calls.

        `data` is plain data: `id`, `currency`, `facts`, record lists and `acts`, or a `history`. `positions`
        maps paths in it (`charges[0].amount`) to places in a file, for error messages. Raises `CaseError`
        with all problems.
        """
        return Case.from_mapping(self._model.vocabulary, data, positions)

    def decide(self, case: Mapping[str, Any] | Case, *, at: datetime) -> Decision:
        """Decide what to do next, what not to do, what to find out, and when to decide again.

        `case` is plain data or a `Case` of this policy. A history is used up to `at`, an aware datetime in
        any zone. Raises `CaseError` if the data does not fit the vocabulary or `at` is naive.

        Deciding the same `Case` object again at the same `at` is nearly free while the last decision is still
        referenced. Once its `review_at` has been read, this also applies to any `at` before it.
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
        """Yield the decision for each case, in order. Cases are read lazily, so memory use does not depend on
        their number.

        An invalid case yields a `CaseError` instead of a decision. `workers` is the number of processes (1:
        this process) and `start` their start method (`fork`, `spawn` or `forkserver`); a few dozen cases are
        read ahead for them. Decisions from other processes are complete, including `review_at`, but their
        `explain` raises: use `policy.explain`. Raises `RequestError` for an invalid argument, and `CaseError`
        for a naive `at`, before the first case is read.
        """
        from escalation_rules.pool import map_in_order

        moment = instant(at)
        check_pool(workers, start)
        if isinstance(cases, (str, bytes, Mapping)) or not isinstance(cases, Iterable):
            raise bad_argument("`cases`", cases, "a list of cases, or another iterable")
        make = partial(_decider, self, moment)
        return map_in_order(make, cases, lost=_lost, workers=workers, start=start)

    def heading(self, case: Mapping[str, Any] | Case, *, at: datetime) -> tuple[HeadingPart, ...]:
        """What a person reads above a decision: the known facts and records that the policy's `heading:` names, in its
        order; () if it names none.

        Raises the same errors as `decide`.
        """
        moment = instant(at)
        read = self._read(case)
        if not self._model.heading:
            return ()
        return heading(self._model, self._program.situation(read, moment)[0])

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
        """Whether `action` may be done now (allowed, held or forbidden), why, and what would release it.

        Use it as a guard before a send button or a tool call. `by` is a role or the id of a party, `about`
        the id of a record, `params` the parameters of the act as plain data. For omitted arguments, the
        strictest case is assumed. Raises `RequestError` for an unknown action, role, record or parameter, and
        `CaseError` as `decide` does.
        """
        moment = instant(at)
        read = self._read(case)
        self._tell("check", read, moment, action, about, params)
        assessment = self._program.assessment(read, read.at(moment), moment)
        with reading("the request", RequestError):
            request = read_request(assessment, action, by=by, about=about, params=params)
        return verdict(assessment, request.action, request.about, request.doer, request.params)

    def follow(self, case: Mapping[str, Any] | Case, *, until: datetime) -> Iterator[Decision]:
        """Yield the decisions of a history lazily up to `until`: one at each entry, at each act, and at each
        review in between.

        Raises the same errors as `decide`, before the first decision.
        """
        end = instant(until)
        read = self._read(case)
        self._tell("follow", read, end)
        return (moment.decision for moment in moments(self._program, read, end))

    def explain(
        self, case: Mapping[str, Any] | Case, about: str | None = None, *, at: datetime
    ) -> Explanation:
        """Explain the decision. With `about`, explain why one rule holds or not, or why an action is not in
        the plan.

        Raises `RequestError` if `about` is neither a rule nor an action, and the same errors as `decide`.
        """
        from escalation_rules.tools.explain import explain

        moment = instant(at)
        read = self._read(case)
        self._tell("explain", read, moment)
        assessment = self._program.assessment(read, read.at(moment), moment)
        check_text("about", about, "the id of a rule, or the name of an action")
        return explain(assessment, self._program.decision(read, assessment, moment), about)

    def audit(self, history: Mapping[str, Any] | Case, *, at: datetime) -> Audit:
        """Find what went wrong up to `at`: acts against the policy, steps that are late or missing, declared
        failures.

        Iterating over the result yields the breaches in order of time. Acts that could not be judged, because
        a fact was unknown, are in `.unverified`. Raises the same errors as `decide`.
        """
        from escalation_rules.tools.audit import audit

        read, end = self._read(history), instant(at)
        self._tell("audit", read, end)
        return audit(self._program, read, end)

    def replay(self, history: Mapping[str, Any] | Case, *, until: datetime) -> Replay:
        """Follow a history from its first entry up to `until`.

        The result lists each step, prohibition, question and conclusion with its start and end, the rules
        that held or were overridden, and the breaches. Raises the same errors as `decide`. To compare the
        replays of two policies, use `escalation_rules.tools.replay.differences`.
        """
        from escalation_rules.tools.audit import audit
        from escalation_rules.tools.replay import replay

        read, end = self._read(history), instant(until)
        self._tell("replay", read, end)
        return replay(self._program, read, end, audit)

    def verify(self, decision: Decision | Mapping[str, Any], case: Mapping[str, Any] | Case) -> Verification:
        """Derive a recorded decision again from the case and compare the two.

        `decision` is a `Decision`, or the plain data of `to_dict` in any language. Raises `RequestError` if
        it is neither, and the same errors as `decide`.
        """
        from escalation_rules.tools.verify import verify

        data = decision.to_dict() if isinstance(decision, Decision) else decision
        with reading("the decision", RequestError):
            at = decided_at(data)
        derived = self.decide(case, at=at)
        with reading("the decision", RequestError):
            return verify(data, derived)

    def _read(self, case: Mapping[str, Any] | Case) -> Case:
        """Return the case as a `Case` of this policy. Raises `CaseError` if it was read with another vocabulary."""
        if not isinstance(case, Case):
            return self.case(case)
        if case.vocabulary != self._model.vocabulary.digest:
            message = "the case was read by a policy with another vocabulary"
            expected = "the case read again: policy.case(data)"
            raise CaseError([Diagnostic("other-vocabulary", message, expected=expected)])
        return case

    def close(self) -> None:
        """Free the engine's memory now instead of at garbage collection. The policy must not be used afterwards."""
        self._program.close()

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickle only what was read. The receiving process compiles it again, perhaps with the other engine.
        return _arrived, (self._model, self.engine, self._program.formats, self._layers)

    def __copy__(self) -> Policy:
        return self  # immutable

    def __deepcopy__(self, memo: object) -> Policy:
        return self

    def __repr__(self) -> str:
        return f"<Policy {self.name!r} {self.digest[:12]} ({self.engine}): {_size(self._model)}>"


def compare(
    old: Policy,
    new: Policy,
    *,
    records: int = 3,
    acts: int = 3,
    in_cases: bool = True,
    proceed: Callable[[float], bool] = lambda _: True,
) -> Comparison:
    """Compare two policies: changed rules as text, and changed effects, each with a case that shows the
    change.

    Cases with up to `records` records in each list and up to `acts` acts are searched, and larger ones where the
    rules count further; what is not reported is the same in all of them. With `in_cases=False`, only the texts are
    compared. `proceed` is called now and then with the part of the work that is done; once it returns False, what is left is
    named as not compared. Raises `RequestError` if the solver is not installed (extra `analysis`).
    """
    from escalation_rules.solving import solver_available
    from escalation_rules.tools.compare import compare as compared

    if in_cases and not solver_available():
        raise RequestError([needs_solver()])
    return compared(
        old._program, new._program, records=records, acts=acts, in_cases=in_cases, proceed=proceed
    )


def analyse(
    policy: Policy,
    *,
    records: int = 3,
    acts: int = 3,
    gaps_in: str | None = None,
    most_gaps: int = 6,
    steps_of: str | None = None,
    proceed: Callable[[float], bool] = lambda _: True,
) -> Analysis:
    """Find rules that conflict, have no effect or leave gaps. Each finding has a case that shows it, or is
    proven.

    Findings that a layer answers in its `.analysis.yaml` are marked as answered. With `gaps_in`, a condition in YAML, only gaps
    in such cases are looked for; up to `most_gaps` are found. With `steps_of` (a layer, a file or a ruleset), only steps
    that its rules recommend count, and the cases are those of `gaps_in` or, without it, one for each list and flag that it
    declares. `proceed` is called from time to time with the part of the work that is done; if it returns False, what is left is
    not examined. Raises `RequestError` if the solver is not installed (extra `analysis`), or no layer, file or ruleset is called
    `steps_of`, and `PolicyError` for problems in the answers or the condition.
    """
    from escalation_rules.solving import solver_available
    from escalation_rules.tools.analysis import analyse as analysed
    from escalation_rules.tools.analysis import origin, read_answers, read_cases

    if not solver_available():
        raise RequestError([needs_solver()])
    answers = read_answers(policy.model, policy.layers)
    cases = None if gaps_in is None else read_cases(policy.model, gaps_in, "gaps_in")
    counted = None if steps_of is None else origin(policy.model, policy.layers, steps_of, alone=cases is None)
    return analysed(policy._program, answers, records=records, acts=acts, gaps_in=cases, most_gaps=most_gaps,
                    steps_of=counted, proceed=proceed)  # fmt: skip


def needs_solver() -> Diagnostic:
    """The diagnostic for a missing solver."""
    message = "comparing and analysing policies needs z3-solver, which is not installed"
    return Diagnostic("not-installed", message, expected="pip install 'escalation-rules[analysis]'")


def _arrived(model: PolicyModel, engine: Engine, formats: FormatsOf, layers: tuple[Path, ...]) -> Policy:
    """Restore a pickled policy. If its engine is not available here, use the other one."""
    made = Policy(model, engine if engine == "plain" or durable_available() else "plain", layers)
    return made.with_formats(formats)


def _decider(policy: Policy, at: datetime) -> Callable[[Mapping[str, Any] | Case], Decision | CaseError]:
    """The function that a worker process calls for each case."""

    def decided(case: Mapping[str, Any] | Case) -> Decision | CaseError:
        try:
            return policy.decide(case, at=at)
        except CaseError as error:
            return error

    return decided


def _lost(_: object) -> CaseError:
    """The result for a case whose worker process died on each attempt."""
    return CaseError([Diagnostic("worker-lost", "the process that worked on the case ended",
                                 expected="the case by itself: policy.decide(case, at=…)")])  # fmt: skip


def _size(model: PolicyModel) -> str:
    """The number of rules and files that were read, as text."""
    return f"{len(model.rules)} rules in {model.files} files"
