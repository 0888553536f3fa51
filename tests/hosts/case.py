"""What every host decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 3, 3, 2, tzinfo=UTC)
CASE: dict[str, Any] = {
    "id": "T-1",
    "currency": "TWD",
    "facts": {"case": {"opened_at": "2026-03-02T15:40:00+08:00"}},
    "damages": [
        {"id": "m", "evident": True, "caused_by": "carrier", "reported_at": "2026-03-02T15:40:00+08:00"}
    ],
    "charges": [{"id": "s", "kind": "delivery", "amount": 800, "open": True, "disputed": True}],
}
