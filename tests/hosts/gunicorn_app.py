"""A WSGI application that loads and warms its policy before gunicorn forks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from escalation_rules import EscalationRulesError, Policy
from tests.hosts.case import AT, CASE

POLICY = Policy.load()
POLICY.decide(CASE, at=AT)  # in the parent: its rulesets in C are inherited by every worker


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Decide the case in the body."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    try:
        case = json.loads(environ["wsgi.input"].read(length))
        data: Any = POLICY.decide(case, at=AT).to_dict("en")
        status = "200 OK"
    except EscalationRulesError as error:
        data, status = [each.to_dict() for each in error.diagnostics], "422 Unprocessable Entity"
    start_response(status, [("Content-Type", "application/json"), ("X-Pid", str(os.getpid()))])
    return [json.dumps(data).encode()]
