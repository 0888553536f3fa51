"""A django-helpdesk of its own in one folder: `python django_desk.py FOLDER setup | mail | serve`. Started by the live test.

`setup` makes the database (SQLite), a queue that reads the mails in FOLDER/mail, and two agents. `mail` takes in what lies
there, as the cron job of a real desk does. `serve` listens on a free port of this machine, which it prints. What the desk
sends goes to FOLDER/sent.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

AGENTS = ("rosa", "theo")
PASSWORD = "for-this-test-only"
CONTEXT = ("debug", "request")


def settings(folder: Path) -> dict[str, Any]:
    """A project as the manual of django-helpdesk describes it, without what a browser needs."""
    contrib = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize")
    processors = [
        *(f"django.template.context_processors.{each}" for each in CONTEXT),
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]
    return {
        "DEBUG": False,
        "SECRET_KEY": PASSWORD,
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Taipei",
        "SITE_ID": 1,
        "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
        "DATABASES": {
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "desk.sqlite3")}
        },
        "INSTALLED_APPS": [*(f"django.contrib.{each}" for each in contrib), "rest_framework", "helpdesk"],
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": processors},
            }
        ],
        "STATIC_URL": "/static/",
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(folder / "sent"),
        "HELPDESK_TEAMS_MODE_ENABLED": False,
        "HELPDESK_PRIVATE_FOLLOWUP_MEANS_NO_EMAILS": True,
    }


def setup(folder: Path) -> None:
    """The database, a queue, two agents and the texts of mails."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from helpdesk.models import Queue

    for each in ("mail", "sent", "media"):
        (folder / each).mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    for name in AGENTS:
        get_user_model().objects.create_superuser(name, f"{name}@example.com", PASSWORD)
    Queue.objects.create(
        title="Care", slug="care", email_address="care@example.com", allow_email_submission=True,
        email_box_type="local", email_box_local_dir=f"{folder / 'mail'}/", email_box_interval=0,
    )  # fmt: skip


def mail() -> None:
    """Take in the mails that lie in the folder."""
    from django.core.management import call_command

    call_command("get_email", quiet=True)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Requests are not logged."""


def serve() -> None:
    """Answer requests, one after the other, until the process is ended."""
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


def main(folder: Path, command: str) -> None:
    """Configure Django and run one command."""
    import django
    from django.conf import settings as django_settings

    django_settings.configure(**settings(folder))
    django.setup()
    from django.urls import include, path

    django_settings.ROOT_URLCONF = (path("", include("helpdesk.urls", namespace="helpdesk")),)
    {"setup": lambda: setup(folder), "mail": mail, "serve": serve}[command]()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
