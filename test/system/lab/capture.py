# SPDX-License-Identifier: GPL-2.0-or-later
"""Every frame of the segments, with the kernel's time of arrival and the host that sent it."""

import dataclasses
import functools
import ipaddress
import socket
import struct
import threading
import time

from . import vrrp
from .poll import wait_until

SO_TIMESTAMPNS = 35  # not named by Python; asm-generic/socket.h
SO_RCVBUFFORCE = 33
ETH_P_ALL = 3
ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD


@dataclasses.dataclass(frozen=True)
class Frame:
    """`time` is CLOCK_REALTIME in seconds, as time.time(); `sender` the Host it came from, `segment` the number of
    the segment."""
    time: float
    sender: object
    octets: bytes
    segment: int = 0

    @property
    def ethertype(self):
        return int.from_bytes(self.octets[12:14], "big")

    @functools.cached_property
    def advert(self):
        """The VRRP packet in it, or None."""
        if self.ethertype not in (IPV4, IPV6) or len(self.octets) < 34:
            return None
        return vrrp.parse(self.octets[14:])

    @property
    def gratuitous_arp(self):
        """The address that it announces, when it is a gratuitous ARP, else None."""
        body = self.octets[14:]
        if self.ethertype != ARP or len(body) < 28 or body[14:18] != body[24:28]:
            return None
        return socket.inet_ntoa(body[14:18])

    @property
    def unsolicited_na(self):
        """The address that it announces, when it is a neighbour advertisement to all nodes, else None."""
        body = self.octets[14:]
        if self.ethertype != IPV6 or len(body) < 64 or body[6] != 58 or body[40] != 136 or not body[24] == 0xFF:
            return None
        return str(ipaddress.ip_address(body[48:64]))

    @property
    def announced(self):
        """The address of a gratuitous ARP or unsolicited neighbour advertisement, else None."""
        return self.gratuitous_arp or self.unsolicited_na


def virtual_router(octets):
    """The number of the virtual router that a frame belongs to, None if it is no advert. Cheap: for every frame."""
    if octets[12:14] == b"\x08\x00" and len(octets) > 34:
        at = 14 + (octets[14] & 15) * 4
        at += 24 if octets[23] == vrrp.AH else 0 if octets[23] == vrrp.PROTOCOL else 1 << 16
    elif octets[12:14] == b"\x86\xdd" and len(octets) > 54 and octets[20] == vrrp.PROTOCOL:
        at = 54
    else:
        return None
    return octets[at + 1] if len(octets) >= at + 8 else None


class Capture:
    """Collects frames from its making until close(). A context manager."""

    def __init__(self, network):
        self._network = network
        self.frames = []
        self._adverts = {}  # by number of the virtual router: no walk through all frames of a busy segment
        self._socket = network.switch.inside(self._open)
        self._closing = False
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    @staticmethod
    def _open():
        opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        opened.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 128 << 20)  # floods are captured whole
        opened.settimeout(0.2)
        return opened

    def _collect(self):
        while not self._closing:
            try:
                octets, notes, _, (port, _, kind, *_) = self._socket.recvmsg(65536, 64)
            except TimeoutError:
                continue
            found = self._network.port(port)
            # Each frame comes by twice: as it enters the switch at a port (this one counts) and as it leaves.
            if found is None or kind == socket.PACKET_OUTGOING:
                continue
            seconds, nanoseconds = struct.unpack("qq", notes[0][2][:16])
            frame = Frame(seconds + nanoseconds / 1e9, found[0], octets, found[1])
            self.frames.append(frame)
            vrid = virtual_router(octets)
            if vrid is not None:
                self._adverts.setdefault(vrid, []).append(frame)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._closing = True
        self._thread.join()
        self._socket.close()

    def catch_up(self, timeout):
        """Waits until all frames of until now have been looked at. (There must be one now and then.)"""
        now = time.time()
        wait_until(lambda: self.frames and self.frames[-1].time >= now, timeout, "a capture that is not behind")

    def adverts(self, sender=None, since=0.0, vrid=None):
        """Frames with VRRP adverts, of one sender only, of one virtual router only, after `since` (time.time())."""
        if vrid is None:
            known = [frame for frame in list(self.frames) if virtual_router(frame.octets) is not None]
        else:
            known = list(self._adverts.get(vrid, ()))
        return [frame for frame in known if frame.time > since and sender in (None, frame.sender) and frame.advert]

    def announcements(self, address=None, sender=None, since=0.0):
        """Frames with a gratuitous ARP or unsolicited neighbour advertisement for `address` (None: any)."""
        return [frame for frame in list(self.frames)
                if frame.time > since and sender in (None, frame.sender) and frame.announced
                and address in (None, frame.announced)]

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
