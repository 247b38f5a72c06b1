// What the configuration says about IPVS as a whole, beside the virtual servers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "core/config/lvs.hpp"

namespace sustain::ipvs {

struct Settings {
    core::LvsSettings lvs = {};  ///< the id of its sync daemon is filled in
    /// Receive buffers in octets, 0: what we think right. Forced: beyond what the system allows.
    std::uint32_t command_buffer = 0;
    std::uint32_t monitor_buffer = 0;
    bool command_buffer_force = false;
    bool monitor_buffer_force = false;
    std::string network_namespace = {};  ///< whose table it is (net_namespace_ipvs); empty: of our own
};

/// As the kernel takes it.
[[nodiscard]] constexpr int buffer_octets(std::uint32_t octets) {
    return static_cast<int>(std::min(octets, std::uint32_t{0x7fffffff}));
}

}  // namespace sustain::ipvs
