# SPDX-License-Identifier: GPL-2.0-or-later
"""Every frame of a segment, with the kernel's time of arrival and the host that sent it."""

import dataclasses
import socket
import struct
import threading

from . import vrrp
from .poll import wait_until

SO_TIMESTAMPNS = 35  # not named by Python; asm-generic/socket.h
ETH_P_ALL = 3
ARP, IPV4 = 0x0806, 0x0800


@dataclasses.dataclass(frozen=True)
class Frame:
    """`time` is CLOCK_REALTIME in seconds, as time.time(); `sender` the Host it came from."""
    time: float
    sender: object
    octets: bytes

    @property
    def ethertype(self):
        return int.from_bytes(self.octets[12:14], "big")

    @property
    def advert(self):
        """The VRRP packet in it, or None."""
        if self.ethertype != IPV4 or len(self.octets) < 34 or self.octets[23] != vrrp.PROTOCOL:
            return None
        return vrrp.parse(self.octets[14:])

    @property
    def gratuitous_arp(self):
        """The address that it announces, when it is a gratuitous ARP, else None."""
        body = self.octets[14:]
        if self.ethertype != ARP or len(body) < 28 or body[14:18] != body[24:28]:
            return None
        return socket.inet_ntoa(body[14:18])


class Capture:
    """Collects frames from its making until close(). A context manager."""

    def __init__(self, network):
        self._network = network
        self.frames = []
        self._socket = network.switch.inside(self._open)
        self._closing = False
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    @staticmethod
    def _open():
        opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        opened.settimeout(0.2)
        return opened

    def _collect(self):
        while not self._closing:
            try:
                octets, notes, _, (port, _, kind, *_) = self._socket.recvmsg(65536, 64)
            except TimeoutError:
                continue
            sender = self._network.host_at(port)
            # Each frame comes by twice: as it enters the switch at a port (this one counts) and as it leaves.
            if sender is None or kind == socket.PACKET_OUTGOING:
                continue
            seconds, nanoseconds = struct.unpack("qq", notes[0][2][:16])
            self.frames.append(Frame(seconds + nanoseconds / 1e9, sender, octets))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._closing = True
        self._thread.join()
        self._socket.close()

    def adverts(self, sender=None, since=0.0, vrid=None):
        """Frames with VRRP adverts, of one sender only, of one virtual router only, after `since` (time.time())."""
        return [frame for frame in list(self.frames)
                if frame.time > since and sender in (None, frame.sender) and frame.advert
                and vrid in (None, frame.advert.vrid)]

    def announcements(self, address, sender=None, since=0.0):
        """Frames with a gratuitous ARP for `address`."""
        return [frame for frame in list(self.frames)
                if frame.time > since and sender in (None, frame.sender) and frame.gratuitous_arp == address]

    def next_advert(self, sender, timeout, since=None, vrid=None):
        """The first advert of `sender` after `since` (default: after the last one that was seen by now)."""
        if since is None:
            seen = self.adverts(sender, vrid=vrid)
            since = seen[-1].time if seen else 0.0
        return wait_until(lambda: self.adverts(sender, since, vrid), timeout,
                          f"an advert of {sender.name}", interval=0.01)[0]


def gaps(frames):
    """The times between successive frames, in seconds."""
    return [later.time - earlier.time for earlier, later in zip(frames, frames[1:])]
