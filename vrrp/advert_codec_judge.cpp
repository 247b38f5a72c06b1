// The checks of received adverts (spec/vrrp.md 2.4), in linear time and through the one bounded cursor. A rejected
// advert changes nothing but counters and, where it is authentic, the memory against replays.
#include <algorithm>
#include <array>

#include "core/bytes.hpp"
#include "vrrp/advert_codec.hpp"
#include "vrrp/checksum.hpp"
#include "vrrp/digest.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::uint8_t kLargestAuthenticationType = 2;
constexpr std::size_t kLeastEthernetPayload = 46;

/// Frames shorter than Ethernet allows are padded, and some drivers let two octets of that through.
bool is_padding(std::size_t received, std::size_t expected) {
    return expected < kLeastEthernetPayload && received > expected && (received - expected) % 4 == 2;
}

std::size_t header_size(const Datagram& datagram) {
    return datagram.protocol == kAhProtocol ? kAuthenticationHeaderSize : 0;
}

}  // namespace

std::optional<std::uint8_t> addressed_vrid(const Datagram& datagram) {
    core::ByteReader in(datagram.payload);
    in.skip(header_size(datagram));
    const auto header = in.take(kPacketHeaderSize);
    if (!in.ok()) {
        return std::nullopt;
    }
    return header[1];
}

/// A datagram taken apart. What is not there is empty or zero.
struct AdvertCodec::Packet {
    const Datagram& datagram;
    std::span<const std::uint8_t> authentication_header{};
    std::span<const std::uint8_t> octets{};  ///< from VRRP on, as long as its header promises
    std::span<const std::uint8_t> addresses{};
    std::span<const std::uint8_t> data{};  ///< authentication data of v2
    std::span<const std::uint8_t> trailer{};
    std::uint8_t version = 0;
    std::uint8_t type = 0;
    std::uint8_t vrid = 0;
    std::uint8_t priority = 0;
    std::uint8_t count = 0;
    std::uint8_t authentication = 0;
    std::uint16_t interval = 0;  ///< as in the packet
    std::size_t expected = 0;    ///< length of the datagram, by the header's promise
};

AdvertCodec::Packet AdvertCodec::dissect(const Datagram& datagram) const {
    Packet packet{.datagram = datagram};
    core::ByteReader in(datagram.payload);
    packet.authentication_header = in.take(header_size(datagram));
    const auto rest = in.rest();

    const std::uint8_t version_and_type = in.u8();
    packet.version = version_and_type >> 4;
    packet.type = version_and_type & 0xf;
    packet.vrid = in.u8();
    packet.priority = in.u8();
    packet.count = in.u8();
    packet.interval = in.u16();
    if (packet.version == 2) {
        packet.authentication = static_cast<std::uint8_t>(packet.interval >> 8);
        packet.interval &= 0xff;
    } else {
        packet.interval &= 0xfff;  // the other bits are reserved
    }
    in.skip(2);  // checksum: covered by the sum over everything
    const std::size_t promised =
        kPacketHeaderSize + packet.count * address_size() + authentication_data_size(version_, family_);
    packet.addresses = in.take(packet.count * address_size());
    packet.data = in.take(authentication_data_size(version_, family_));
    packet.octets = rest.first(std::min(promised, rest.size()));
    packet.expected = datagram.length - datagram.payload.size() + header_size(datagram) + promised;
    if (hmac_ && datagram.length == packet.expected + kHmacTrailerSize) {
        packet.trailer = in.take(kHmacTrailerSize);
    }
    return packet;
}

