// An IPv4 or IPv6 address as a value: compare, hash, read, print. No port, no zone.
#pragma once

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sustain::core {

class Address {
public:
    enum class Family : std::uint8_t { ipv4 = AF_INET, ipv6 = AF_INET6 };

    /// 0.0.0.0
    constexpr Address() = default;
    /// From network order: 4 octets make an IPv4 address, 16 an IPv6 one; anything else is a bug.
    explicit Address(std::span<const std::uint8_t> octets);
    /// From host order: 0x0a000001 is 10.0.0.1.
    [[nodiscard]] static Address ipv4(std::uint32_t value);

    /// Numeric text only (spec/syntax.md 14.6): four decimal octets without leading zeros, or IPv6 text without
    /// brackets and zone. Nothing is looked up.
    [[nodiscard]] static std::optional<Address> parse(std::string_view text);

    [[nodiscard]] Family family() const { return family_; }
    [[nodiscard]] bool is_ipv4() const { return family_ == Family::ipv4; }
    [[nodiscard]] bool is_ipv6() const { return family_ == Family::ipv6; }
    /// 4 or 16 octets in network order.
    [[nodiscard]] std::span<const std::uint8_t> octets() const { return {octets_.data(), is_ipv4() ? 4U : 16U}; }
    /// IPv4 only, host order.
    [[nodiscard]] std::uint32_t ipv4_value() const;
    /// Length of a host prefix: 32 or 128.
    [[nodiscard]] std::uint8_t bits() const { return is_ipv4() ? 32 : 128; }
    [[nodiscard]] bool is_multicast() const;
    [[nodiscard]] bool is_link_local() const;
    [[nodiscard]] std::string to_string() const;

    /// Family first, then unsigned comparison of all octets in network order, as RFC 9568 6.4.3 compares senders.
    std::strong_ordering operator<=>(const Address&) const = default;

private:
    Family family_ = Family::ipv4;
    std::array<std::uint8_t, 16> octets_{};
};

/// An address with a prefix length.
struct Prefix {
    Address address;
    std::uint8_t length = 32;

    auto operator<=>(const Prefix&) const = default;
};

}  // namespace sustain::core

template <>
struct std::hash<sustain::core::Address> {
    std::size_t operator()(const sustain::core::Address& address) const noexcept {
        const auto octets = address.octets();
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(octets.data()), octets.size()});
    }
};

template <>
struct fmt::formatter<sustain::core::Address> : fmt::formatter<std::string> {
    auto format(const sustain::core::Address& address, fmt::format_context& context) const {
        return fmt::formatter<std::string>::format(address.to_string(), context);
    }
};
