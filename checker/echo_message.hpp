// The echo request of a PING_CHECK and the replies to it (RFC 792, RFC 4443, spec/lvs.md 5.9), as a ping socket of
// Linux takes and gives them: the kernel sees to identifier and checksum. No I/O.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/address.hpp"

namespace sustain::checker {

constexpr std::size_t kEchoHeaderSize = 8;
constexpr std::size_t kEchoDataSize = 128;
using EchoRequest = std::array<std::uint8_t, kEchoHeaderSize + kEchoDataSize>;

[[nodiscard]] EchoRequest make_echo_request(core::Address::Family family, std::uint16_t sequence);

/// Whether this is the reply to the request of that number.
[[nodiscard]] bool is_echo_reply(std::span<const std::uint8_t> message, core::Address::Family family,
                                 std::uint16_t sequence);

}  // namespace sustain::checker
