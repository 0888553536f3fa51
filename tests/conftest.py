"""What holds for all tests: Hypothesis tries the same examples in every run.

So no check fails by chance. `HYPOTHESIS_PROFILE=explore pytest …` tries new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, database=None)
settings.register_profile("explore")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
