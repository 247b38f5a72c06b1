# SPDX-License-Identifier: GPL-2.0-or-later
"""An SMTP server on a host's loopback that keeps what it gets, and can misbehave."""

import dataclasses
import socket
import threading

STEPS = ["greeting", "HELO", "MAIL", "RCPT", "DATA", "body", "QUIT"]


@dataclasses.dataclass(frozen=True)
class Mail:
    """One mail: the commands of its dialogue, and the lines of its letter without the final dot."""
    commands: tuple
    letter: tuple

    @property
    def subject(self):
        return next(line[9:] for line in self.letter if line.startswith("Subject: "))

    @property
    def body(self):
        return "\n".join(self.letter[self.letter.index("") + 1:]).strip()

    def without_date(self):
        """What does not depend on when it was sent."""
        return tuple(line for line in self.letter if not line.startswith("Date: "))


class Server:
    """Listens on 127.0.0.1 of the host. `stall_at`: the step (of STEPS) from which on nothing is answered. `answers`:
    other answers than the good ones, by step."""

    def __init__(self, host, port=25, stall_at=None, answers=None):
        self.mails = []
        self.connections = 0
        self._stall_at = stall_at
        self._answers = answers or {}
        self._open = []

        def opened():
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(128)
            return listener

        self._listener = host.inside(opened)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        for one in [self._listener, *self._open]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def subjects(self):
        return [mail.subject for mail in self.mails]

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection):
        good = {"greeting": "220 lab ESMTP", "HELO": "250 lab", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on",
                "body": "250 kept", "QUIT": "221 bye"}
        file = connection.makefile("rwb")

        def answer(step):
            if self._stall_at == step:
                file.read()  # until the other side gives up
                raise OSError
            file.write((self._answers.get(step) or good.get(step, "502 what?")).encode() + b"\r\n")
            file.flush()

        commands, letter = [], []
        try:
            answer("greeting")
            for line in iter(file.readline, b""):
                command = line.decode().rstrip("\r\n")
                commands.append(command)
                word = command.split()[0].split(":")[0].upper() if command else ""
                answer(word)
                if word == "DATA" and not self._answers.get("DATA"):
                    for text in iter(file.readline, b".\r\n"):
                        assert text.endswith(b"\r\n"), text
                        letter.append(text.decode().rstrip("\r\n"))
                    self.mails.append(Mail(tuple(commands), tuple(letter)))
                    answer("body")
                if word == "QUIT":
                    break
        except (OSError, ValueError):
            pass
        finally:
            connection.close()
