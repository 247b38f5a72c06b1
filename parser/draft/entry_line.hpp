// An entry of an address, route or rule block while its words are read, from left to right. The next line starts anew.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/address.hpp"
#include "parser/draft/current.hpp"
#include "parser/kernel_names.hpp"
#include "parser/report.hpp"
#include "vrrp/config.hpp"

namespace sustain::parser {

struct EntryLine {
    std::size_t at = 0;      ///< number of the word that is read; options move it to their last argument
    bool is_static = false;  ///< of a static_… block
    bool dropped = false;    ///< of no use; nothing more is read
};

struct AddressDraft : EntryLine {
    std::string_view text;  ///< as written
    bool has_lifetime = false;
    vrrp::StaticAddress value;  ///< of a virtual address, all but the group
};

struct RouteDraft : EntryLine {
    vrrp::Route value;
    std::optional<core::Address::Family> family;      ///< decided by what was read so far
    std::optional<core::Address::Family> hop_family;  ///< of `inet` and `inet6` in a hop
    bool has_destination = false;
    std::optional<core::Address> alternative;  ///< the gateway behind `or`
};

struct RuleDraft : EntryLine {
    vrrp::Rule value;
    std::optional<core::Address::Family> family;  ///< decided by what was read so far
    bool has_preference = false;
    bool suppresses = false;  ///< realms or suppress_…: needs a table
};

/// Waits for the end of the file: global_defs may name the interface.
struct StaticAddressDraft {
    Place place;
    vrrp::StaticAddress value;
};

struct EntryLineDrafts {
    AddressDraft address;
    RouteDraft route;
    RuleDraft rule;
    std::vector<StaticAddressDraft> static_addresses;
    KernelNames kernel_names;
    std::unordered_set<std::string> track_group_names;  ///< so far
    /// For the next IPv4 and IPv6 rule without preference.
    std::uint32_t rule_preferences[2] = {16384, 16384};
};

inline AddressDraft& open_object(EntryLineDrafts& drafts, Open<AddressDraft>) {
    return drafts.address;
}
inline RouteDraft& open_object(EntryLineDrafts& drafts, Open<RouteDraft>) {
    return drafts.route;
}
inline RuleDraft& open_object(EntryLineDrafts& drafts, Open<RuleDraft>) {
    return drafts.rule;
}

// Which draft holds a value: option rows name members of the value.
inline RouteDraft& draft_of(EntryLineDrafts& drafts, Open<vrrp::Route>) {
    return drafts.route;
}
inline RuleDraft& draft_of(EntryLineDrafts& drafts, Open<vrrp::Rule>) {
    return drafts.rule;
}

}  // namespace sustain::parser
