// What global_defs says about VRRP as a whole; what instances inherit is in vrrp/config/defaults.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace sustain::core {

enum class ReceiveBufferPolicy : std::uint8_t { system, mtu, advert, bytes };

struct VrrpSettings {
    std::string default_interface = "eth0";  ///< of static addresses without dev
    bool allow_if_changes = false;           ///< dynamic_interfaces allow_if_changes
    bool no_local_igmp = false;              ///< disable_local_igmp
    bool log_unknown_vrids = false;
    bool poll_link_state = false;  ///< linkbeat_use_polling: of all interfaces of instances
    Duration startup_delay{0};     ///< instances wait so long after the start of the daemon …
    Duration delay_after_boot{0};  ///< … or of the system, whichever is later
    Duration garp_interval{0};     ///< between gratuitous ARPs of an interface in no garp_group
    Duration gna_interval{0};      ///< likewise unsolicited neighbour advertisements
    ReceiveBufferPolicy receive_buffer = ReceiveBufferPolicy::system;
    std::uint32_t receive_buffer_bytes = 0;  ///< with the policy bytes
    std::uint32_t receive_buffer_multiplier = 3;

    bool operator==(const VrrpSettings&) const = default;
};

}  // namespace sustain::core
