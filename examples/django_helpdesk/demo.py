"""A django-helpdesk of its own in one folder, with the app in it: `python demo.py` starts one, writes two mails and listens.

`python demo.py FOLDER setup | mail | plans | serve` runs one part; the live test does. `setup` makes the database
(SQLite), a queue that reads the mails in FOLDER/mail, and two agents. `mail` takes in what lies there, as the cron job of a real
desk does, and `plans` writes the plans into the tickets. `serve` listens on a free port of this machine, which it prints.
What the desk sends goes to FOLDER/sent.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

AGENTS = ("rosa", "theo")
PASSWORD = "for-this-demo-only"
MAILS = (
    (
        "The table has strap marks",
        """The new table has two strap marks from your lorry. I do not pay the shipping of 800 NT dollars.
Please call me back. If nobody does, I will report you to the consumer protection office.""",
    ),
    ("充電器冒煙", "昨天買的充電器插上去就冒煙，我的手也燙傷了。\n我要退費，不然就在網路上公開。"),
)
"""What the customers of the demo write."""

CONTEXT = ("debug", "request")


def settings(folder: Path) -> dict[str, Any]:
    """A project as the manual of django-helpdesk describes it, with the app `complaint_plan` before `helpdesk`."""
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
        "USE_I18N": True,
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Taipei",
        "SITE_ID": 1,
        "LOGIN_URL": "helpdesk:login",
        "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
        "DATABASES": {
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "desk.sqlite3")}
        },
        "INSTALLED_APPS": [
            *(f"django.contrib.{each}" for each in contrib),
            "rest_framework",
            "complaint_plan",
            "helpdesk",
        ],
        "LANGUAGE_CODE": "en",
        "COMPLAINT_PLAN": {"currency": "TWD", "known": "demo.orders"},
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            *(("demo.signed_in",) if os.environ.get("DESK_SIGNED_IN") else ()),
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
        "HELPDESK_USE_CDN": False,
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


class _Server(ThreadingMixIn, WSGIServer):
    """A browser opens connections that it does not use at once."""

    daemon_threads = True


def serve(port: int = 0) -> None:
    """Answer requests until the process is ended; the port is printed."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    application = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", port, application, _Server, _Quiet) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


def plans() -> None:
    """Write the plans into the tickets, as the cron job would after the mail."""
    from django.core.management import call_command

    call_command("write_plans", author=AGENTS[0])


def orders(ticket: Any) -> dict[str, Any]:
    """What the order system knows of the customer: here the shipping of a table. The setting `known` names this function."""
    if "table" not in ticket.title:
        return {}
    return {
        "charges": [{"id": "shipping", "kind": "delivery", "amount": 800, "open": True, "disputed": True}]
    }


def signed_in(get_response: Any) -> Any:
    """Everybody who opens the demo is the first agent, if DESK_SIGNED_IN is set. Never do this anywhere else."""
    from django.contrib.auth import get_user_model, login

    def middleware(request: Any) -> Any:
        if not request.user.is_authenticated and not request.path.startswith("/api/"):
            login(request, get_user_model().objects.get(username=AGENTS[0]))
        return get_response(request)

    return middleware


def configure(folder: Path) -> None:
    """Configure Django for the desk in this folder."""
    import django
    from django.conf import settings as django_settings

    sys.path.insert(0, str(Path(__file__).parent))
    django_settings.configure(**settings(folder))
    django.setup()
    from django.urls import include, path

    django_settings.ROOT_URLCONF = (
        path("complaint-plan/", include("complaint_plan.urls")),
        path("", include("helpdesk.urls", namespace="helpdesk")),
    )


def demo(folder: Path) -> None:
    """A desk with two complaints, which listens until it is ended."""
    setup(folder)
    for number, (subject, text) in enumerate(MAILS):
        head = f"From: Lin <lin@example.org>\nTo: care@example.com\nSubject: {subject}\nMessage-ID: <{number}@example.org>\n"
        body = f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n"
        (folder / "mail" / f"{number}.eml").write_text(body, encoding="utf-8")
    mail()
    plans()
    print("open http://127.0.0.1:8765/tickets/1/ and /tickets/2/; end with Ctrl-C")
    serve(8765)


def main(folder: Path, command: str) -> None:
    """Configure Django and run one command."""
    configure(folder)
    {
        "setup": lambda: setup(folder),
        "mail": mail,
        "plans": plans,
        "serve": serve,
        "demo": lambda: demo(folder),
    }[command]()


if __name__ == "__main__":
    if sys.argv[1:]:
        main(Path(sys.argv[1]), sys.argv[2])
    else:
        os.environ["DESK_SIGNED_IN"] = "1"
        with tempfile.TemporaryDirectory() as made:
            main(Path(made), "demo")
