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

namespace sustain::ipvs {

enum class Protocol : std::uint8_t { none = 0, tcp = 6, udp = 17, sctp = 132 };

/// IP_VS_CONN_F_FWD_MASK values.
enum class Forwarding : std::uint8_t { nat = 0, tunnel = 2, direct = 3 };

struct Check {
    std::uint32_t number = 0;  ///< its index in checker::Config::checks
    bool alpha = false;        ///< counts as down until its first success
    /// Index of the equal check (checker::Identity) of the same real server in the configuration before a reload is
    /// found by comparing these texts.
    std::string identity;
};

struct RealServer {
    core::Address address;
    std::uint16_t port = 0;  ///< 0 only where the kernel takes the port of the service
    std::int32_t weight = 1;
    Forwarding forwarding = Forwarding::nat;
    bool inhibit_on_failure = false;  ///< weight 0 instead of removal
    std::uint32_t upper_threshold = 0;
    std::uint32_t lower_threshold = 0;
    std::vector<Check> checks;
};

struct SorryServer {
    core::Address address;
    std::uint16_t port = 0;
    Forwarding forwarding = Forwarding::nat;
    bool inhibit = false;
};

struct VirtualServer {
    core::Address address;
    std::uint16_t port = 0;
    Protocol protocol = Protocol::tcp;
    std::string scheduler = "wlc";
    std::uint32_t persistence_timeout = 0;  ///< seconds; 0: not persistent
    /// Mask of the client addresses that persist together: IPv4 mask in host order, IPv6 prefix length.
    std::uint32_t persistence_granularity = 0xffffffff;
    std::uint32_t flags = 0;  ///< IP_VS_SVC_F_…, without the persistence bit
    std::uint32_t quorum = 1;
    std::uint32_t hysteresis = 0;
    std::optional<SorryServer> sorry_server;
    std::vector<RealServer> real_servers;
};

struct Config {
    std::vector<VirtualServer> virtual_servers;
    std::vector<core::Command> scripts;  ///< notify scripts of servers and quorums
};

}  // namespace sustain::ipvs
