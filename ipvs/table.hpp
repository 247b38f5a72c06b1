// The IPVS table as values that compare: services, their settings and their destinations, as the kernel has them or
// as it ought to have them. Only what a configuration decides is here: no counters, no connections.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/address.hpp"
#include "ipvs/config.hpp"

namespace sustain::ipvs {

/// What tells one service from all others.
struct ServiceKey {
    std::uint32_t fwmark = 0;  ///< not 0: the service of this mark; of the address only the family counts then
    Protocol protocol = Protocol::none;
    core::Address address;
    std::uint16_t port = 0;

    auto operator<=>(const ServiceKey&) const = default;
};

struct ServiceSettings {
    std::string scheduler;
    std::uint32_t flags = 0;    ///< IP_VS_SVC_F_…, with the persistence bit, without the kernel's own "hashed" bit
    std::uint32_t timeout = 0;  ///< of persistence, in seconds
    std::uint32_t netmask = 0;  ///< of persistence: IPv4 mask in host order, IPv6 prefix length
    std::string engine;         ///< of persistence; empty: none

    bool operator==(const ServiceSettings&) const = default;
};

struct DestinationKey {
    core::Address address;
    std::uint16_t port = 0;

    auto operator<=>(const DestinationKey&) const = default;
};

struct DestinationSettings {
    Forwarding forwarding = Forwarding::nat;
    std::int32_t weight = 0;
    std::uint32_t upper_threshold = 0;
    std::uint32_t lower_threshold = 0;
    std::uint8_t tunnel_type = 0;  ///< IP_VS_CONN_F_TUNNEL_TYPE_…; this and the next two only with Forwarding::tunnel
    std::uint16_t tunnel_port = 0;
    std::uint16_t tunnel_flags = 0;

    bool operator==(const DestinationSettings&) const = default;
};

/// A service as it ought to be. Destinations are in the order of the configuration, each key once.
struct Service {
    struct Destination {
        DestinationKey key;
        DestinationSettings settings;
        bool operator==(const Destination&) const = default;
    };

    ServiceKey key;
    ServiceSettings settings;
    std::vector<Destination> destinations;
};

/// A service as it is.
struct Entry {
    ServiceSettings settings;
    std::map<DestinationKey, DestinationSettings> destinations;

    bool operator==(const Entry&) const = default;
};

using Table = std::map<ServiceKey, Entry>;

/// "[172.27.9.100]:tcp:81" or "FWM 7": the text of logs, FIFO lines and mails (spec/lvs.md section 2).
[[nodiscard]] std::string to_string(const ServiceKey& key);
/// "[172.27.9.91]:tcp:81", of a real or sorry server.
[[nodiscard]] std::string server_name(const core::Address& address, Protocol protocol, std::uint16_t port);

}  // namespace sustain::ipvs
