"""Coverage-guided fuzzing of one target, with atheris (nox session `fuzz`).

    python -m tests.fuzz.guided case --seconds 1800 --found FOLDER

Starts from `tests/fuzz/corpus/TARGET`. Stops at the first input that must not be, and leaves it in the folder. What reaches
new code is left there, too. A text that is kept goes into the corpus, and `tests/fuzz/test_corpora.py` tries it for ever.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["escalation_rules"]):
    from tests.fuzz.mutation import changed_lines, changed_text
    from tests.fuzz.targets import TARGETS, policy

CORPUS = Path(__file__).with_name("corpus")
SLOWEST = 40
"""Seconds for one input; instrumented, all takes five times as long."""
LONGEST = 20_000


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """Changes that keep the form, and now and then those of libFuzzer, which do not."""
    dice = random.Random(seed)
    found: bytes | None = None
    if dice.random() < 0.8:
        found = changed_text(data, dice) if data.lstrip()[:1] == b"{" else changed_lines(data, dice)
    return atheris.Mutate(data, most) if found is None or len(found) > most else found


def main() -> None:
    """Read the command line, and go on until the time is over or something is found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--found", type=Path, default=Path("fuzzed"))
    given = parser.parse_args()
    found = given.found / given.target
    found.mkdir(parents=True, exist_ok=True)
    policy()
    options = [
        sys.argv[0], f"-max_total_time={given.seconds}", f"-timeout={SLOWEST}", f"-max_len={LONGEST}", "-len_control=0",
        "-rss_limit_mb=2048", f"-artifact_prefix={found}{os.sep}", "-print_final_stats=1", str(found), str(CORPUS / given.target),
    ]  # fmt: skip
    atheris.Setup(options, TARGETS[given.target], custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
