"""The keys of effects in YAML. All that reads, explains or describes effects takes them from here."""

from __future__ import annotations

RECOMMEND_KEYS = (
    "recommend",
    "owner",
    "within",
    "fixed",
    "target",
    "again",
    "lapses_after",
    "paused_while",
    "about",
    "say",
    "say_to",
)
PROHIBIT_KEYS = ("except", "by", "except_by", "about", "where", "when_unknown")
CONCLUDE_KEYS = ("conclude", "first_that_applies", "otherwise")
KEYS_OF = {
    "recommend": RECOMMEND_KEYS,
    "forbid": ("forbid", *PROHIBIT_KEYS),
    "hold": ("hold", *PROHIBIT_KEYS, "until", "waits_for"),
    "conclude": CONCLUDE_KEYS,
}
"""The keys of each effect. A step also takes the parameters of its action."""
HEADS = tuple(KEYS_OF)
IN_ORDER = "in_order"
"""The key of several holds in one."""
EFFECT_KEYS = frozenset((IN_ORDER, *(key for keys in KEYS_OF.values() for key in keys)))
