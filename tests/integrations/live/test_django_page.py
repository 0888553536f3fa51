"""The panel of examples/django_helpdesk in the real ticket page: what it shows, and what its clicks do.

The page is opened in Chromium, as far as one is installed, on a desk and on a telephone; the forms that it shows are sent as a
browser sends them. `SCREENSHOTS=folder` keeps the pictures.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import attrs
import pytest

from tests.integrations.live.django_desk import Desk, running

pytestmark = pytest.mark.skipif(find_spec("helpdesk") is None, reason="django-helpdesk is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TABLE = "The new table has two strap marks. Please call me back. If nobody does, I will report you to Trading Standards."


class _Forms(HTMLParser):
    """The forms of a page: where each goes, its hidden fields, and its buttons (name, value, text)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[list[str]]]] = []
        self._button: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((said.get("action", ""), {}, []))
        elif tag == "input" and self.found and said.get("type") == "hidden":
            self.found[-1][1][said["name"]] = said.get("value", "")
        elif tag == "button" and self.found:
            self._button = [said.get("name", ""), said.get("value", ""), ""]
            self.found[-1][2].append(self._button)

    def handle_data(self, data: str) -> None:
        if self._button:
            self._button[2] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None


@attrs.frozen
class Browser:
    """An agent's browser on a ticket of a desk."""

    desk: Desk
    opener: OpenerDirector
    ticket: int = 1

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.desk.port}/tickets/{self.ticket}/"

    def page(self) -> str:
        with self.opener.open(self.address, timeout=30) as answer:
            return str(answer.read().decode())

    def data(self) -> Any:
        return self.desk.api("GET", f"/api/tickets/{self.ticket}/")

    def form(self, where: str, has: str) -> tuple[str, dict[str, str]]:
        """Where the first form that goes to `where` and holds `has` goes, and its fields."""
        forms = (each for each in _Forms(self.page()).found if f"/{where}/" in each[0])
        return next((to, fields) for to, fields, _ in forms if any(has in each for each in fields.values()))

    def panel(self) -> str:
        """The text of the panel, without its marks."""
        found = re.search(r'<section class="card mb-3 complaint-plan".*?</section>', self.page(), re.DOTALL)
        assert found
        return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split())

    def click(self, where: str, button: str, has: str = "", more: dict[str, str] | None = None) -> str:
        """Press the first such button of a form that goes to `where` and holds `has`; the page that follows."""
        forms = [each for each in _Forms(self.page()).found if f"/{where}/" in each[0]]
        for action, fields, buttons in forms:
            for name, value, text in buttons:
                if text == button and (not has or any(has in each for each in fields.values())):
                    data = {**fields, name: value, **(more or {})}
                    return self.post(action, data)
        raise AssertionError(f"no button {button} on {where} with {has}: {forms}")

    def post(self, path: str, data: dict[str, str]) -> str:
        address = f"http://127.0.0.1:{self.desk.port}{path}"
        with self.opener.open(address, urlencode(data).encode(), timeout=30) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running(tmp_path_factory.mktemp("desk"), signed_in=True) as desk:
        yield desk


@pytest.fixture
def browser(shared_desk: Desk) -> Browser:
    """A browser on a new ticket."""
    number = len(shared_desk.api("GET", "/api/tickets/")["results"]) + 1
    shared_desk.mail(f"The table has strap marks ({number})", TABLE, number)
    return Browser(shared_desk, build_opener(HTTPCookieProcessor(CookieJar())), number)


def test_the_clicks(browser: Browser) -> None:
    assert "Did the customer say this?" in browser.panel()
    assert "report you to Trading Standards" in browser.panel()
    assert "Say a kind word, and that we care" in browser.panel()

    # A proposal is accepted, another rejected; neither is asked again, and the plan follows.
    before = browser.data()
    browser.click("proposal", "No")
    page = browser.click("proposal", "Yes")
    assert "Did the customer say this?" not in page
    assert "Answered (2)" in browser.panel()
    assert browser.data()["followup_set"] == before["followup_set"]

    # An answer is taken back, and asked again.
    browser.click("ask-again", "Undo")
    assert "Answered (1)" in browser.panel()
    assert "Did the customer say this?" in browser.panel()

    # A step is done by one click: a private follow-up, not sent to anybody, and not written twice by a second click.
    mails = browser.desk.sent()
    action, fields = browser.form("done", "express_regret")
    sent = {**fields, "outcome": "done"}
    assert "Done so far" in browser.post(action, sent)
    assert "not in the plan any more" in browser.post(action, sent)
    note = browser.data()["followup_set"][-1]
    assert (note["comment"].startswith("#express_regret"), note["public"]) == (True, False)
    assert browser.desk.sent() == mails
    assert browser.data()["title"].startswith("The table has strap marks (")

    # A click too many is taken back.
    assert "Done so far" not in browser.click("not-done", "Undo")

    # "No answer" is an act, too, and the step stays.
    browser.click("done", "No answer", "express_regret")
    assert browser.data()["followup_set"][-1]["comment"].startswith("#express_regret outcome=no_answer")
    assert "Say a kind word, and that we care" in browser.panel()


