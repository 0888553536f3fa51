"""The server, asked by the client of the official SDK, over stdin and stdout as a model's host would."""

from __future__ import annotations

import asyncio
import sys
from importlib.util import find_spec
from typing import Any

import pytest

mcp = pytest.importorskip("mcp", reason="the extra [mcp] is not installed")

CASE = {
    "id": "T-1",
    "facts": {"case.opened_at": "2026-03-02T09:00:00+08:00", "customer.temperature": "furious"},
    "charges": [{"id": "s", "disputed": True}],
}
AT = "2026-03-02T10:00:00+08:00"


def asked(*questions: tuple[str, dict[str, Any]]) -> tuple[list[str], list[dict[str, Any]]]:
    """The names of the tools, and what the server answers to each call."""

    async def ask() -> tuple[list[str], list[dict[str, Any]]]:
        command = [sys.executable, "-m", "escalation_rules", "mcp"]
        parameters = mcp.StdioServerParameters(command=command[0], args=command[1:])
        async with mcp.Client(parameters) as client:
            tools = (await client.list_tools()).tools
            answers = [
                (await client.call_tool(name, arguments)).structured_content for name, arguments in questions
            ]
            return sorted(each.name for each in tools), answers

    return asyncio.run(ask())


def test_a_model_asks_and_is_answered() -> None:
    said = [{"id": "m1", "role": "customer", "at": AT, "text": "The charger caught fire."}]
    names, (decision, verdict, wrong, why, bad_instant, proposed, no_messages) = asked(
        ("decide", {"case": CASE, "at": AT}),
        ("check", {"case": CASE, "action": "dun_customer", "about": "s", "by": "accounts", "at": AT}),
        ("check", {"case": CASE, "action": "dun_custmer", "at": AT}),
        ("explain", {"case": CASE, "at": AT, "about": "dun_customer"}),
        ("decide", {"case": CASE, "at": "yesterday"}),
        ("propose", {"messages": said}),
        ("propose", {"messages": [{"id": "m1"}]}),
    )
    assert names == ["check", "decide", "explain", "propose"]
    assert "problems" not in decision, decision["problems"]
    assert decision["plan"]
    assert verdict["verdict"] == "forbidden"
    assert "did you mean 'dun_customer'" in wrong["problems"][0]
    assert "problems" not in why
    assert "is not an instant" in bad_instant["problems"][0]
    if find_spec("ahocorasick") is None:
        assert "pip install 'escalation-rules[signals]'" in proposed["problems"][0]
    else:
        assert [each["path"] for each in proposed["proposals"]] == ["hazard.happened"]
        assert "missing `role:`" in no_messages["problems"][0]
