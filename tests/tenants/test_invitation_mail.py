"""The mail of an invitation, over a real socket to a server that keeps what it is given."""

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest

from tests.conftest import client_of, member_of

NEW = {"email": "new@example.com", "role": "owner"}


class Kept(socketserver.ThreadingTCPServer):
    """A mail server of a few words; ``refuses`` answers every recipient with a 550."""

    daemon_threads = True
    block_on_close = False
    refuses = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.mails: list[bytes] = []


class Talk(socketserver.StreamRequestHandler):
    server: Kept

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.split(b" ", 1)[0].strip().upper()
            if word == b"RCPT" and self.server.refuses:
                self.say("550 nobody of that name")
            elif word == b"DATA":
                self.say("354 go on")
                self.server.mails.append(self.text())
                self.say("250 kept")
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 fine")

    def text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server(settings) -> Iterator[Kept]:
    with Kept() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.METACLAW_SENDS_EMAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "MetaClaw <metaclaw@example.com>"
        yield server
        server.shutdown()


def invite(tenant):
    client = client_of(member_of(tenant, "owner"))
    return client.post(f"/api/v1/t/{tenant.slug}/invitations/", NEW, format="json").json()


def test_the_link_arrives(tenant, server):
    tenant.name = "Blau & Grün"
    tenant.save()

    answer = invite(tenant)

    assert answer["mail"] == "sent"
    (raw,) = server.mails
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["To"] == "new@example.com"
    assert mail["From"] == "MetaClaw <metaclaw@example.com>"
    assert mail["Subject"].endswith('invites you to "Blau & Grün"')
    text = mail.get_content()
    assert answer["link"] in text.splitlines()
    assert "as an owner" in text


def test_a_recipient_that_the_server_refuses_leaves_the_link(tenant, server):
    server.refuses = True

    answer = invite(tenant)

    assert (answer["mail"], answer["emailed_at"]) == ("failed", None)
    assert "/invitations/mci_" in answer["link"]
    assert server.mails == []
