#include "parser/address_range.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "parser/values.hpp"

namespace sustain::parser {

namespace {

using Octets = std::array<std::uint8_t, 16>;

Octets octets_of(const core::Address& address) {
    Octets octets{};
    std::ranges::copy(address.octets(), octets.begin());
    return octets;
}

core::Address address_of(const Octets& octets, const core::Address& model) {
    return core::Address(std::span(octets).first(model.octets().size()));
}

/// The last part of an address, read as strtoul(3) reads it: leading blanks, a sign and, in hexadecimal, "0x".
std::expected<std::uint32_t, RangeError> read_last_part(std::string_view text, bool ipv6) {
    std::string_view digits = text.substr(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    if (ipv6 && digits.size() > 2 && (digits.starts_with("0x") || digits.starts_with("0X"))) {
        digits.remove_prefix(2);
    }
    std::uint32_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [position, error] = std::from_chars(digits.data(), end, value, ipv6 ? 16 : 10);
    if (position != end) {
        const std::string_view rest(position, static_cast<std::size_t>(end - position));
        return std::unexpected(RangeError{RangeFault::junk, error == std::errc::invalid_argument ? text : rest});
    }
    if (error == std::errc::result_out_of_range || (negative && value != 0) || value > (ipv6 ? 0xffffU : 0xffU)) {
        return std::unexpected(RangeError{RangeFault::too_large, text});
    }
    return value;
}

std::expected<AddressSpan, RangeError> read_span(const core::Address& first, std::string_view last) {
    const bool ipv6 = first.is_ipv6();
    if (last.find(ipv6 ? ':' : '.') != std::string_view::npos || (!ipv6 && last.find(':') != std::string_view::npos)) {
        const auto address = core::Address::parse(last);
        if (!address) {
            return std::unexpected(RangeError{RangeFault::end, {}});
        }
        if (address->family() != first.family()) {
            return std::unexpected(RangeError{RangeFault::address, {}});
        }
        if (*address < first) {
            return std::unexpected(RangeError{RangeFault::less, {}});
        }
        return AddressSpan{first, *address};
    }
    const auto part = read_last_part(last, ipv6);
    if (!part) {
        return std::unexpected(part.error());
    }
    Octets octets = octets_of(first);
    if (ipv6) {
        octets[14] = static_cast<std::uint8_t>(*part >> 8);
        octets[15] = static_cast<std::uint8_t>(*part & 0xff);
    } else {
        octets[3] = static_cast<std::uint8_t>(*part);
    }
    const core::Address end = address_of(octets, first);
    if (end <= first) {
        return std::unexpected(RangeError{RangeFault::not_greater, {}});
    }
    return AddressSpan{first, end};
}

std::expected<AddressSpan, RangeError> read_network(const core::Address& network, std::string_view length_text) {
    const auto length = read_unsigned(length_text, {1, network.bits()});
    if (length.fault != NumberFault::none) {
        return std::unexpected(RangeError{RangeFault::netmask, {}});
    }
    Octets octets = octets_of(network);
    for (std::size_t bit = length.value; bit < network.bits(); ++bit) {
        const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
        if ((octets[bit / 8] & mask) != 0) {
            return std::unexpected(RangeError{RangeFault::host_bits, {}});
        }
        octets[bit / 8] |= mask;
    }
    return AddressSpan{network, address_of(octets, network)};
}

}  // namespace

std::expected<AddressSpan, RangeError> read_address_range(std::string_view word) {
    const auto slash = word.find('/');
    const auto dash = word.find('-');
    const auto first = core::Address::parse(word.substr(0, std::min(slash, dash)));
    if (!first || (slash < dash && dash != std::string_view::npos)) {
        return std::unexpected(RangeError{RangeFault::address, {}});
    }
    // With both, keepalived forgets what is between '-' and '/'.
    if (slash != std::string_view::npos) {
        return read_network(*first, word.substr(slash + 1));
    }
    if (dash != std::string_view::npos) {
        return read_span(*first, word.substr(dash + 1));
    }
    return AddressSpan{*first, *first};
}

}  // namespace sustain::parser
