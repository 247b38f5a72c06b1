// What comes back to a UDP_CHECK and what it is worth (spec/lvs.md 5.8). No I/O.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "checker/config/network_checks.hpp"

namespace sustain::checker {

/// What is sent where the configuration has no payload.
[[nodiscard]] std::span<const std::uint8_t> default_udp_payload();
/// Of that text as much as wanted, over and over: what a PING_CHECK sends.
constexpr std::string_view kGreeting = "keepalived check - ";

/// Whether this reply is a good one: its length and, as far as both go, its octets. Anything will do where no
/// pattern is given. `length` is that of the datagram, of which the receiver may have dropped the end.
[[nodiscard]] bool is_good_reply(const UdpCheck& check, std::span<const std::uint8_t> reply, std::size_t length);

/// An entry of the error queue of a socket (recverr).
struct NetworkError {
    bool icmp = false;    ///< it came as ICMP
    bool icmpv6 = false;  ///< it came as ICMPv6
    std::uint8_t type = 0;
    std::uint8_t code = 0;
};

/// Destination unreachable, whatever the code.
[[nodiscard]] bool is_unreachable(const NetworkError& error);
/// Whether a check that gets this error has failed.
[[nodiscard]] bool is_failure(const UdpCheck& check, const NetworkError& error);

/// The first octets of a struct sock_extended_err, as it comes in a control message.
[[nodiscard]] NetworkError read_network_error(std::span<const std::uint8_t> octets);

}  // namespace sustain::checker
