"""Steps that select the policy and the time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from escalation_rules.pytest_plugin.messages import message
from escalation_rules.pytest_plugin.phrases import phrase
from escalation_rules.pytest_plugin.scene import Scene


@phrase("given", "when", en="the built-in policy", names_policy=True)
def use_builtin_policy(scene: Scene) -> None:
    """Use the built-in policy."""
    scene.use_policy(None)


@phrase(
    "given",
    "when",
    en="the policy in {folder:path}",
    names_policy=True,
)
def use_policy(scene: Scene, folder: str) -> None:
    """Use the policy in a folder instead of any other."""
    scene.use_policy(scene.path(folder))


@phrase(
    "given",
    "when",
    en="on top of it the policy in {folder:path}",
    names_policy=True,
)
def add_policy_layer(scene: Scene, folder: str) -> None:
    """Add the policy in a folder as a layer on top of the previous one."""
    scene.use_policy(scene.path(folder), on_top=True)


@phrase(
    "given",
    "when",
    en="all times are in {zone:path}",
)
def use_time_zone(scene: Scene, zone: str) -> None:
    """Interpret instants without an offset, in tables and sentences, in this zone."""
    try:
        scene.zone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        scene.fail(message("unknown time zone {zone}", zone=repr(zone)), message("write it like Asia/Taipei"))
