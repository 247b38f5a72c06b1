# SPDX-License-Identifier: GPL-2.0-or-later
"""Configuration texts for tests."""


def vrrp(state="BACKUP", priority=100, vrid=100, interval=1, password="1111", vip="172.27.9.100", name="VI_1"):
    """One VRRP instance as in the seed, with simple password authentication unless `password` is None."""
    authentication = f"""
    authentication {{
        auth_type PASS
        auth_pass {password}
    }}""" if password else ""
    return f"""
vrrp_instance {name} {{
    state {state}
    interface ens33
    virtual_router_id {vrid}
    priority {priority}
    advert_int {interval}{authentication}
    virtual_ipaddress {{
        {vip}
    }}
}}
"""


def virtual_servers(count, servers=4, check=True):
    """`count` virtual servers of so many real servers each, in the language of the seed."""
    texts = []
    for number in range(count):
        high, low = divmod(number, 250)
        texts.append(f"""
virtual_server 10.{100 + high // 250}.{high % 250}.{low + 1} 80 {{
    delay_loop 6
    lb_algo wrr
    lb_kind DR
    persistence_timeout 50
    protocol TCP""")
        for server in range(servers):
            texts.append(f"""
    real_server 10.{200 + server}.{high}.{low + 1} 80 {{
        weight 1""")
            if check:
                texts.append("""
        TCP_CHECK {
            connect_timeout 10
            retry 3
            delay_before_retry 3
            connect_port 80
        }""")
            texts.append("""
    }""")
        texts.append("""
}
""")
    return "".join(texts)
