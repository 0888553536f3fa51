"""A profile: how one help desk's tickets are read and written. Data in YAML, checked like a policy when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping as PlainMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs

from escalation_rules.api import Policy
from escalation_rules.errors import PolicyError, Problems
from escalation_rules.integrations.helpdesks.files import profiles, read_layers
from escalation_rules.integrations.helpdesks.form_parts import read_spec
from escalation_rules.integrations.helpdesks.spec import Spec
from escalation_rules.policy.vocabulary import Vocabulary


@attrs.frozen
class Profile:
    """How one help desk is read. Make it with `Profile.load`; it never changes, and threads may share it."""

    spec: Spec
    vocabulary: Vocabulary = attrs.field(repr=False, eq=False)

    @classmethod
    def load(
        cls,
        name_or_path: str | Path,
        *overrides: str | Path | PlainMapping[str, Any],
        policy: Policy | None = None,
    ) -> Profile:
        """Load a profile by its name (see `profiles()`) or its path, with overrides upon it.

        An override is a YAML file or a mapping: mappings are merged key by key, all else is replaced, `null` removes.
        Facts, roles and actions are looked up in the vocabulary of `policy` (left out: the built-in one). Raises
        `PolicyError` with every problem of every file, each at its place.
        """
        problems = Problems()
        vocabulary = policy.vocabulary if policy is not None else _builtin()
        spec = read_spec(read_layers(name_or_path, overrides, problems), vocabulary, problems)
        if problems.errors or spec is None:
            raise PolicyError(problems.errors)
        return cls(spec, vocabulary)

    @property
    def name(self) -> str:
        """The system's name, with which all ids begin."""
        return self.spec.name


@lru_cache(maxsize=1)
def _builtin() -> Vocabulary:
    """The vocabulary of the built-in policy, read once."""
    return Policy.load(engine="plain").vocabulary


__all__ = ["Profile", "profiles"]
