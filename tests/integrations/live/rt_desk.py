"""A Request Tracker 5 of its own in one folder: started from nothing for a test, with Debian's packages, and ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

import attrs

from tests.integrations.live.talking import ask, letter

SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
PASSWORD = "for-this-test-only"
INSTALLED = SERVER.exists() and bool(shutil.which("rt-setup-database") and shutil.which("rt-mailgate"))

CONFIG = """
Set($rtname, 'care');
Set($Organization, 'example.com');
Set($CorrespondAddress, 'care@example.com');
Set($CommentAddress, 'care-comment@example.com');
Set($Timezone, 'Asia/Taipei');
Set($WebDomain, '127.0.0.1');
Set($WebPort, PORT);
Set($WebPath, '');
Set($WebBaseURL, 'http://127.0.0.1:PORT');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, 'FOLDER/rt.sqlite3');
Set($LogToSyslog, undef);
Set($LogToFile, undef);
Set($LogToSTDERR, 'error');
Set($MasonDataDir, 'FOLDER/mason');
Set($MasonSessionDir, 'FOLDER/session');
Set($MailCommand, sub {
    open(my $file, '>>', 'FOLDER/sent') or return 0;
    print $file $_[0]->stringify, "\\n";
    return close $file;
});
1;
"""
"""What is sent goes to a file."""

DATA = """
@Users = ({ Name => 'rosa', Password => 'PASSWORD', EmailAddress => 'rosa@example.com', Privileged => 1 },
    { Name => 'theo', Password => 'PASSWORD', EmailAddress => 'theo@example.com', Privileged => 1 });
@Queues = ({ Name => 'care', CorrespondAddress => 'care@example.com', CommentAddress => 'care-comment@example.com' });
@ACL = (
    (map { { GroupDomain => 'SystemInternal', GroupType => 'Everyone', Right => $_ } } qw(CreateTicket ReplyToTicket)),
    (map { { GroupDomain => 'SystemInternal', GroupType => 'Privileged', Right => $_ } } qw(SeeQueue ShowTicket
        ShowTicketComments CommentOnTicket ReplyToTicket ModifyTicket OwnTicket)),
);
1;
"""
"""Two agents, and a queue to which everybody may write."""


@attrs.frozen
class Tracker:
    """One that runs: its folder and its port."""

    folder: Path
    port: int

    def api(self, method: str, path: str, body: Any = None, by: str = "rosa") -> Any:
        """What its interface answers to an agent."""
        return ask(self.port, method, path, body, f"{by}:{PASSWORD}")

    def mail(self, subject: str, text: str, number: int) -> None:
        """A customer writes, and the mail gate takes it in."""
        gate = [
            "rt-mailgate",
            "--queue",
            "care",
            "--action",
            "correspond",
            "--url",
            f"http://127.0.0.1:{self.port}/",
        ]
        subprocess.run(
            gate, input=letter(subject, text, number).encode(), check=True, capture_output=True, timeout=60
        )

    def payload(self, ticket: int = 1) -> dict[str, Any]:
        """A ticket as the profile wants it: with all pages of its history, and the texts put into it."""
        place = f"/REST/2.0/ticket/{ticket}"
        history = self.pages(f"{place}/history?fields=Type,Creator,Created,Field,OldValue,NewValue")
        for each in self.pages(f"{place}/attachments?fields=TransactionId,ContentType,Content"):
            entry = next(item for item in history if item["id"] == each["TransactionId"])
            if each["ContentType"].startswith("text/") and "Content" not in entry:
                entry |= {"Content": each["Content"], "ContentType": each["ContentType"]}
        authors = sorted({each["Creator"]["id"] for each in history})
        users = [self.api("GET", f"/REST/2.0/user/{quote(each)}") for each in authors]
        return {"ticket": self.api("GET", place), "history": {"items": history}, "users": users}

    def pages(self, path: str) -> list[dict[str, Any]]:
        """All items of a list: a page that is not full need not be the last, an empty one is."""
        items: list[dict[str, Any]] = []
        for page in range(1, 1000):
            more = self.api("GET", f"{path}&per_page=100&page={page}")["items"]
            if not more:
                break
            items += more
        return items

    def sent(self) -> str:
        """All mails that were sent."""
        file = self.folder / "sent"
        return file.read_text(encoding="utf-8") if file.exists() else ""


@contextmanager
def running(folder: Path) -> Iterator[Tracker]:
    """A new one in a folder: nothing of the system's own is read but its programs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    for name in ("mason", "session", "more"):
        (folder / name).mkdir()
    config, data = folder / "RT_SiteConfig.pm", folder / "data.pl"
    config.write_text(CONFIG.replace("FOLDER", str(folder)).replace("PORT", str(port)))
    data.write_text(DATA.replace("PASSWORD", PASSWORD))
    known = {**os.environ, "RT_SITE_CONFIG": str(config), "RT_SITE_CONFIG_DIR": str(folder / "more")}
    for action in (["init", "--skip-create"], ["insert", "--datafile", str(data)]):
        command = ["rt-setup-database", "--action", *action]
        subprocess.run(
            command, env=known, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=300
        )
    command = [str(SERVER), "--port", str(port), "--workers", "2"]
    log = (folder / "log").open("w")
    with log, subprocess.Popen(command, env=known, stdout=log, stderr=log, start_new_session=True) as server:
        try:
            tracker = Tracker(folder, port)
            _wait(tracker, server)
            yield tracker
        finally:
            os.killpg(server.pid, signal.SIGKILL)


def _wait(tracker: Tracker, server: subprocess.Popen[bytes]) -> None:
    """Until it answers; what it said, if it ends."""
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            tracker.api("GET", "/REST/2.0/rt")
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError((tracker.folder / "log").read_text())
