"""`manage.py write_plans --as USER`: writes the plan of each open ticket into it, privately. For cron, after `get_email`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from helpdesk.models import Ticket

from complaint_plan import desk
from escalation_rules import EscalationRulesError


class Command(BaseCommand):
    """The command."""

    help = "Writes the plan of each open ticket as a private follow-up, with priority and due date. Writes nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", required=True, dest="author", help="the user who is named as the author")

    def handle(self, *args: Any, **options: Any) -> None:
        author = get_user_model().objects.filter(username=options["author"]).first()
        if author is None:
            raise CommandError(f"there is no user {options['author']}")
        for key in Ticket.objects.filter(status__in=Ticket.OPEN_STATUSES).values_list("pk", flat=True):
            self._write(key, author)

    def _write(self, key: int, author: Any) -> None:
        """One ticket; what is wrong with it does not keep the others waiting."""
        with transaction.atomic():
            ticket = Ticket.objects.select_for_update().get(pk=key)
            try:
                kinds = desk.write(ticket, desk.look(ticket, timezone.now()), author)
            except EscalationRulesError as error:
                self.stderr.write(f"ticket {key}: {error}")
                return
        self.stdout.write(f"ticket {key}: {', '.join(kinds) or 'nothing new'}")
