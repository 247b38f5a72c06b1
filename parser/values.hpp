// The grammars of single values: numbers, times, booleans, addresses (spec/syntax.md section 14). They say what a word
// is worth and what is wrong with it; what follows from that is the keyword's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/address.hpp"
#include "core/time.hpp"

namespace sustain::parser {

/// What is wrong with a number.
enum class NumberFault : std::uint8_t {
    none,
    junk,               ///< "invalid number"
    negative,           ///< where only unsigned numbers go
    overflow,           ///< does not fit the type
    range,              ///< outside of what the keyword takes
    too_many_decimals,  ///< rounded
};

/// A number as it was read. With a fault, the value is the one that a lenient reader takes, if there is one.
template <typename T>
struct Number {
    T value = 0;
    NumberFault fault = NumberFault::none;
    bool usable = true;  ///< the value is in the range
};

template <typename T>
struct Limits {
    T min = 0;
    T max = 0;
};

/// 32 bits: blanks* [+|-] digits; empty is 0. Limits within the type.
[[nodiscard]] Number<std::int64_t> read_signed(std::string_view word, Limits<std::int64_t> limits);
/// 32 bits: blanks* [+] digits; empty is 0.
[[nodiscard]] Number<std::uint64_t> read_unsigned(std::string_view word, Limits<std::uint64_t> limits);
/// [+] digits [. digits] in units of the last decimal that counts ("1.5" with 6 places is 1500000); the limits
/// likewise (spec/syntax.md 14.4).
[[nodiscard]] Number<std::uint64_t> read_decimal(std::string_view word, unsigned places, Limits<std::uint64_t> limits);

/// keepalived's words for a fault: "number '256' outside range [1, 255]". Type: "integer", "unsigned integer" or
/// "unsigned decimal".
[[nodiscard]] std::string describe(NumberFault fault, std::string_view word, std::string_view type,
                                   std::string_view range);
/// "1.500000" for 1500000 with 6 places.
[[nodiscard]] std::string format_decimal(std::uint64_t value, unsigned places);
/// "1.5" for 1500000 with 6 places.
[[nodiscard]] std::string short_decimal(std::uint64_t value, unsigned places);
/// Microseconds as a duration; absurd ones become a century, so that adding to one cannot overflow.
[[nodiscard]] core::Duration to_duration(std::uint64_t microseconds);

/// on, true, yes, off, false, no; lower case only.
[[nodiscard]] std::optional<bool> read_boolean(std::string_view word);

/// C notation (0x…, 0…, decimal) as scope, table, … take it; all of the word.
[[nodiscard]] std::optional<std::int64_t> read_c_number(std::string_view word);

/// The address of a server: what follows a '/' or '-' is cut off (spec/syntax.md 14.6).
[[nodiscard]] std::optional<core::Address> read_server_address(std::string_view word);

/// An IPv4 address as inet_aton(3) reads it ("24" is 0.0.0.24), in host order.
[[nodiscard]] std::optional<std::uint32_t> read_netmask(std::string_view word);

/// "ADDRESS/LENGTH" taken apart: no value if there is no '/'.
struct AddressText {
    std::string_view address;
    std::optional<std::string_view> length;
};
[[nodiscard]] AddressText split_prefix(std::string_view word);

}  // namespace sustain::parser
