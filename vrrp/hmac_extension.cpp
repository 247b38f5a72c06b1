#include "vrrp/hmac_extension.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>

#include "core/bytes.hpp"
#include "vrrp/digest.hpp"
#include "vrrp/packet.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::uint8_t kTypeHmacSha256 = 1;
constexpr std::size_t kDigestOffset = 12;
constexpr std::size_t kDigestSize = kHmacTrailerSize - kDigestOffset;
using Digest = std::array<std::uint8_t, kDigestSize>;

/// Seconds in the upper half, then 1/65536 s, then a counter.
std::uint64_t clock_number(UtcTime now) {
    const auto microseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
    const std::uint64_t fraction = microseconds % 1'000'000 * 65'536 / 1'000'000;
    return microseconds / 1'000'000 << 32 | fraction << 16;
}

/// A span of time in the units of such a number.
std::uint64_t in_number(core::Duration duration) {
    return static_cast<std::uint64_t>(duration.count()) / 1'000'000 << 32;
}

Digest digest(std::string_view key, const HmacContext& context, std::span<const std::uint8_t> packet,
              std::span<const std::uint8_t> trailer) {
    constexpr std::size_t kAddressField = 16;
    core::ByteWriter input;
    input.u8(context.source.is_ipv4() ? 4 : 6);
    input.u8(context.version);
    input.u8(context.vrid);
    input.u8(0);
    input.raw(context.source.octets());
    const std::array<std::uint8_t, kAddressField> zeros{};
    input.raw(std::span(zeros).first(kAddressField - context.source.octets().size()));
    const std::size_t checksum = input.size() + kPacketChecksumOffset;
    input.raw(packet);
    input.patch_u16(checksum, 0);
    input.raw(trailer.first(kDigestOffset));
    input.raw(std::span(zeros).first(kDigestSize));
    const auto full = hmac_sha256(key, input.bytes());
    Digest result{};
    std::copy_n(full.begin(), result.size(), result.begin());
    return result;
}

}  // namespace

// --- What has been heard ---

bool ReplayMemory::accept(const core::Address& sender, std::uint64_t number) {
    if (const auto known = senders_.find(sender); known != senders_.end()) {
        if (!is_later(number, known->second)) {
            return false;
        }
        known->second = number;
        return true;
    }
    if (floor_ && !is_later(number, *floor_)) {
        return false;
    }
    if (senders_.size() >= capacity_) {
        const auto oldest = std::ranges::min_element(
            senders_, [](const auto& a, const auto& b) { return is_later(b.second, a.second); });
        if (!is_later(number, oldest->second)) {
            return false;  // it would be the one to forget
        }
        floor_ = floor_ && is_later(*floor_, oldest->second) ? *floor_ : oldest->second;
        senders_.erase(oldest);
    }
    senders_.emplace(sender, number);
    return true;
}

// --- The trailer ---

std::optional<std::string_view> HmacExtension::key(std::uint8_t id) const {
    const auto found = std::ranges::find(settings_.keys, id, &HmacAuthentication::Key::id);
    if (found == settings_.keys.end()) {
        return std::nullopt;
    }
    return found->octets.reveal();
}

/// Later than all before, and as close to the clock as that allows.
std::uint64_t HmacExtension::next_number(UtcTime now) {
    const std::uint64_t clock = clock_number(now);
    std::uint64_t number = clock;
    if (last_sent_ && !is_later(clock, *last_sent_)) {
        // A clock that was set back by more than others tolerate: they would not accept the old count either.
        const bool run_away = settings_.anti_replay == HmacAuthentication::AntiReplay::time &&
                              *last_sent_ - clock > in_number(settings_.window);
        number = run_away ? clock : *last_sent_ + 1;
    }
    last_sent_ = number;
    return number;
}

void HmacExtension::sign(const HmacContext& context, std::span<const std::uint8_t> packet,
                         std::span<std::uint8_t> trailer, UtcTime now) {
    assert(trailer.size() == kHmacTrailerSize);
    const auto secret = key(settings_.active_key);
    assert(secret);
    core::ByteWriter head;
    head.u8(kTypeHmacSha256);
    head.u8(settings_.active_key);
    head.u16(0);
    head.u64(next_number(now));
    std::ranges::copy(head.bytes(), trailer.begin());
    std::ranges::copy(digest(secret.value_or(""), context, packet, trailer), trailer.begin() + kDigestOffset);
}

std::optional<Finding> HmacExtension::verify(const HmacContext& context, std::span<const std::uint8_t> packet,
                                             std::span<const std::uint8_t> trailer, UtcTime now) {
    core::ByteReader in(trailer);
    const std::uint8_t type = in.u8();
    const std::uint8_t key_id = in.u8();
    const std::uint16_t reserved = in.u16();
    const std::uint64_t number = in.u64();
    const auto received_digest = in.take(kDigestSize);
    if (!in.ok() || type != kTypeHmacSha256 || reserved != 0) {
        return Finding{.check = Check::hmac_malformed};
    }
    const bool timed = settings_.anti_replay == HmacAuthentication::AntiReplay::time;
    const auto difference = static_cast<std::int64_t>(clock_number(now) - number);
    const std::uint64_t skew =
        difference < 0 ? -static_cast<std::uint64_t>(difference) : static_cast<std::uint64_t>(difference);
    const auto seconds = [](std::uint64_t span) { return static_cast<std::size_t>(span >> 32); };
    const std::uint64_t window = in_number(settings_.window);
    if (timed && skew > window) {
        return Finding{.check = Check::hmac_stale, .received = seconds(skew), .expected = seconds(window)};
    }
    const auto secret = key(key_id);
    if (!secret) {
        return Finding{.check = Check::hmac_unknown_key, .received = key_id};
    }
    if (!equal_in_constant_time(digest(*secret, context, packet, trailer), received_digest)) {
        return Finding{.check = Check::hmac_invalid};
    }
    if (!memory_.accept(context.source, number)) {
        return Finding{.check = Check::hmac_replay};
    }
    if (timed && skew > window / 2) {
        return Finding{.check = Check::hmac_skew, .received = seconds(skew), .expected = seconds(window)};
    }
    return std::nullopt;
}

}  // namespace sustain::vrrp
