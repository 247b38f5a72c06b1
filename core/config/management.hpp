// How others can ask: SNMP and D-Bus.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"

namespace sustain::core {

struct SnmpSettings {
    std::string socket;  ///< of the master agent; empty: the library's default
    bool traps = false;
    bool vrrp = false;                                             ///< KEEPALIVED-MIB, part of VRRP
    bool checker = false;                                          ///< KEEPALIVED-MIB, part of the checkers
    bool rfc_v2 = false;                                           ///< RFC 2787
    bool rfc_v3 = false;                                           ///< RFC 6527
    Duration virtual_server_statistics = std::chrono::seconds(5);  ///< are so old at most; 1 ms to 30 s
    std::optional<Duration> real_server_statistics;                ///< default: the same

    bool operator==(const SnmpSettings&) const = default;
};

struct DbusSettings {
    bool enabled = false;
    std::string service_name = "org.keepalived.Vrrp1";
    std::string no_interface_name = "none";  ///< in object paths, of an instance without interface

    bool operator==(const DbusSettings&) const = default;
};

}  // namespace sustain::core
