# SPDX-License-Identifier: GPL-2.0-or-later
"""VRRP version 2 packets (RFC 2338, with its simple password), written and read without any code under test."""

import dataclasses
import socket
import struct

PROTOCOL = 112
GROUP = "224.0.0.18"
GROUP_MAC = bytes.fromhex("01005e000012")


def checksum(octets):
    """The Internet checksum (RFC 1071)."""
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


@dataclasses.dataclass(frozen=True)
class Advert:
    """The fields of a received packet, as they stand in it."""
    source: str
    ttl: int
    version: int
    type: int
    vrid: int
    priority: int
    addresses: tuple
    authentication: int
    interval: int
    data: bytes


def parse(packet):
    """An Advert from an IPv4 packet, or None when it is cut short."""
    start = (packet[0] & 15) * 4
    body = packet[start:int.from_bytes(packet[2:4], "big")]
    if len(body) < 8:
        return None
    count = body[3]
    addresses = tuple(socket.inet_ntoa(body[at:at + 4]) for at in range(8, min(8 + 4 * count, len(body) - 3), 4))
    return Advert(socket.inet_ntoa(packet[12:16]), packet[8], body[0] >> 4, body[0] & 15, body[1], body[2],
                  addresses, body[4], body[5], body[8 + 4 * count:])


def build(source, vrid=100, priority=100, addresses=("172.27.9.100",), *, version=2, type=1, count=None,
          authentication=1, interval=1, password=b"1111", ttl=255, broken_checksum=False, tail=b"", cut=None):
    """An IPv4 packet. The keywords after * make it malformed in one way each; `cut` keeps so many octets of VRRP."""
    count = len(addresses) if count is None else count
    body = struct.pack("!BBBBBBH", version << 4 | type, vrid, priority, count, authentication, interval, 0)
    body += b"".join(map(socket.inet_aton, addresses)) + password.ljust(8, b"\0") + tail
    right = checksum(body)
    body = body[:6] + struct.pack("!H", right ^ 0x5555 if broken_checksum else right) + body[8:]
    body = body[:cut]
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0xC0, 20 + len(body), 1, 0, ttl, PROTOCOL, 0,
                         socket.inet_aton(source), socket.inet_aton(GROUP))
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + body


class Injector:
    """Sends packets of our making from a host, as from its own interface."""

    def __init__(self, host, interface="ens33"):
        self._mac = host.mac

        def opened():
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            raw.bind((interface, 0))
            return raw

        self._socket = host.inside(opened)

    def send(self, packet):
        self._socket.send(GROUP_MAC + self._mac + b"\x08\x00" + packet)

    def close(self):
        self._socket.close()
