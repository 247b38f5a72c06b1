# SPDX-License-Identifier: GPL-2.0-or-later
"""A look at one IPVS service that costs next to nothing: a bench must not disturb what it measures."""

import socket
import struct

GET_DEST, ATTR_SERVICE, ATTR_DEST = 8, 1, 2
AF, PROTOCOL, ADDR, PORT = 1, 2, 3, 4  # of a service
WEIGHT = 4  # of a destination
NEST = 0x8000


def attribute(kind, octets):
    return struct.pack("=HH", 4 + len(octets), kind) + octets + b"\0" * (-len(octets) % 4)


def attributes(octets):
    """{kind: value}"""
    found = {}
    while len(octets) >= 4:
        length, kind = struct.unpack_from("=HH", octets)
        found[kind & 0x3fff] = octets[4:length]
        octets = octets[(max(length, 4) + 3) & ~3:]
    return found


class Look:
    """Asks the kernel of a host for the weights of the real servers of one TCP service."""

    def __init__(self, host, family, address, port):
        self._socket = host.inside(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16))  # NETLINK_GENERIC
        self._socket.bind((0, 0))
        self._socket.settimeout(5)
        service = (attribute(AF, struct.pack("=H", socket.AF_INET)) + attribute(PROTOCOL, struct.pack("=H", 6)) +
                   attribute(ADDR, socket.inet_aton(address).ljust(16, b"\0")) +
                   attribute(PORT, struct.pack("!H", port)))
        body = struct.pack("=BBH", GET_DEST, 1, 0) + attribute(ATTR_SERVICE | NEST, service)
        self._question = struct.pack("=IHHII", 16 + len(body), family, 0x301, 1, 0) + body  # a dump

    def weights(self):
        """In the kernel's order; empty where there is no such service."""
        self._socket.send(self._question)
        found = []
        while True:
            octets = self._socket.recv(65536)
            while len(octets) >= 16:
                length, kind = struct.unpack_from("=IH", octets)
                if kind in (2, 3):  # error, done
                    return found
                destination = attributes(attributes(octets[20:length])[ATTR_DEST])
                found.append(struct.unpack("=I", destination[WEIGHT])[0])
                octets = octets[(length + 3) & ~3:]

    def close(self):
        self._socket.close()
