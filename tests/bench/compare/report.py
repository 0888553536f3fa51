"""The table that is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def table(result: Mapping[str, Any]) -> str:
    """One problem: a line for each engine, microseconds for a case, then the ratios."""
    times: Mapping[str, Mapping[str, float]] = result["microseconds"]
    kinds = list(times)
    size = f"{result['rules']} rules ({result['our_rules']} in our policy) over {result['facts']} facts"
    lines = [
        f"{result['problem']}: {size}, {result['fired']} hold on average",
        f"{result['cases']} cases of each kind; all agree on {result['agreed_on']}",
        f"{'microseconds a case':28}" + "".join(f"{each:>10}" for each in kinds),
    ]
    for name, version in result["versions"].items():
        label = f"{name} {version}".strip()
        lines.append(f"{label:28}" + "".join(f"{times[kind][name]:10.1f}" for kind in kinds))
    lines += [f"{name}: left out, as {reason}" for name, reason in result["unfit"].items()]
    ratios = {key: value for key, value in result.items() if "_vs_" in key}
    lines += [f"{key:38}{value:8.2f}" for key, value in ratios.items()]
    return "\n".join(lines)