def test_questions_and_replies(browser: Browser) -> None:
    assert "What is it: a question, a request or a complaint?" in browser.panel()
    browser.click("answer", "Complaint", "case.kind")
    assert "What is it: a question, a request or a complaint?" not in browser.panel()
    assert "How upset is this person" in browser.panel()

    # A value that does not fit is said to the agent; the page and the case stay as they are.
    asked, fields = browser.form("answer", "parties.temperature")
    assert "temperature" in browser.post(asked, {**fields, "value": "boiling"})
    assert "How upset is this person" in browser.panel()
    browser.click("answer", "Calm", "parties.temperature")
    assert "How upset is this person" not in browser.panel()

    # A reply may have been a step: one click says which, or that it was none.
    follow_up = {"ticket": browser.ticket, "user": None, "public": True}
    browser.desk.api("POST", "/api/followups/", {**follow_up, "comment": "I am sorry about the table."})
    assert "Was this reply one of the steps?" in browser.panel()
    browser.click("reply", "Say a kind word, and that we care")
    assert "Was this reply one of the steps?" not in browser.panel()
    assert "✓ Say a kind word, and that we care" in browser.panel()
    browser.desk.api(
        "POST", "/api/followups/", {**follow_up, "comment": "We are closed on Sunday."}, by="theo"
    )
    browser.click("reply", "None of them")
    assert "Was this reply one of the steps?" not in browser.panel()


def test_plans_are_written_once(browser: Browser) -> None:
    # The priority is raised, too, where the first due time is within a day: that depends on the hour.
    written = re.search(rf"^ticket {browser.ticket}: (.*)$", browser.desk.run("plans"), re.MULTILINE)
    assert written is not None
    assert written[1].removeprefix("priority, ") == "due, note"
    assert f"ticket {browser.ticket}: nothing new\n" in browser.desk.run("plans")
    note = browser.data()["followup_set"][-1]
    assert (note["public"], note["title"]) == (False, "Plan")
    assert "Plan (private note)" not in browser.desk.sent()


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize(("name", "width", "height"), [("desk", 1280, 1700), ("telephone", 500, 2600)])
def test_in_chromium(browser: Browser, tmp_path: Path, name: str, width: int, height: int) -> None:
    picture = Path(os.environ.get("SCREENSHOTS") or tmp_path) / f"{name}.png"
    options = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        *(f"--user-data-dir={tmp_path / 'chromium'}", f"--window-size={width},{height}"),
    )
    command = [str(CHROMIUM), *options, f"--screenshot={picture}", browser.address]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (width, height)
    shown = subprocess.run(
        [str(CHROMIUM), *options, "--dump-dom", browser.address],
        check=True,
        capture_output=True,
        timeout=60,
        text=True,
    ).stdout
    assert "Say a kind word, and that we care" in shown
    assert '/done/"' in shown


def test_page_works_while_the_case_is_broken(browser: Browser) -> None:
    browser.click("answer", "Complaint", "case.kind")
    with closing(sqlite3.connect(browser.desk.folder / "desk.sqlite3")) as base, base:
        known = '{"facts": {"case.knd": "complaint"}}'
        base.execute(
            "UPDATE complaint_plan_caserecord SET known = ? WHERE ticket_id = ?", (known, browser.ticket)
        )
    assert "The plan cannot be shown" in browser.panel()
    assert "case.knd" in browser.panel()
    assert "The new table has two strap marks" in browser.page()
    assert f"ticket {browser.ticket}: nothing new" not in browser.desk.run("plans")
