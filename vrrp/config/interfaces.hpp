// What is said about interfaces rather than about instances.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace sustain::vrrp {

/// garp_group: announcements of these interfaces share a rate.
struct GarpGroup {
    std::optional<core::Duration> garp_interval;
    std::optional<core::Duration> gna_interval;
    std::vector<std::string> interfaces;

    bool operator==(const GarpGroup&) const = default;
};

enum class LinkMethod : std::uint8_t { any, mii, ethtool, ioctl };

/// An entry of linkbeat_interfaces: the state of the link is asked for rather than waited for.
struct LinkPoll {
    std::string interface;
    LinkMethod method = LinkMethod::any;

    bool operator==(const LinkPoll&) const = default;
};

/// An entry of interface_up_down_delays: a change of the link counts only after a time, at most 255 s.
struct LinkDelay {
    std::string interface;
    core::Duration down{0};
    core::Duration up{0};

    bool operator==(const LinkDelay&) const = default;
};

}  // namespace sustain::vrrp