Verdict AdvertCodec::judge(const Datagram& datagram, const std::optional<core::Address>& known_master) {
    const Packet packet = dissect(datagram);
    Verdict verdict;
    const auto passes = [&](const std::optional<Finding>& finding) {
        if (finding) {
            verdict.findings.push_back(*finding);
        }
        return !finding || !rejects(finding->check);
    };
    if (!passes(check_shape(packet)) || !passes(check_hmac(packet)) || !passes(check_authentication(packet))) {
        return verdict;
    }
    if (has_authentication_header() && packet.authentication_header.front() != kProtocol) {
        return verdict;  // not an advert
    }
    if (!passes(check_authentication_header(packet)) || !passes(check_interval(packet)) ||
        !passes(check_checksum(packet))) {
        return verdict;
    }
    if (datagram.destination.is_multicast() == unicast_) {
        passes(Finding{.check = Check::destination, .expected = unicast_ ? 0U : 1U});
        return verdict;
    }
    if (ignore_adverts_) {
        passes(Finding{.check = Check::own_address});
        return verdict;
    }
    verdict.received = true;
    passes(compare_addresses(packet, known_master));
    if (!passes(check_peer(packet))) {
        return verdict;
    }
    verdict.advert = Advert{datagram.source, packet.vrid, packet.priority, packet.version,
                            interval_from_field(packet.version, packet.interval)};
    return verdict;
}

/// Rows 1 to 4.
std::optional<Finding> AdvertCodec::check_shape(const Packet& packet) const {
    const Datagram& datagram = packet.datagram;
    if ((datagram.protocol == kAhProtocol) != has_authentication_header()) {
        return Finding{.check = has_authentication_header() ? Check::header_missing : Check::header_unexpected};
    }
    // Of another version nobody knows how long it should be: that it is another one is what is wrong with it.
    if (packet.version == version_) {
        if (datagram.length < packet.expected) {
            return Finding{.check = Check::too_short, .received = datagram.length, .expected = packet.expected};
        }
        if (datagram.length > packet.expected && packet.trailer.empty() &&
            !is_padding(datagram.length, packet.expected)) {
            return Finding{.check = Check::too_long, .received = datagram.length, .expected = packet.expected};
        }
    }
    if (!unicast_ && datagram.ttl != kAdvertTtl) {
        return Finding{.check = Check::ttl, .received = datagram.ttl, .expected = kAdvertTtl};
    }
    if (packet.version != version_) {
        return Finding{.check = Check::version, .received = packet.version, .expected = version_};
    }
    return std::nullopt;
}

/// Row 5.
std::optional<Finding> AdvertCodec::check_hmac(const Packet& packet) {
    if (!hmac_) {
        return std::nullopt;
    }
    if (packet.trailer.empty()) {
        return hmac_->is_optional() ? std::nullopt : std::optional(Finding{.check = Check::hmac_missing});
    }
    const core::Address& source = packet.datagram.source;
    if (unicast_ && !is_peer(source)) {
        return Finding{.check = Check::unicast_source};
    }
    return hmac_->verify({source, packet.version, packet.vrid}, packet.octets, packet.trailer, utc());
}

/// Rows 6 to 8.
std::optional<Finding> AdvertCodec::check_authentication(const Packet& packet) {
    if (version_ != 2) {
        return std::nullopt;
    }
    if (packet.authentication > kLargestAuthenticationType) {
        return Finding{.check = Check::authentication_type_invalid, .received = packet.authentication};
    }
    const auto own = static_cast<std::size_t>(authentication_);
    if (packet.authentication != own) {
        return Finding{
            .check = Check::authentication_type_mismatch, .received = packet.authentication, .expected = own};
    }
    if (authentication_ == AuthenticationType::password && !equal_in_constant_time(packet.data, password_)) {
        return Finding{.check = Check::authentication_failure};
    }
    return std::nullopt;
}

/// Row 9, but for the next header.
std::optional<Finding> AdvertCodec::check_authentication_header(const Packet& packet) {
    if (!has_authentication_header()) {
        return std::nullopt;
    }
    core::ByteReader in(packet.authentication_header);
    in.skip(4);
    const std::uint32_t index = in.u32();
    const std::uint32_t sequence = in.u32();
    const auto value = integrity_value(password_, packet.datagram.header, packet.authentication_header, packet.octets,
                                       packet.datagram.destination.is_multicast());
    if (!equal_in_constant_time(in.rest(), value)) {
        return Finding{.check = Check::integrity};
    }
    if (index != packet.datagram.source.ipv4_value()) {
        return Finding{.check = Check::security_index, .received = index};
    }
    const std::uint32_t last = sequence_.last();
    if (!sequence_.accept(sequence)) {
        return Finding{.check = Check::sequence, .received = sequence, .expected = last};
    }
    return std::nullopt;
}

