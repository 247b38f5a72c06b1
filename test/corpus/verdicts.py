# SPDX-License-Identifier: GPL-2.0-or-later
"""The corpora of configurations and how keepalived 2.4.3 judges them: reading the tables, running the binary.

Each folder has a verdicts.tsv (its README.md says what the columns mean). exceptions.tsv lists the files where we
judge otherwise, with our exit status and the reason: where the reference crashes, hangs or is plainly wrong.
"""

import csv
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDERS = ("syntax", "core", "lvs")
# What the recorded runs had in their environment (syntax/README.md).
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C",
    "KA_SITE": "alpha",
    "KA_NODE": "2",
    "KA_TCP": "900",
    "KA_HASH": "a#b",
}
ADDRESSES = ("192.0.2.1/24", "198.51.100.1/24")


@dataclass(frozen=True)
class Case:
    folder: Path
    file: str
    arguments: tuple
    status: int
    interfaces: tuple
    note: str

    @property
    def name(self):
        return f"{self.folder.name}/{self.file}"


def _rows(path):
    with open(path, encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)


def exceptions():
    """Name of the file -> our exit status."""
    return {row["file"]: int(row["exit"]) for row in _rows(HERE / "exceptions.tsv")}


def cases(folder):
    """All cases of a corpus folder; an exception's status is ours."""
    ours = exceptions()
    found = []
    for row in _rows(folder / "verdicts.tsv"):
        words = shlex.split(row["args"])
        if "-t" not in words:
            words = ["-t", "-f", row["file"], *words]
        interfaces = re.search(r"netns: (\S+)", row["note"])
        name = f"{folder.name}/{row['file']}"
        found.append(
            Case(
                folder=folder,
                file=row["file"],
                arguments=tuple(words),
                status=ours.get(name, int(row["exit_2.4.3"])),
                interfaces=tuple(interfaces.group(1).split(",")) if interfaces else ("eth0", "eth1"),
                note=row["note"],
            )
        )
    return found


def copy_folder(folder, to):
    """With the modes of the recorded runs, whatever the umask of the clone was."""
    copy = Path(to) / folder.name
    shutil.copytree(folder, copy)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return copy


class Namespace:
    """A network namespace with these interfaces: up, able to multicast, the first two with an IPv4 address."""

    def __init__(self, name, interfaces):
        self.name = name
        self.interfaces = interfaces

    def __enter__(self):
        _run("ip", "netns", "add", self.name)
        try:
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _fill(self):
        inside = ("ip", "-n", self.name)
        _run(*inside, "link", "set", "lo", "up")
        for number in range(0, len(self.interfaces), 2):
            pair = self.interfaces[number : number + 2]
            peer = pair[1] if len(pair) == 2 else "zz-peer"
            _run(*inside, "link", "add", pair[0], "type", "veth", "peer", "name", peer)
        for name, address in zip(self.interfaces, ADDRESSES):
            _run(*inside, "addr", "add", address, "dev", name)
        for name in self.interfaces:
            _run(*inside, "link", "set", name, "up")

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "del", self.name], check=False)

    def judge(self, binary, case, folder, timeout=60):
        """The exit status of a test of the configuration, as a shell shows it, and what it wrote."""
        result = subprocess.run(
            ["ip", "netns", "exec", self.name, str(binary), *case.arguments],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        status = result.returncode if result.returncode >= 0 else 128 - result.returncode
        return status, (result.stdout + result.stderr).decode(errors="replace")


def _run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def namespace_name(number):
    return f"corpus-{os.getpid()}-{number}"
