"""The app, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ComplaintPlan(AppConfig):
    """The plan beside the ticket."""

    name = "complaint_plan"
    verbose_name = "Complaint plan"
    default_auto_field = "django.db.models.BigAutoField"
