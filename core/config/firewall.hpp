// The nftables tables that we make.
#pragma once

#include <cstdint>
#include <string>

namespace sustain::core {

struct FirewallSettings {
    std::string table;           ///< of VRRP, at most 254 bytes; empty: none unless something needs it: keepalived
    std::int32_t priority = -1;  ///< of its chains
    bool by_interface_index = false;
    bool counters = false;
    std::string ipvs_table;  ///< for fwmarks of virtual server groups; empty: keepalived_ipvs when needed
    std::int32_t ipvs_priority = -1;
    std::uint32_t ipvs_first_fwmark = 1000;

    bool operator==(const FirewallSettings&) const = default;
};

}  // namespace sustain::core
