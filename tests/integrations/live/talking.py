"""How a test talks with a help desk that runs: an agent asks its interface, a customer writes."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.request import Request, urlopen


def ask(port: int, method: str, path: str, body: Any, login: str) -> Any:
    """What the interface answers to an agent; `login` is the name and the password, with a colon between."""
    head = {
        "Authorization": f"Basic {base64.b64encode(login.encode()).decode()}",
        "Content-Type": "application/json",
    }
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"http://127.0.0.1:{port}{path}", data, head, method=method)
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def letter(subject: str, text: str, number: int) -> str:
    """An e-mail of a customer's."""
    head = f"From: Lin <lin@example.org>\nTo: care@example.com\nSubject: {subject}\nMessage-ID: <{number}@example.org>\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n"
