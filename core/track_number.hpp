// The number in a file of track_file, as VRRP and FILE_CHECK read it (spec/vrrp.md 8.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sustain::core {

/// What is read of such a file at most, in octets.
constexpr std::size_t kTrackNumberText = 128;

/// An integer as in C: leading blanks, a sign, 0x for base 16 and 0 for base 8; what follows is ignored. A text without
/// a number is 0. Nothing where the number does not fit: the one before stays in force.
[[nodiscard]] std::optional<std::int32_t> parse_track_number(std::string_view text);

}  // namespace sustain::core
