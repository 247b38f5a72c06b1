// IPVS as a whole: connection timeouts, what happens to the kernel's table, the synchronisation of connections.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/address.hpp"

namespace sustain::core {

/// Seconds; 0: left as they are.
struct LvsTimeouts {
    std::uint32_t tcp = 0;
    std::uint32_t tcp_fin = 0;
    std::uint32_t udp = 0;

    bool operator==(const LvsTimeouts&) const = default;
};

/// The IPVS sync daemon, which follows the state of a VRRP instance.
struct LvsSyncDaemon {
    std::string interface;
    std::string instance;            ///< empty: both master and backup run
    std::optional<std::uint8_t> id;  ///< default: the VRID of the instance; 0 without one
    std::optional<std::uint16_t> max_length;
    std::optional<std::uint16_t> port;
    std::optional<std::uint8_t> ttl;
    std::optional<Address> group;

    bool operator==(const LvsSyncDaemon&) const = default;
};

enum class LvsFlushOnStop : std::uint8_t { no, all, virtual_servers };

struct LvsSettings {
    LvsTimeouts timeouts;
    bool flush = false;  ///< the kernel's table is cleared at start
    LvsFlushOnStop flush_on_stop = LvsFlushOnStop::no;
    std::optional<LvsSyncDaemon> sync_daemon;
    bool init_notifies = false;     ///< rs_init_notifies: scripts and FIFOs are told of the first state as well
    bool log_all_failures = false;  ///< checker_log_all_failures

    bool operator==(const LvsSettings&) const = default;
};

}  // namespace sustain::core
