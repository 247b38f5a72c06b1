# SPDX-License-Identifier: GPL-2.0-or-later
"""VRRP packets, written and read without any code under test: versions 2 (RFC 2338, with its simple password and
AH) and 3 (RFC 9568) over IPv4 and IPv6, and the trailer of auth_hmac (spec vrrp.md 1)."""

import ctypes
import dataclasses
import hashlib
import hmac
import ipaddress
import socket
import struct
import time

PROTOCOL, AH = 112, 51
GROUP, GROUP6 = "224.0.0.18", "ff02::12"
GROUP_MAC = bytes.fromhex("01005e000012")
TRAILER_SIZE = 28


def checksum(octets):
    """The Internet checksum (RFC 1071)."""
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address):
    return ipaddress.ip_address(address).packed


def pseudo_header(source, destination, length):
    source, destination = packed(source), packed(destination)
    if len(source) == 4:
        return source + destination + struct.pack("!BBH", 0, PROTOCOL, length)
    return source + destination + struct.pack("!IHBB", length, 0, 0, PROTOCOL)


@dataclasses.dataclass(frozen=True)
class Advert:
    """The fields of a received packet, as they stand in it. `interval` is in the packet's own unit (seconds in
    version 2, hundredths in version 3), `seconds` in seconds; `data` is what follows the addresses."""
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
    destination: str = GROUP
    identification: int = 0
    checksum: int = 0
    pdu: bytes = b""
    sequence: int = None  # of AH
    icv: bytes = None
    packet: bytes = b""

    @property
    def seconds(self):
        return self.interval / 100 if self.version == 3 else self.interval

    @property
    def trailer(self):
        """The last 28 octets when they are a trailer of auth_hmac, else None."""
        return self.data[-TRAILER_SIZE:] if len(self.data) in (TRAILER_SIZE, TRAILER_SIZE + 8) else None

    @property
    def stamp(self):
        """The 64-bit sequence number of the trailer."""
        return int.from_bytes(self.trailer[4:12], "big")


def parse(packet):
    """An Advert from an IP packet, or None when it is none or is cut short."""
    sequence = icv = None
    if packet[0] >> 4 == 6:
        if len(packet) < 40 or packet[6] != PROTOCOL:
            return None
        size, ttl, identification = 16, packet[7], 0
        source, destination = packet[8:24], packet[24:40]
        body = packet[40:40 + int.from_bytes(packet[4:6], "big")]
    else:
        size, ttl = 4, packet[8]
        identification = int.from_bytes(packet[4:6], "big")
        source, destination = packet[12:16], packet[16:20]
        body = packet[(packet[0] & 15) * 4:int.from_bytes(packet[2:4], "big")]
        if packet[9] == AH:
            if len(body) < 24:
                return None
            sequence, icv, body = int.from_bytes(body[8:12], "big"), body[12:24], body[24:]
        elif packet[9] != PROTOCOL:
            return None
    if len(body) < 8:
        return None
    version, count = body[0] >> 4, body[3]
    end = 8 + size * count
    addresses = tuple(str(ipaddress.ip_address(body[at:at + size])) for at in range(8, min(end, len(body) - size + 1), size))
    authentication, interval = body[4], body[5]
    if version == 3:
        authentication, interval = 0, int.from_bytes(body[4:6], "big") & 0x0FFF
    return Advert(str(ipaddress.ip_address(source)), ttl, version, body[0] & 15, body[1], body[2], addresses,
                  authentication, interval, body[end:], str(ipaddress.ip_address(destination)), identification,
                  int.from_bytes(body[6:8], "big"), body, sequence, icv, packet)


# --- Authentication -------------------------------------------------------------------------------------------------

def ah_icv(packet, password):
    """The ICV that AH must have over this IPv4 packet (1.7)."""
    start = (packet[0] & 15) * 4
    header = bytearray(packet[:start])
    header[1] = header[6] = header[7] = header[10] = header[11] = 0
    if not ipaddress.ip_address(bytes(header[16:20])).is_multicast:
        header[8] = 0
    covered = bytes(header) + packet[start:start + 12] + bytes(12) + packet[start + 24:]
    return hmac.new(password.encode()[:8].ljust(8, b"\0"), covered, hashlib.md5).digest()[:12]


@dataclasses.dataclass
class Hmac:
    """How to write a trailer of auth_hmac (1.8); the keywords after `key` make it wrong in one way each."""
    key_id: int
    key: bytes
    stamp: int = None  # default: the clock, by `offset` seconds off
    offset: float = 0
    type: int = 1
    reserved: int = 0
    broken: bool = False
    source: str = None  # covered instead of the real one
    vrid: int = None

    def trailer(self, source, pdu):
        stamp = int((time.time() + self.offset) * 65536) << 16 if self.stamp is None else self.stamp
        head = struct.pack("!BBHQ", self.type, self.key_id, self.reserved, stamp)
        mac = self.mac(self.source or source, pdu, head, self.vrid)
        return head + (bytes(16) if self.broken else mac)

    def mac(self, source, pdu, head, vrid=None):
        source = packed(source)
        pseudo = bytes((4 if len(source) == 4 else 6, pdu[0] >> 4, pdu[1] if vrid is None else vrid, 0)) \
            + source.ljust(16, b"\0")
        covered = pseudo + pdu[:6] + b"\0\0" + pdu[8:] + head + bytes(16)
        return hmac.new(self.key, covered, hashlib.sha256).digest()[:16]

    def agrees(self, advert):
        """Whether the trailer of a received advert is right."""
        return advert.trailer[1] == self.key_id and advert.trailer[12:] == self.mac(
            advert.source, advert.pdu[:-TRAILER_SIZE], advert.trailer[:12])


