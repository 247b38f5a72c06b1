// The authentication header of `auth_type AH` (RFC 2338 5.3.6.3, RFC 2402; spec/vrrp.md 1.7): its octets, its digest,
// and the sequence numbers, which routers of one virtual router continue for each other.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "core/address.hpp"
#include "vrrp/packet.hpp"

namespace sustain::vrrp {

constexpr std::size_t kAuthenticationHeaderSize = 24;
using AuthenticationHeader = std::array<std::uint8_t, kAuthenticationHeaderSize>;

/// Its digest is zero still.
[[nodiscard]] AuthenticationHeader authentication_header(const core::Address& source, std::uint32_t sequence);

/// The digest of a datagram: `ip` is its IPv4 header, `header` the authentication header (its digest does not count),
/// `packet` the whole VRRP packet. A TTL counts only for multicast, where nobody changes it.
using IntegrityValue = std::array<std::uint8_t, 12>;
[[nodiscard]] IntegrityValue integrity_value(const AuthenticationData& key, std::span<const std::uint8_t> ip,
                                             std::span<const std::uint8_t> header, std::span<const std::uint8_t> packet,
                                             bool multicast);

/// One count for all routers of the virtual router: a new master goes on where the old one was.
class SequenceNumber {
public:
    /// Of the next advert.
    [[nodiscard]] std::uint32_t next();
    /// Whether a received number is new; if so it is remembered.
    [[nodiscard]] bool accept(std::uint32_t received);
    /// A MASTER has heard a losing advert: its sender shall accept the answer.
    void step_over();
    /// The number was close to its end: a new master begins again.
    void become_master();
    [[nodiscard]] std::uint32_t last() const { return last_; }

private:
    static constexpr std::uint32_t kNearTheEnd = std::numeric_limits<std::uint32_t>::max() - 2;

    void set(std::uint32_t number) {
        last_ = number;
        ends_ = ends_ || number >= kNearTheEnd;
    }

    std::uint32_t last_ = 0;  ///< highest one sent or seen
    bool ends_ = false;       ///< the others may begin again at any time
};

}  // namespace sustain::vrrp
