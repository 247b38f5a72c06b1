// How one virtual router writes its adverts and judges those that it hears, whatever version, family and kind of
// transport it is configured for. It keeps what has to be remembered from advert to advert: identification, sequence
// numbers, which form of checksum a peer speaks, and the datagrams themselves, of which most adverts differ in few
// octets.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vrrp/action.hpp"
#include "vrrp/authentication_header.hpp"
#include "vrrp/config.hpp"
#include "vrrp/datagram.hpp"
#include "vrrp/finding.hpp"
#include "vrrp/hmac_extension.hpp"
#include "vrrp/packet.hpp"

namespace sustain::vrrp {

constexpr std::size_t kUsualMtu = 1500;

/// The multicast group of an instance; of a unicast one, that which old checksums were made with.
[[nodiscard]] core::Address group_of(const Instance& instance);

/// The virtual router that a datagram is for; nothing if it is too short to be an advert at all (2.2).
[[nodiscard]] std::optional<std::uint8_t> addressed_vrid(const Datagram& datagram);

/// What became of a received datagram.
struct Verdict {
    std::optional<Advert> advert;   ///< if it is to be acted upon
    bool received = false;          ///< whether it counts as received (2.4)
    std::vector<Finding> findings;  ///< in the order of the checks
};

class AdvertCodec {
public:
    using WallClock = std::function<UtcTime()>;

    /// `mtu` of the interface bounds the number of advertised addresses (1.12). `wall_clock` is for auth_hmac; without
    /// it time stands still.
    AdvertCodec(const Instance& config, std::size_t mtu, WallClock wall_clock);

    /// Another configuration of the same virtual router. Numbers go on.
    void configure(const Instance& config, std::size_t mtu);

    // --- Sending ---

    /// The next advert; priority 0: we are leaving. `source` is of our family.
    [[nodiscard]] action::SendAdvert encode(std::uint8_t priority, const core::Address& source);
    /// Before the first advert of a mastership.
    void become_master() { sequence_.become_master(); }
    /// Before a MASTER answers a losing advert. \return whether sequence numbers are used, which is worth a line.
    bool step_over_losing_advert();

    // --- Receiving ---

    /// Every check of 2.4, in its order. `known_master`: whom a BACKUP has recorded as MASTER.
    [[nodiscard]] Verdict judge(const Datagram& datagram, const std::optional<core::Address>& known_master);

    /// Those that are advertised.
    [[nodiscard]] const std::vector<core::Address>& addresses() const { return addresses_; }
    /// Octets of an advert with its IP header.
    [[nodiscard]] std::size_t datagram_size() const;
    [[nodiscard]] bool is_unicast() const { return unicast_; }
    /// Whether the instance lists this address as a peer.
    [[nodiscard]] bool is_peer(const core::Address& address) const { return peers_.contains(address); }

private:
    struct PeerState {
        std::uint8_t min_ttl = 0;
        std::uint8_t max_ttl = 255;
        bool old_checksum = false;
    };
    struct Prepared {
        std::uint8_t priority = 0;
        core::Address source;
        std::vector<OutgoingAdvert> adverts;
    };
    struct Packet;

    // advert_codec.cpp
    void prepare(std::uint8_t priority, const core::Address& source);
    [[nodiscard]] std::uint64_t checksum_before(const core::Address& source, const core::Address& destination,
                                                std::size_t size) const;
    void renew_integrity(std::span<std::uint8_t> datagram);
    void renew_trailers();
    [[nodiscard]] UtcTime utc() const { return wall_clock_ ? wall_clock_() : UtcTime(); }
    [[nodiscard]] bool has_authentication_header() const { return authentication_ == AuthenticationType::digest; }
    [[nodiscard]] bool is_ipv4() const { return family_ == core::Address::Family::ipv4; }
    [[nodiscard]] std::size_t address_size() const { return is_ipv4() ? 4 : 16; }

    // advert_codec_judge.cpp: each yields what is wrong
    [[nodiscard]] Packet dissect(const Datagram& datagram) const;
    [[nodiscard]] std::optional<Finding> check_shape(const Packet& packet) const;
    [[nodiscard]] std::optional<Finding> check_hmac(const Packet& packet);
    [[nodiscard]] std::optional<Finding> check_authentication(const Packet& packet);
    [[nodiscard]] std::optional<Finding> check_authentication_header(const Packet& packet);
    [[nodiscard]] std::optional<Finding> check_interval(const Packet& packet) const;
    [[nodiscard]] std::optional<Finding> check_checksum(const Packet& packet);
    [[nodiscard]] std::optional<Finding> check_peer(const Packet& packet) const;
    [[nodiscard]] std::optional<Finding> compare_addresses(const Packet& packet,
                                                           const std::optional<core::Address>& known_master) const;

    WallClock wall_clock_;

    // What follows from the configuration.
    core::Address::Family family_ = core::Address::Family::ipv4;
    std::uint8_t version_ = 2;
    std::uint8_t vrid_ = 0;
    std::uint8_t ttl_ = kAdvertTtl;
    std::optional<std::uint8_t> hop_limit_;  ///< if it is configured
    core::Duration interval_{};
    AuthenticationType authentication_ = AuthenticationType::none;
    AuthenticationData password_{};
    Unicast::Checksum unicast_checksum_ = Unicast::Checksum::automatic;
    bool unicast_ = false;
    bool v3_checksum_as_v2_ = false;
    bool check_source_ = false;
    bool skip_known_addresses_ = false;
    bool ignore_adverts_ = false;
    core::Address group_;
    std::vector<core::Address> destinations_;
    std::vector<core::Address> addresses_;
    std::vector<std::uint8_t> address_octets_;

    // What has to be remembered.
    std::uint16_t identification_ = 0;
    SequenceNumber sequence_;
    std::unique_ptr<HmacExtension> hmac_;
    std::unordered_map<core::Address, PeerState> peers_;
    std::optional<Prepared> prepared_;
};

}  // namespace sustain::vrrp
