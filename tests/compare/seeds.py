"""Ten ways in which a policy is changed in practice, each made on a copy of the built-in one."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs

from escalation_rules.policy.reading.builtin import builtin_path

Difference = tuple[str, str, tuple[str, ...]]
"""How (now, no longer, otherwise), what is done (recommend, forbid, hold), and to which actions."""


@attrs.frozen
class Seed:
    """One change: in a file, the first text after `near` that is `old` becomes `new`. What it is called in a comparison, and
    the differences in cases that it makes."""

    file: str
    near: str
    old: str
    new: str
    cause: str
    differences: tuple[Difference, ...]


OVERRIDE = """\
  - id: no-care-that-was-declined
    source: example
    when:
      customer.declined_gifts: true
    overrides: [care-before-questions]
    because:
      en: They do not want to be cared for.
      zh-TW: 客戶不希望我們多關心。
      zh-CN: 客户不希望我们多关心。

  - id: both-are-heard-before-closing
"""

EXCEPTION = "    unless:\n      case.pressing: true\n"
FIVE = "by: [frontline, partner, partner_manager, sales, field_service]"

BOUND = Seed(
    "settle.yaml", "id: approval-and-no-delay", "TWD: 50000", "TWD: 80000", "approval-and-no-delay",
    (("no longer", "recommend", ("ask_approval",)), ("no longer", "hold", ("pay_loss",)), ("now", "recommend", ("pay_loss",))),
)  # fmt: skip
LIMIT = Seed(
    "settle.yaml", "id: what-the-front-line-may-give", "TWD: 2000", "TWD: 3000", "what-the-front-line-may-give",
    (("no longer", "forbid", ("waive_charge",)),),
)  # fmt: skip
WITHOUT_EXCEPTION = Seed(
    "facts-empathy-law.yaml", "id: ask-both-sides-for-evidence", EXCEPTION, "", "ask-both-sides-for-evidence",
    (("now", "recommend", ("request_evidence",)),),
)  # fmt: skip
ROLE = Seed(
    "facts-empathy-law.yaml", "- forbid: hear_other_side\n        by: [frontline", FIVE, FIVE.replace(" sales,", ""),
    "the-accused-does-not-question", (("otherwise", "forbid", ("hear_other_side",)),),
)  # fmt: skip
DEADLINE = Seed(
    "facts-empathy-law.yaml", "recommend: examine_cause", "3 working days", "5 working days", "find-the-cause",
    (("otherwise", "recommend", ("examine_cause",)),),
)  # fmt: skip
OVERRIDDEN = Seed(
    "facts-empathy-law.yaml", "", "  - id: both-are-heard-before-closing\n", OVERRIDE, "no-care-that-was-declined",
    (("no longer", "hold", ("request_evidence",)), ("now", "recommend", ("request_evidence",))),
)  # fmt: skip
COUNT = Seed(
    "one-view.yaml", "id: an-owner-when-it-boils-over", "at_least: 3", "at_least: 2", "an-owner-when-it-boils-over",
    (("now", "recommend", ("assign_owner",)),),
)  # fmt: skip
CONCLUSION = Seed(
    "tripartite.yaml", "id: failing-again-and-again", "occurrences: {at_least: 3}", "occurrences: {at_least: 4}",
    "failing-again-and-again",
    (("no longer", "forbid", ("apologise",)), ("no longer", "recommend", ("convene_review",))),
)  # fmt: skip
OWNER = Seed(
    "vocabulary/actions.yaml", "    weigh_relationship:", "owner: case_owner", "owner: accounts", "weigh_relationship",
    (("otherwise", "recommend", ("weigh_relationship",)),),
)  # fmt: skip
SEEDS = (BOUND, LIMIT, WITHOUT_EXCEPTION, ROLE, DEADLINE, OVERRIDDEN, COUNT, CONCLUSION, OWNER)

LAYER = """\
format: 1
ruleset: our-changes
label:
  en: What we do otherwise
  zh-TW: 我們的不同做法
  zh-CN: 我们的不同做法
disable:
  - rule: take-it-upstairs-on-a-risk-signal
    because:
      en: We have nobody upstairs.
      zh-TW: 我們沒有上級。
      zh-CN: 我们没有上级。
"""
"""The tenth change: a layer that switches a rule off."""
LAYER_CAUSE = "take-it-upstairs-on-a-risk-signal"
LAYER_DIFFERENCES: tuple[Difference, ...] = (
    ("no longer", "recommend", ("take_upstairs",)),
    ("otherwise", "recommend", ("take_upstairs",)),
)
"""Another rule still recommends it in some of the cases, within a longer time."""


def copied(folder: Path, *seeds: Seed) -> Path:
    """A copy of the built-in policy with these changes."""
    shutil.copytree(builtin_path(), folder)
    for seed in seeds:
        path = folder / seed.file
        text = path.read_text(encoding="utf-8")
        place = text.index(seed.old, text.index(seed.near))
        path.write_text(f"{text[:place]}{seed.new}{text[place + len(seed.old) :]}", encoding="utf-8")
    return folder


def layer(folder: Path) -> Path:
    """The layer."""
    folder.mkdir()
    (folder / "ours.yaml").write_text(LAYER, encoding="utf-8")
    return folder
