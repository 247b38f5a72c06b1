// Sizes of receive buffers of netlink sockets, in bytes; 0: what the system gives. Forced: beyond rmem_max.
#pragma once

#include <cstdint>

namespace sustain::core {

struct NetlinkBuffers {
    std::uint32_t vrrp_commands = 0;
    std::uint32_t vrrp_monitor = 0;
    std::uint32_t process_monitor = 0;
    std::uint32_t lvs_commands = 0;
    std::uint32_t lvs_monitor = 0;
    bool vrrp_commands_force = false;
    bool vrrp_monitor_force = false;
    bool process_monitor_force = false;
    bool lvs_commands_force = false;
    bool lvs_monitor_force = false;

    bool operator==(const NetlinkBuffers&) const = default;
};

}  // namespace sustain::core
