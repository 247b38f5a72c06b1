// virtual_server_group: the one whose block is open, and what virtual servers have to know of those that are complete.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "ipvs/config/group.hpp"
#include "parser/report.hpp"

namespace sustain::parser {

/// A group at a glance, so that nobody has to look at all its entries for each server.
struct GroupTraits {
    std::uint32_t number = 0;  ///< its index in ipvs::Config::groups
    bool ipv4 = false;         ///< an entry of that family, be it an address or a mark
    bool ipv6 = false;
    bool plain_mark = false;       ///< a mark without family
    bool zero_port = false;        ///< an address without port
    std::uint32_t other_port = 0;  ///< the first address entry whose port is not that of the first one; 0: none
};

struct VirtualServerGroupDrafts {
    ipvs::Group group;  ///< the one whose block is open
    Place group_place;
    std::unordered_map<std::string, GroupTraits> groups;  ///< the first usable one of each name
};

}  // namespace sustain::parser