/// Rows 10 to 13.
std::optional<Finding> AdvertCodec::check_interval(const Packet& packet) const {
    const Datagram& datagram = packet.datagram;
    const std::uint16_t own = interval_field(version_, interval_);
    const bool differs = packet.interval != own;
    if (version_ == 2 && differs) {
        return Finding{.check = Check::interval, .received = packet.interval, .expected = own};
    }
    if (packet.type != kTypeAdvert) {
        return Finding{.check = Check::type, .received = packet.type, .expected = kTypeAdvert};
    }
    if (datagram.total_length != datagram.length && !is_padding(datagram.length, datagram.total_length)) {
        return Finding{.check = Check::ip_length, .received = datagram.total_length, .expected = datagram.length};
    }
    if (packet.interval == 0) {
        return Finding{.check = Check::interval_zero};  // RFC 9568 7.1 and erratum 8301
    }
    if (differs) {
        return Finding{.check = Check::interval_differs, .received = packet.interval, .expected = own};
    }
    return std::nullopt;
}

/// Row 14. Of IPv6 the kernel has checked it.
std::optional<Finding> AdvertCodec::check_checksum(const Packet& packet) {
    if (!is_ipv4()) {
        return std::nullopt;
    }
    const Datagram& datagram = packet.datagram;
    const auto fits = [&](std::uint64_t before) { return internet_checksum(packet.octets, before) == 0; };
    const auto with_pseudo_header = [&](const core::Address& destination) {
        return fits(pseudo_header_sum(datagram.source, destination, packet.octets.size()));
    };
    const Finding wrong{.check = Check::checksum, .expected = version_};
    if (version_ == 2) {
        return fits(0) ? std::nullopt : std::optional(wrong);
    }
    if (v3_checksum_as_v2_ && fits(0)) {
        return std::nullopt;
    }
    const auto peer = peers_.find(datagram.source);
    const bool may_be_old = unicast_ && unicast_checksum_ != Unicast::Checksum::by_rfc;
    const bool may_be_new = !unicast_ || unicast_checksum_ != Unicast::Checksum::old;
    const bool is_new = may_be_new && with_pseudo_header(datagram.destination);
    const bool is_old = !is_new && may_be_old && with_pseudo_header(group_);
    if (!is_new && !is_old) {
        return wrong;
    }
    if (peer != peers_.end() && peer->second.old_checksum != is_old) {
        peer->second.old_checksum = is_old;  // and answer in its form
        prepared_.reset();
        return Finding{.check = is_old ? Check::old_checksum : Check::new_checksum};
    }
    return std::nullopt;
}

/// Rows 17 and 18: other addresses than ours are worth a line in the log, but no reason to reject.
std::optional<Finding> AdvertCodec::compare_addresses(const Packet& packet,
                                                      const std::optional<core::Address>& known_master) const {
    if (packet.count != addresses_.size()) {
        return Finding{.check = Check::address_count, .received = packet.count, .expected = addresses_.size()};
    }
    if (std::ranges::equal(packet.addresses, address_octets_) ||
        (skip_known_addresses_ && known_master == packet.datagram.source)) {
        return std::nullopt;
    }
    std::vector<core::Address> received;
    core::ByteReader in(packet.addresses);
    for (unsigned i = 0; i < packet.count; ++i) {
        received.emplace_back(in.take(address_size()));
    }
    std::ranges::sort(received);
    for (const core::Address& address : addresses_) {
        if (!std::ranges::binary_search(received, address)) {
            return Finding{.check = Check::address_missing, .address = address};
        }
    }
    return std::nullopt;
}

/// Row 19.
std::optional<Finding> AdvertCodec::check_peer(const Packet& packet) const {
    if (!unicast_) {
        return std::nullopt;
    }
    const auto peer = peers_.find(packet.datagram.source);
    if (peer == peers_.end()) {
        return check_source_ ? std::optional(Finding{.check = Check::unicast_source}) : std::nullopt;
    }
    const std::uint8_t ttl = packet.datagram.ttl;
    if (ttl < peer->second.min_ttl || ttl > peer->second.max_ttl) {
        return Finding{.check = Check::unicast_ttl, .received = ttl};
    }
    return std::nullopt;
}

}  // namespace sustain::vrrp
