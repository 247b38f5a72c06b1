// virtual_server_group: many services that one virtual server is for (spec/lvs.md section 9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address.hpp"

namespace sustain::ipvs {

/// A service for each address from the first to the last one, which are of one family.
struct AddressRange {
    core::Address first;
    core::Address last;
    std::uint16_t port = 0;  ///< 0: all ports, for persistent services only

    bool operator==(const AddressRange&) const = default;
};

struct Mark {
    std::uint32_t value = 0;
    std::optional<core::Address::Family> family;  ///< that of the virtual server if it is not given

    bool operator==(const Mark&) const = default;
};

struct Group {
    std::string name;
    std::vector<AddressRange> ranges;
    std::vector<Mark> marks;
};

}  // namespace sustain::ipvs
