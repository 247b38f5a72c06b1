// The lines of virtual_rules and static_rules as the kernel's routing policy wants them (spec/routes-rules.md section
// 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/address.hpp"

namespace sustain::vrrp {

struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    bool operator==(const PortRange&) const = default;
};

struct UserRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;

    bool operator==(const UserRange&) const = default;
};

struct Rule {
    enum class Action : std::uint8_t { none, to_table, go_to, nop, blackhole, unreachable, prohibit, l3mdev };

    core::Address::Family family = core::Address::Family::ipv4;
    Action action = Action::none;
    bool invert = false;
    bool track = true;  ///< false with no_track
    std::uint8_t tos = 0;
    std::uint32_t target = 0;  ///< to_table: the table; go_to: the preference to go on at
    std::uint32_t preference = 0;
    std::optional<core::Prefix> from;
    std::optional<core::Prefix> to;
    std::optional<std::uint32_t> mark;
    std::optional<std::uint32_t> mask;
    std::optional<std::uint32_t> realms;  ///< source << 16 | destination
    std::optional<std::uint32_t> suppress_prefix_length;
    std::optional<std::uint32_t> suppress_group;
    std::string iif;
    std::string oif;
    std::uint64_t tunnel_id = 0;           ///< 0: none
    std::optional<std::uint8_t> protocol;  ///< who set the rule; none: not sent
    std::optional<std::uint8_t> ip_protocol;
    std::optional<UserRange> users;
    std::optional<PortRange> source_ports;
    std::optional<PortRange> destination_ports;
    std::string track_group;  ///< static rules; empty: none

    bool operator==(const Rule&) const = default;
};

}  // namespace sustain::vrrp
