#include "core/address.hpp"

#include <arpa/inet.h>
#include <fmt/compile.h>

#include <cassert>
#include <cstring>

namespace sustain::core {

namespace {

constexpr std::size_t kLongestText = INET6_ADDRSTRLEN;

}  // namespace

Address::Address(std::span<const std::uint8_t> octets) {
    assert(octets.size() == 4 || octets.size() == 16);
    family_ = octets.size() == 4 ? Family::ipv4 : Family::ipv6;
    std::copy(octets.begin(), octets.end(), octets_.begin());
}

Address Address::ipv4(std::uint32_t value) {
    Address address;
    for (std::size_t i = 0; i < 4; ++i) {
        address.octets_[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
    }
    return address;
}

std::optional<Address> Address::parse(std::string_view text) {
    char terminated[kLongestText + 1];
    if (text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    text.copy(terminated, text.size());
    terminated[text.size()] = '\0';

    Address address;
    address.family_ = text.find(':') == std::string_view::npos ? Family::ipv4 : Family::ipv6;
    if (::inet_pton(static_cast<int>(address.family_), terminated, address.octets_.data()) != 1) {
        return std::nullopt;
    }
    return address;
}

std::uint32_t Address::ipv4_value() const {
    assert(is_ipv4());
    return std::uint32_t{octets_[0]} << 24 | std::uint32_t{octets_[1]} << 16 | std::uint32_t{octets_[2]} << 8 |
           octets_[3];
}

bool Address::is_multicast() const {
    return is_ipv4() ? (octets_[0] & 0xf0) == 0xe0 : octets_[0] == 0xff;
}

bool Address::is_link_local() const {
    return is_ipv4() ? octets_[0] == 169 && octets_[1] == 254 : octets_[0] == 0xfe && (octets_[1] & 0xc0) == 0x80;
}

std::string Address::to_string() const {
    if (is_ipv4()) {  // (inet_ntop goes through printf, which shows with 160,000 real servers)
        return fmt::format(FMT_COMPILE("{}.{}.{}.{}"), octets_[0], octets_[1], octets_[2], octets_[3]);
    }
    char text[kLongestText];
    ::inet_ntop(static_cast<int>(family_), octets_.data(), text, sizeof text);
    return text;
}

}  // namespace sustain::core
