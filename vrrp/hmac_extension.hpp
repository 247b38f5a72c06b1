// The trailer that `auth_hmac` puts behind an advert of any version and family (spec/vrrp.md 1.8): writing it, checking
// it, and the memory that keeps old adverts from being used again.
//
// The memory is bounded and has no hole: of a sender that it had to forget nothing older than what it forgot is
// accepted. A configuration whose key cannot be used never gets here: the parser refuses it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "core/address.hpp"
#include "vrrp/config.hpp"
#include "vrrp/finding.hpp"

namespace sustain::vrrp {

constexpr std::size_t kHmacTrailerSize = 28;

/// Of the world, not of this machine: senders' clocks are compared with it.
using UtcTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// What the digest covers besides the packet.
struct HmacContext {
    core::Address source;
    std::uint8_t version = 2;
    std::uint8_t vrid = 0;
};

/// Whether one number of this kind comes after another, around the end of the range (RFC 1982).
[[nodiscard]] constexpr bool is_later(std::uint64_t number, std::uint64_t than) {
    return static_cast<std::int64_t>(number - than) > 0;
}

/// The last number of each sender.
class ReplayMemory {
public:
    /// Whether the number is new; if so it is remembered.
    [[nodiscard]] bool accept(const core::Address& sender, std::uint64_t number);
    /// How many senders it may know at least.
    void make_room_for(std::size_t senders) { capacity_ = std::max(capacity_, senders); }

    static constexpr std::size_t kUsualCapacity = 16;

private:
    std::size_t capacity_ = kUsualCapacity;
    std::unordered_map<core::Address, std::uint64_t> senders_;
    std::optional<std::uint64_t> floor_;  ///< the highest number of those who had to be forgotten
};

class HmacExtension {
public:
    /// With so many unicast peers. A second call changes the settings; numbers and memory go on.
    void set(const HmacAuthentication& settings, std::size_t peers) {
        settings_ = settings;
        memory_.make_room_for(peers);
    }

    /// Whether our adverts carry a trailer.
    [[nodiscard]] bool sends() const { return settings_.mode != HmacAuthentication::Mode::receive_only; }
    /// Whether adverts without one are accepted.
    [[nodiscard]] bool is_optional() const { return settings_.mode != HmacAuthentication::Mode::enforce; }

    /// Writes the trailer of a packet; its checksum does not count. `trailer` has kHmacTrailerSize octets.
    void sign(const HmacContext& context, std::span<const std::uint8_t> packet, std::span<std::uint8_t> trailer,
              UtcTime now);

    /// Nothing: it is good. Otherwise what is wrong; Check::hmac_skew alone is only worth saying.
    [[nodiscard]] std::optional<Finding> verify(const HmacContext& context, std::span<const std::uint8_t> packet,
                                                std::span<const std::uint8_t> trailer, UtcTime now);

private:
    [[nodiscard]] std::optional<std::string_view> key(std::uint8_t id) const;
    [[nodiscard]] std::uint64_t next_number(UtcTime now);

    HmacAuthentication settings_;
    std::optional<std::uint64_t> last_sent_;
    ReplayMemory memory_;
};

}  // namespace sustain::vrrp
