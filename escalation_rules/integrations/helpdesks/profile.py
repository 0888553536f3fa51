"""A profile describes how the tickets of one help desk are read and written. It is YAML, checked when loaded."""

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
    """How one help desk is read and written. Create it with `Profile.load`. Immutable and thread-safe."""

    spec: Spec
    vocabulary: Vocabulary = attrs.field(repr=False, eq=False)

    @classmethod
    def load(
        cls,
        name_or_path: str | Path,
        *overrides: str | Path | PlainMapping[str, Any],
        policy: Policy | None = None,
    ) -> Profile:
        """Load a profile by its name (see `profiles()`) or path, with overrides.

        An override is a YAML file or a mapping: mappings are merged key by key, other values replaced, and
        `null` removes a key. Facts, roles and actions are checked against the vocabulary of `policy`
        (default: the built-in policy). Raises `PolicyError` with all problems of all files.
        """
        problems = Problems()
        vocabulary = policy.vocabulary if policy is not None else _builtin()
        spec = read_spec(read_layers(name_or_path, overrides, problems), vocabulary, problems)
        if problems.errors or spec is None:
            raise PolicyError(problems.errors)
        return cls(spec, vocabulary)

    @property
    def name(self) -> str:
        """The system's name, which is the prefix of all ids."""
        return self.spec.name


@lru_cache(maxsize=1)
def _builtin() -> Vocabulary:
    """The vocabulary of the built-in policy, loaded once."""
    return Policy.load(engine="plain").vocabulary


__all__ = ["Profile", "profiles"]
