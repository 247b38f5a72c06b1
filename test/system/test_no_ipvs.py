# SPDX-License-Identifier: GPL-2.0-or-later
"""A kernel without IPVS: a clear error, and VRRP goes on (this machine's kernel; the guest's has IPVS)."""

import pathlib
import subprocess

import pytest

from lab import config

VIP = "172.27.9.100"


@pytest.fixture
def kernel_without_ipvs():
    subprocess.run(["modprobe", "-q", "ip_vs"], check=False)
    if pathlib.Path("/proc/net/ip_vs").exists():
        pytest.skip("this kernel has IPVS")


def test_vrrp_goes_on(kernel_without_ipvs, network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    text = config.vrrp("MASTER", 100) + config.virtual_servers(1, servers=2)
    daemon = router(host, binary, text).start()
    with network.capture() as capture:
        capture.next_advert(host, 8)
        host.wait_for_address(VIP, "ens33", 2)
        capture.next_advert(host, 2)
    assert daemon.running
    assert "IPVS" in daemon.log
    assert daemon.stop()[0] == 0
    assert VIP not in host.addresses("ens33")
