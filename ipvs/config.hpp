// What the configuration says about virtual servers and their pools, as the parent reads it: plain values, defaults
// inherited, cross-checks done (spec/lvs.md sections 2 and 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "core/command.hpp"
#include "core/time.hpp"
#include "ipvs/config/group.hpp"
#include "ipvs/config/real_server.hpp"

namespace sustain::ipvs {

enum class Protocol : std::uint8_t { none = 0, tcp = 6, udp = 17, sctp = 132 };

/// What tells the packets of a virtual server from others.
enum class Selector : std::uint8_t {
    address,  ///< address, port and protocol
    fwmark,
    group,  ///< address ranges, with the protocol of the virtual server, and marks
};

struct VirtualServer {
    Selector selector = Selector::address;
    core::Address address;
    std::uint16_t port = 0;
    std::uint32_t fwmark = 0;
    std::uint32_t group = 0;    ///< its index in Config::groups
    std::uint32_t ordinal = 0;  ///< of the virtual servers that use the group, from 0
    /// Of fwmark and group; nothing: every entry of the group has its own.
    std::optional<core::Address::Family> family;
    Protocol protocol = Protocol::tcp;
    std::string scheduler = "wlc";
    std::uint32_t persistence_timeout = 0;  ///< seconds; 0: not persistent
    /// Mask of the client addresses that persist together: IPv4 mask in host order, IPv6 prefix length.
    std::uint32_t persistence_granularity = 0xffffffff;
    std::string persistence_engine;  ///< of a persistent service; empty: none
    std::uint32_t flags = 0;         ///< IP_VS_SVC_F_…, without the persistence bit
    std::uint32_t quorum = 1;
    std::uint32_t hysteresis = 0;
    bool ha_suspend = false;         ///< checks rest while the address is not on this machine
    bool omega = false;              ///< notify scripts are run at shutdown, too
    std::optional<bool> smtp_alert;  ///< mail about the quorum; has a value once the configuration is complete
    core::CommandNumber quorum_up = core::kNoCommand;  ///< in Config::scripts
    core::CommandNumber quorum_down = core::kNoCommand;
    std::string snmp_name;
    std::optional<SorryServer> sorry_server;
    std::vector<RealServer> real_servers;
};

struct Config {
    std::vector<VirtualServer> virtual_servers;
    std::vector<Group> groups = {};
    std::vector<core::Command> scripts = {};  ///< notify scripts of servers and quorums
};

}  // namespace sustain::ipvs
