// The grammars of values that only address, route and rule lines have (spec/routes-rules.md). As in values.hpp, they
// say what a word is worth; what follows from that is the option's business.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "parser/values.hpp"

namespace sustain::parser {

/// An unsigned 64 bit number: blanks* [+] digits; empty is 0.
[[nodiscard]] Number<std::uint64_t> read_unsigned64(std::string_view word);
/// 32 bits in C notation (0x…, 0…, decimal): preference of rules. Empty is 0.
[[nodiscard]] Number<std::uint64_t> read_c_unsigned(std::string_view word);
/// C notation as table, scope, … take it: reduced to 32 bits, so that -1 is 4294967295 (spec/routes-rules.md 1.1). No
/// value: it is none, or empty, so it may be a name.
[[nodiscard]] std::optional<std::uint32_t> read_kernel_number(std::string_view word);

/// "MARK" or "MARK/MASK", in C notation.
struct Mark {
    std::uint32_t mark = 0;
    std::optional<std::uint32_t> mask;
};
[[nodiscard]] std::optional<Mark> read_mark(std::string_view word);

/// "FIRST-LAST" in decimal; whatever follows is ignored, as scanf(3) does. Reduced to 32 bits.
struct NumberPair {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};
[[nodiscard]] std::optional<NumberPair> read_number_pair(std::string_view word);

/// A time of a route in units of the kernel (spec/routes-rules.md 3.2), 200 ms to 120 s.
struct RouteTime {
    std::uint32_t value = 0;  ///< within the limits, as far as there is a number
    /// What is wrong with the number; all but too_many_decimals make the route useless.
    NumberFault fault = NumberFault::none;
    std::string_view number;   ///< the word without its unit
    bool exponential = false;  ///< 1e3
    bool below = false;
    bool above = false;
};
[[nodiscard]] RouteTime read_route_time(std::string_view word, std::uint32_t units_per_millisecond);

/// "LABEL[/LABEL]" of MPLS, each 0 to 1048575; empty: it is not.
[[nodiscard]] std::vector<std::uint32_t> read_mpls_labels(std::string_view word);
/// "H:H:H:H", hexadecimal, each 0 to ffff.
[[nodiscard]] std::optional<std::uint64_t> read_ila_locator(std::string_view word);

}  // namespace sustain::parser
