// How genhash -v shows what a server sent (spec/genhash.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sustain::genhash {

/// A line with `text` in its middle.
[[nodiscard]] std::string heading(std::string_view text);

/// Sixteen octets a line, in hexadecimal and as characters.
[[nodiscard]] std::string hex_dump(std::span<const std::uint8_t> octets);

}  // namespace sustain::genhash
