"""Small servers on 127.0.0.1 that take e-mail: one speaks SMTP, the other the API of GOV.UK Notify."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"shield_test-{SERVICE}-{SECRET}"
"""A key as GOV.UK Notify writes them: a name, the service, the secret."""


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class MailServer:
    """What an SMTP server took, and whom it refuses by which code."""

    port: int = 0
    letters: list[Message] = field(default_factory=list)
    connections: int = 0
    refuses: dict[str, int] = field(default_factory=dict)
    breaks_off: bool = False

    @property
    def to(self) -> list[str]:
        """To whom, in the order of arrival."""
        return [str(letter["To"]) for letter in self.letters]


class _Reader(socketserver.StreamRequestHandler):
    """One conversation of SMTP (RFC 5321), as far as a client that sends plain letters needs it."""

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        server: MailServer = self.server.box  # type: ignore[attr-defined]
        server.connections += 1
        self.say("220 postbox")
        while line := self.rfile.readline().decode():
            verb = line[:4].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "RCPT":
                address = line[line.index("<") + 1 : line.index(">")]
                code = server.refuses.get(address, 250)
                self.say(f"{code} {address}")
            elif verb == "DATA":
                self.say("354 go on")
                text = self._text()
                if server.breaks_off:
                    return
                server.letters.append(message_from_bytes(text))
                self.say("250 taken")
            else:
                self.say("250 postbox")

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)


class _Quick(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """A mail server that listens until the block ends."""
    with _Quick(("127.0.0.1", port), _Reader) as server:
        box = MailServer(port=int(server.server_address[1]))
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Notify:
    """What GOV.UK Notify took; `answers` are given instead of its own, one after another."""

    url: str = ""
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def fault(code: int, error: str, message: str) -> tuple[int, dict[str, Any]]:
    """An error as GOV.UK Notify writes it."""
    return code, {"status_code": code, "errors": [{"error": error, "message": message}]}


class _Api(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is written to the screen."""

    def _answer(self, code: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _refusal(self) -> tuple[int, dict[str, Any]] | None:
        """What it says instead of what was asked: as a test told it to, or because the key is wrong."""
        notify: Notify = self.server.notify  # type: ignore[attr-defined]
        notify.asked.append(f"{self.command} {self.path}")
        if notify.answers:
            return notify.answers.pop(0)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return fault(403, "AuthError", "Invalid token: signature, api token not found")
        if claims["iss"] != SERVICE:
            return fault(403, "AuthError", "Invalid token: service not found")
        return None

    def do_POST(self) -> None:
        notify: Notify = self.server.notify  # type: ignore[attr-defined]
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if refused := self._refusal():
            return self._answer(*refused)
        if "@" not in sent["email_address"]:
            return self._answer(*fault(400, "ValidationError", "email_address Not a valid email address"))
        number = str(uuid.uuid4())
        notify.taken[number] = {**sent, "id": number, "status": "sending"}
        return self._answer(201, {"id": number, "reference": sent.get("reference")})

    def do_GET(self) -> None:
        notify: Notify = self.server.notify  # type: ignore[attr-defined]
        if refused := self._refusal():
            return self._answer(*refused)
        place = urlsplit(self.path)
        if place.path == "/v2/notifications":
            reference = parse_qs(place.query)["reference"][0]
            found = [each for each in notify.taken.values() if each.get("reference") == reference]
            return self._answer(200, {"notifications": found, "links": {}})
        known = notify.taken.get(place.path.rpartition("/")[2])
        return (
            self._answer(200, known)
            if known
            else self._answer(*fault(404, "NoResultFound", "No result found"))
        )


@contextmanager
def notify_server() -> Iterator[Notify]:
    """GOV.UK Notify on 127.0.0.1 until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Api) as server:
        notify = Notify(url=f"http://127.0.0.1:{server.server_address[1]}")
        server.notify = notify  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield notify
        finally:
            server.shutdown()
            thread.join()
