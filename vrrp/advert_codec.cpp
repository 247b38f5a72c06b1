#include "vrrp/advert_codec.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "vrrp/checksum.hpp"

namespace sustain::vrrp {

core::Address group_of(const Instance& instance) {
    return instance.group.value_or(multicast_group(instance.address_family));
}

AdvertCodec::AdvertCodec(const Instance& config, std::size_t mtu, WallClock wall_clock)
    : wall_clock_(std::move(wall_clock)) {
    configure(config, mtu);
}

void AdvertCodec::configure(const Instance& config, std::size_t mtu) {
    prepared_.reset();
    family_ = config.address_family;
    version_ = config.version;
    vrid_ = config.vrid;
    interval_ = config.advert_interval;
    authentication_ = config.authentication.type;
    password_ = password_data(config.authentication);
    v3_checksum_as_v2_ = config.v3_checksum_as_v2;
    skip_known_addresses_ = config.skip_check_adv_addr;
    ignore_adverts_ = config.owner_ignore_adverts;
    group_ = group_of(config);
    unicast_ = config.unicast.has_value();
    if (config.hmac) {
        if (!hmac_) {
            hmac_ = std::make_unique<HmacExtension>();
        }
        hmac_->set(*config.hmac, unicast_ ? config.unicast->peers.size() : 0);
    } else {
        hmac_.reset();
    }

    const auto known = std::exchange(peers_, {});
    destinations_.clear();
    ttl_ = kAdvertTtl;
    hop_limit_.reset();
    if (unicast_) {
        hop_limit_ = config.unicast->ttl;
        ttl_ = hop_limit_.value_or(kAdvertTtl);
        check_source_ = config.unicast->check_source;
        unicast_checksum_ = config.unicast->checksum;
        for (const Peer& peer : config.unicast->peers) {
            const auto before = known.find(peer.address);
            const bool old =
                unicast_checksum_ == Unicast::Checksum::old || (unicast_checksum_ == Unicast::Checksum::automatic &&
                                                                before != known.end() && before->second.old_checksum);
            peers_.emplace(peer.address, PeerState{peer.min_ttl, peer.max_ttl, old});
            destinations_.push_back(peer.address);
        }
    } else {
        destinations_.push_back(group_);
    }

    const std::size_t limit = advertised_addresses_limit(mtu, {.family = family_,
                                                               .version = version_,
                                                               .authentication_header = has_authentication_header(),
                                                               .hmac_trailer = hmac_ && hmac_->sends()});
    addresses_.clear();
    address_octets_.clear();
    for (const VirtualAddress& address : config.addresses) {
        if (addresses_.size() == limit) {
            break;
        }
        addresses_.push_back(address.prefix.address);
        const auto octets = address.prefix.address.octets();
        address_octets_.insert(address_octets_.end(), octets.begin(), octets.end());
    }
}

std::size_t AdvertCodec::datagram_size() const {
    return (is_ipv4() ? kIpv4HeaderSize : kIpv6HeaderSize) +
           (has_authentication_header() ? kAuthenticationHeaderSize : 0) + kPacketHeaderSize + address_octets_.size() +
           authentication_data_size(version_, family_) + (hmac_ && hmac_->sends() ? kHmacTrailerSize : 0);
}

bool AdvertCodec::step_over_losing_advert() {
    if (!has_authentication_header()) {
        return false;
    }
    sequence_.step_over();
    return true;
}

action::SendAdvert AdvertCodec::encode(std::uint8_t priority, const core::Address& source) {
    if (!prepared_ || prepared_->priority != priority || prepared_->source != source) {
        prepare(priority, source);
    }
    ++identification_;
    if (is_ipv4()) {
        for (OutgoingAdvert& advert : prepared_->adverts) {
            patch_identification(advert.octets, identification_);
        }
    }
    if (has_authentication_header()) {
        (void)sequence_.next();
        for (OutgoingAdvert& advert : prepared_->adverts) {
            renew_integrity(advert.octets);
        }
    }
    if (hmac_ && hmac_->sends()) {
        renew_trailers();
    }
    return {source, prepared_->adverts, is_ipv4() ? std::nullopt : hop_limit_};
}

/// All but what changes with each advert.
void AdvertCodec::prepare(std::uint8_t priority, const core::Address& source) {
    const Advert advert{source, vrid_, priority, version_, interval_};
    const AuthenticationData data = authentication_ == AuthenticationType::password ? password_ : AuthenticationData{};
    const auto packet = encode_packet(advert, family_, addresses_, authentication_, data);
    prepared_ = Prepared{priority, source, {}};
    for (const core::Address& destination : destinations_) {
        std::vector<std::uint8_t> octets;
        if (has_authentication_header()) {
            const AuthenticationHeader header = authentication_header(source, 0);
            octets.assign(header.begin(), header.end());
        }
        const std::size_t begin = octets.size();
        octets.insert(octets.end(), packet.begin(), packet.end());
        if (is_ipv4()) {  // of IPv6 the kernel does it
            seal_packet(std::span(octets).subspan(begin), checksum_before(source, destination, packet.size()));
        }
        if (hmac_ && hmac_->sends()) {
            octets.resize(octets.size() + kHmacTrailerSize);
        }
        if (is_ipv4()) {
            const std::uint8_t protocol = has_authentication_header() ? kAhProtocol : kProtocol;
            octets = write_ipv4({source, destination, 0, ttl_, protocol}, octets);
        }
        prepared_->adverts.push_back({destination, std::move(octets)});
    }
}

/// The sum of the pseudo header, if the checksum of what we send to `destination` has one (1.5).
std::uint64_t AdvertCodec::checksum_before(const core::Address& source, const core::Address& destination,
                                           std::size_t size) const {
    if (version_ == 2 || v3_checksum_as_v2_) {
        return 0;
    }
    const auto peer = peers_.find(destination);
    const bool old = peer != peers_.end() && peer->second.old_checksum;
    return pseudo_header_sum(source, old ? group_ : destination, size);
}

void AdvertCodec::renew_integrity(std::span<std::uint8_t> datagram) {
    constexpr std::size_t kSequenceOffset = kIpv4HeaderSize + 8;
    constexpr std::size_t kDigestOffset = kIpv4HeaderSize + 12;
    core::put_u16(datagram, kSequenceOffset, static_cast<std::uint16_t>(sequence_.last() >> 16));
    core::put_u16(datagram, kSequenceOffset + 2, static_cast<std::uint16_t>(sequence_.last()));
    const auto value = integrity_value(password_, datagram.first(kIpv4HeaderSize),
                                       datagram.subspan(kIpv4HeaderSize, kAuthenticationHeaderSize),
                                       datagram.subspan(kIpv4HeaderSize + kAuthenticationHeaderSize), !unicast_);
    std::ranges::copy(value, datagram.subspan(kDigestOffset).begin());
}

/// All copies carry the same one: neither the destination nor the checksum counts.
void AdvertCodec::renew_trailers() {
    std::array<std::uint8_t, kHmacTrailerSize> trailer{};
    if (prepared_->adverts.empty()) {
        return;
    }
    const std::span<const std::uint8_t> first = prepared_->adverts.front().octets;
    const std::size_t begin = is_ipv4() ? kIpv4HeaderSize : 0;
    hmac_->sign({prepared_->source, version_, vrid_}, first.subspan(begin, first.size() - begin - trailer.size()),
                trailer, utc());
    for (OutgoingAdvert& advert : prepared_->adverts) {
        std::ranges::copy(trailer, std::span(advert.octets).last(trailer.size()).begin());
    }
}

}  // namespace sustain::vrrp
