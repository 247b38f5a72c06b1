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


def instances(interfaces, routers):
    """That many interfaces, which need not exist, with that many (<= 255) VRRP instances each."""
    blocks = ["global_defs {\n    dynamic_interfaces\n}\n"]
    for interface in range(interfaces):
        for router in range(1, routers + 1):
            blocks.append(
                f"vrrp_instance VI_{interface}_{router} {{\n    interface eth{interface}\n"
                f"    virtual_router_id {router}\n    priority 100\n"
                f"    virtual_ipaddress {{\n        10.{interface}.{router}.1/24\n    }}\n}}\n")
    return "".join(blocks)


def instance_sequence(interfaces, routers):
    """The same as instances(), as two nested sequences over a parameter of several lines."""
    return (
        "global_defs {\n    dynamic_interfaces\n}\n"
        "$INSTANCE= \\\n"
        "    vrrp_instance VI_${IF}_${ID} { \\\n"
        "        interface eth${IF} \\\n"
        "        virtual_router_id ${ID} \\\n"
        "        priority 100 \\\n"
        "        virtual_ipaddress { \\\n"
        "            10.${IF}.${ID}.1/24 \\\n"
        "        } \\\n"
        "    }\n"
        f"~SEQ(IF, 0, {interfaces - 1}) ~SEQ(ID, 1, {routers}) $INSTANCE\n")


def instance(name="VI_1", vips=("10.0.0.100/24",), evips=(), body="", **keywords):
    """A VRRP instance on eth0 with virtual router 51 and priority 100, unless `keywords` say otherwise: each becomes
    a line, True one without value, None none. `body` are further lines as they are."""
    lines = {"interface": "eth0", "virtual_router_id": 51, "priority": 100, **keywords}
    text = [f"vrrp_instance {name} {{"]
    text += [f"    {keyword}" + ("" if value is True else f" {value}")
             for keyword, value in lines.items() if value is not None]
    text += [f"    {line}" for line in body.splitlines()]
    text += block("virtual_ipaddress", vips) + block("virtual_ipaddress_excluded", evips)
    return "\n".join([*text, "}", ""])


def block(keyword, lines):
    return [f"    {keyword} {{", *(f"        {line}" for line in lines), "    }"] if lines else []


def password(kind, text):
    """Lines for `body`: authentication by PASS or AH."""
    return f"authentication {{\n    auth_type {kind}\n    auth_pass {text}\n}}\n"


def unicast(source, *peers):
    """Lines for `body`: unicast instead of multicast."""
    return f"unicast_src_ip {source}\nunicast_peer {{\n" + "".join(f"    {peer}\n" for peer in peers) + "}\n"
