// Several addresses in a word: "192.0.2.1-5", "192.0.2.1-192.0.3.9", "192.0.2.0/24", as virtual_server_group takes
// them.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/address.hpp"

namespace sustain::parser {

/// From the first to the last one, which are of one family.
struct AddressSpan {
    core::Address first;
    core::Address last;
};

/// Why a word is no range.
enum class RangeFault : std::uint8_t {
    address,    ///< the first address is none, or the last one is of another family
    end,        ///< the last address is none
    too_large,  ///< the last part is beyond 255 or ffff
    junk,       ///< text behind the last part
    not_greater,
    less,
    netmask,    ///< no prefix length
    host_bits,  ///< addresses outside of the network
};

struct RangeError {
    RangeFault fault = RangeFault::address;
    std::string_view text;  ///< too_large: the last part; junk: what is behind it
};

/// An address, FIRST-LAST or NETWORK/LENGTH (spec/syntax.md 14.6). LAST is an address or its last part: decimal in
/// IPv4, hexadecimal in IPv6.
[[nodiscard]] std::expected<AddressSpan, RangeError> read_address_range(std::string_view word);

}  // namespace sustain::parser
