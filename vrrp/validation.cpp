#include "vrrp/validation.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "vrrp/checksum.hpp"

namespace sustain::vrrp {

namespace {

constexpr unsigned kTypeAdvert = 1;
constexpr std::uint8_t kLargestAuthenticationType = 2;  // RFC 2338: AH; a known type, although not ours
constexpr std::size_t kLeastEthernetPayload = 46;

/// Frames shorter than Ethernet allows are padded, and some drivers let two octets of that through.
bool is_padding(std::size_t received, std::size_t expected) {
    return expected < kLeastEthernetPayload && received > expected && (received - expected) % 4 == 2;
}

/// In a time that does not tell how much of a password was right.
bool equal_data(std::span<const std::uint8_t> received, const AuthenticationData& expected) {
    unsigned difference = received.size() == expected.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(received.size(), expected.size()); ++i) {
        difference |= static_cast<unsigned>(received[i] ^ expected[i]);
    }
    return difference == 0;
}

std::unexpected<Finding> reject(Check check, std::size_t received = 0, std::size_t expected = 0) {
    return std::unexpected(Finding{check, received, expected, {}});
}

}  // namespace

std::optional<std::uint8_t> addressed_vrid(const Datagram& datagram) {
    if (datagram.payload.size() < kPacketHeaderSize) {
        return std::nullopt;
    }
    return datagram.payload[1];
}

std::expected<Advert, Finding> validate(const Datagram& datagram, const Expectation& expectation) {
    core::ByteReader in(datagram.payload);
    const std::uint8_t version_and_type = in.u8();
    const unsigned version = version_and_type >> 4;
    Advert advert;
    advert.source = datagram.source;
    advert.vrid = in.u8();
    advert.priority = in.u8();
    const std::size_t count = in.u8();
    const std::uint8_t authentication = in.u8();
    advert.interval = in.u8();
    in.skip(2);  // checksum: covered by the sum over everything

    const std::size_t promised = kPacketHeaderSize + count * 4 + kAuthenticationDataSize;
    const std::size_t header = datagram.length - datagram.payload.size();
    const std::size_t expected_length = header + promised;
    // Of another version nobody knows how long it should be: that it is another one is what is wrong with it.
    if (version == 2 && datagram.length < expected_length) {
        return reject(Check::too_short, datagram.length, expected_length);
    }
    if (version == 2 && datagram.length > expected_length && !is_padding(datagram.length, expected_length)) {
        return reject(Check::too_long, datagram.length, expected_length);
    }
    if (datagram.ttl != kAdvertTtl) {
        return reject(Check::ttl, datagram.ttl, kAdvertTtl);
    }
    if (version != 2) {
        return reject(Check::version, version, 2);
    }
    if (authentication > kLargestAuthenticationType) {
        return reject(Check::authentication_type_invalid, authentication);
    }
    if (authentication != static_cast<std::uint8_t>(expectation.authentication)) {
        return reject(Check::authentication_type_mismatch, authentication,
                      static_cast<std::size_t>(expectation.authentication));
    }
    advert.authentication = expectation.authentication;
    for (std::size_t i = 0; i < count; ++i) {
        advert.addresses.push_back(core::Address(in.take(4)));
    }
    if (advert.authentication == AuthenticationType::password &&
        !equal_data(in.take(kAuthenticationDataSize), expectation.data)) {
        return reject(Check::authentication_failure);
    }
    if (advert.interval != expectation.interval) {
        return reject(Check::interval, advert.interval, expectation.interval);
    }
    if ((version_and_type & 0xfU) != kTypeAdvert) {
        return reject(Check::type, version_and_type & 0xfU, kTypeAdvert);
    }
    if (datagram.total_length != datagram.length && !is_padding(datagram.length, datagram.total_length)) {
        return reject(Check::ip_length, datagram.total_length, datagram.length);
    }
    if (internet_checksum(datagram.payload.first(promised)) != 0) {
        return reject(Check::checksum);
    }
    if (!datagram.destination.is_multicast()) {
        return reject(Check::destination);
    }
    return advert;
}

std::optional<Finding> compare_addresses(const Advert& advert, const Expectation& expectation) {
    const auto& own = expectation.addresses;
    if (advert.addresses == own) {
        return std::nullopt;
    }
    if (advert.addresses.size() != own.size()) {
        return Finding{Check::address_count, advert.addresses.size(), own.size(), {}};
    }
    std::vector<core::Address> sorted = advert.addresses;
    std::ranges::sort(sorted);
    for (const core::Address& address : own) {
        if (!std::ranges::binary_search(sorted, address)) {
            return Finding{Check::address_missing, 0, 0, address};
        }
    }
    return std::nullopt;
}

std::string describe(const Finding& finding, std::string_view instance, std::uint8_t vrid,
                     const core::Address& source) {
    const auto& [check, received, expected, address] = finding;
    switch (check) {
        case Check::too_short:
            return fmt::format("({}) vrrp packet from {} too short, length {} and expect {}", instance, source,
                               received, expected);
        case Check::too_long:
            return fmt::format("({}) vrrp packet from {} too long, length {} and expect {}", instance, source, received,
                               expected);
        case Check::ttl:
            return fmt::format("({}) invalid TTL/HL from {}. Received {} and expect {}", instance, source, received,
                               expected);
        case Check::version:
            return fmt::format("({}) wrong VRRP version from {}. Received {} and expect {}", instance, source, received,
                               expected);
        case Check::authentication_type_invalid:
            return fmt::format("({}) Invalid auth type from {}: {}", instance, source, received);
        case Check::authentication_type_mismatch:
            return fmt::format("({}) received a {} auth from {}, expecting {}!", instance, received, source, expected);
        case Check::authentication_failure:
            return fmt::format("({}) received an invalid passwd from {}!", instance, source);
        case Check::interval:
            return fmt::format("({}) advertisement interval mismatch with {} mine={} sec rcv'd={} sec", instance,
                               source, expected, received);
        case Check::type:
            return fmt::format("({}) Invalid packet type from {}. {} and expect {}", instance, source, received,
                               expected);
        case Check::ip_length:
            return fmt::format("({}) ip_tot_len mismatch against received length from {}. {} and received {}", instance,
                               source, received, expected);
        case Check::checksum: return fmt::format("({}) Invalid VRRPv2 checksum from {}", instance, source);
        case Check::destination:
            return fmt::format("({}) Expected multicast packet but received unicast packet from {}", instance, source);
        case Check::address_count:
            return fmt::format("({}) expected {} VIPs but received {}", instance, expected, received);
        case Check::address_missing:
            return fmt::format("({}) ip address associated with VRID {} not present in advert from {}: {}", instance,
                               vrid, source, address);
    }
    return {};
}

}  // namespace sustain::vrrp