# --- Writing --------------------------------------------------------------------------------------------------------

def build(source, vrid=100, priority=100, addresses=("172.27.9.100",), *, version=2, type=1, count=None,
          authentication=1, interval=None, password=b"1111", ttl=255, broken_checksum=False, tail=b"", cut=None,
          destination=None, reserved=0, pseudo=True, ah=None, sequence=1, hmac=None, options=b"", total=0):
    """An IP packet of the family of `source`. `interval` is in the packet's unit; `ah` the password of AH; `pseudo`
    whether version 3 over IPv4 counts a pseudo header; `hmac` an Hmac. The rest makes it malformed in one way each:
    `cut` keeps so many octets of VRRP, `total` is added to the length in the IPv4 header."""
    count = len(addresses) if count is None else count
    interval = (100 if version == 3 else 1) if interval is None else interval
    six = len(packed(source)) == 16
    destination = destination or (GROUP6 if six else GROUP)
    listed = b"".join(map(packed, addresses))
    if version == 3:
        fields = struct.pack("!H", reserved << 12 | interval)
    else:
        fields = bytes((authentication, interval))
        listed += b"" if six else password.ljust(8, b"\0")[:8]
    body = bytes((version << 4 | type, vrid, priority, count)) + fields + b"\0\0" + listed + tail
    trailer = hmac.trailer(source, body) if hmac else b""
    prefix = b""
    if six:
        prefix = pseudo_header(source, destination, len(body + trailer))
    elif version == 3 and pseudo:
        prefix = pseudo_header(source, destination, len(body))
    right = checksum(prefix + body + (trailer if six else b""))
    body = body[:6] + struct.pack("!H", right ^ 0x5555 if broken_checksum else right) + body[8:]
    body = (body + trailer)[:cut]
    if six:
        return struct.pack("!IHBB", 0x6C000000, len(body), PROTOCOL, ttl) + packed(source) + packed(destination) + body
    between = b""
    if ah is not None:
        between = struct.pack("!BBH4sI12s", PROTOCOL, 4, 0, packed(source), sequence, b"")
    options = options.ljust((len(options) + 3) // 4 * 4, b"\0")
    size = 20 + len(options)
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | size // 4, 0xC0, size + len(between + body) + total, 1, 0, ttl,
                         PROTOCOL if ah is None else AH, 0, packed(source), packed(destination)) + options
    packet = header[:10] + struct.pack("!H", checksum(header)) + header[12:] + between + body
    if ah is not None:
        packet = packet[:size + 12] + ah_icv(packet, ah) + packet[size + 24:]
    return packet


def group_mac(destination):
    """The Ethernet address of a multicast group."""
    octets = packed(destination)
    if len(octets) == 16:
        return b"\x33\x33" + octets[12:]
    return b"\x01\x00\x5e" + bytes((octets[1] & 0x7F,)) + octets[2:]


class Train:
    """Frames for sendmmsg(2), which Python does not know."""

    MOST = 512

    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_char_p), ("length", ctypes.c_size_t)]

    class Header(ctypes.Structure):
        """struct msghdr"""
        _fields_ = [("name", ctypes.c_void_p), ("name_length", ctypes.c_uint), ("vectors", ctypes.c_void_p),
                    ("vector_count", ctypes.c_size_t), ("control", ctypes.c_void_p),
                    ("control_length", ctypes.c_size_t), ("flags", ctypes.c_int)]

    class Message(ctypes.Structure):
        """struct mmsghdr"""

    Message._fields_ = [("header", Header), ("sent", ctypes.c_uint)]

    def __init__(self, opened, frames):
        self._socket = opened
        self._vectors = (self.Vector * len(frames))(*((frame, len(frame)) for frame in frames))
        self._messages = (self.Message * self.MOST)()
        size = ctypes.sizeof(self.Vector)
        for number, message in enumerate(self._messages):
            message.header.vectors = ctypes.addressof(self._vectors) + number % len(frames) * size
            message.header.vector_count = 1

    def send(self, count):
        return max(0, ctypes.CDLL(None).sendmmsg(self._socket.fileno(), self._messages, min(count, self.MOST), 0))


class Injector:
    """Sends packets of our making from a host, as from its own interface."""

    def __init__(self, host, interface="ens33"):
        self.host = host
        self._mac = host.mac

        def opened():
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            raw.bind((interface, 0))
            return raw

        self._socket = host.inside(opened)

    def send(self, packet, mac=None, padding=b""):
        """`mac`: the receiver's Ethernet address; the group's when the packet is multicast. Returns time.time()."""
        frame = self.frame(packet, mac) + padding
        moment = time.time()
        self._socket.send(frame)
        return moment

    def frame(self, packet, mac=None):
        """What send() puts on the wire."""
        if mac is None:
            destination = packet[24:40] if packet[0] >> 4 == 6 else packet[16:20]
            mac = group_mac(str(ipaddress.ip_address(destination)))
        return mac + self._mac + (b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00") + packet

    def train(self, packets):
        """Makes a function that sends so many packets (at most 512), these in turn, with one system call: a flood that
        does not depend on how fast Python is. It returns how many have left."""
        return Train(self._socket, [self.frame(packet) for packet in packets]).send

    def close(self):
        self._socket.close()
