"""Where the clicks go: include it as `path("complaint-plan/", include("complaint_plan.urls"))`."""

from __future__ import annotations

from django.urls import path

from complaint_plan import views

app_name = "complaint_plan"
urlpatterns = [
    path("<int:ticket_id>/proposal/", views.proposal, name="proposal"),
    path("<int:ticket_id>/ask-again/", views.ask_again, name="ask_again"),
    path("<int:ticket_id>/done/", views.done, name="done"),
    path("<int:ticket_id>/not-done/", views.not_done, name="not_done"),
    path("<int:ticket_id>/reply/", views.reply, name="reply"),
    path("<int:ticket_id>/answer/", views.answer, name="answer"),
]
