"""What the desk itself does not keep about a case: what agents accepted, rejected and answered."""

from __future__ import annotations

from django.db import models


class CaseRecord(models.Model):
    """What is known of a ticket's case beside the ticket.

    `known` is plain data of a case: facts and records that an agent accepted or answered. `answers` holds which proposals were
    accepted and rejected, `no_steps` the replies that an agent said were no steps: nothing is asked twice.
    """

    ticket = models.OneToOneField(
        "helpdesk.Ticket", on_delete=models.CASCADE, primary_key=True, related_name="complaint"
    )
    known = models.JSONField(default=dict)
    answers = models.JSONField(default=list)
    no_steps = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"case of ticket {self.pk}"
