# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's IPVS table of a host, as the real ipvsadm shows it."""

import dataclasses
import shlex


@dataclasses.dataclass(frozen=True)
class Destination:
    method: str  # -g direct routing, -i tunnel, -m masquerading
    weight: int


@dataclasses.dataclass(frozen=True)
class Service:
    scheduler: str
    persistence: int  # seconds, 0 without
    destinations: dict  # "address:port" -> Destination


def table(host):
    """{"tcp 172.27.9.100:81": Service} of everything in the table. Empty where the kernel has no IPVS loaded."""
    services = {}
    shown = host.run("ipvsadm", "--save", "--numeric", check=False)
    for line in shown.stdout.splitlines():
        words = shlex.split(line)
        options = dict(zip(words[1:], words[2:] + [""]))
        protocol = next(word for word in words if word in ("-t", "-u", "-f"))
        name = {"-t": "tcp ", "-u": "udp ", "-f": "mark "}[protocol] + options[protocol]
        if words[0] == "-A":
            services[name] = Service(options["-s"], int(options.get("-p", 0)), {})
        else:
            method = next(word for word in words if word in ("-g", "-i", "-m"))
            services[name].destinations[options["-r"]] = Destination(method, int(options["-w"]))
    return services


def shown(host):
    """The table as ipvsadm prints it for people."""
    return host.run("ipvsadm", "-L", "-n").stdout
