// What can be found wrong with a received advert (spec/vrrp.md 2.4 and 1.8), and how that reads in the log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/address.hpp"

namespace sustain::vrrp {

enum class Check : std::uint8_t {
    // These reject it, in this order.
    header_unexpected,  ///< an authentication header
    header_missing,
    too_short,
    too_long,
    ttl,
    version,
    hmac_missing,
    hmac_malformed,
    hmac_stale,
    hmac_unknown_key,
    hmac_invalid,
    hmac_replay,
    authentication_type_invalid,
    authentication_type_mismatch,
    authentication_failure,
    integrity,
    security_index,
    sequence,
    interval,
    interval_zero,
    type,
    ip_length,
    checksum,
    destination,
    own_address,  ///< owner_ignore_adverts
    unicast_source,
    unicast_ttl,
    // These are only worth a line.
    hmac_skew,
    interval_differs,
    old_checksum,
    new_checksum,
    address_count,
    address_missing,
};
constexpr std::size_t kChecks = static_cast<std::size_t>(Check::address_missing) + 1;

/// Whether an advert that this was found about is dropped.
[[nodiscard]] constexpr bool rejects(Check check) {
    return check < Check::hmac_skew;
}

struct Finding {
    Check check;
    std::size_t received = 0;
    std::size_t expected = 0;
    core::Address address{};  ///< address_missing: the first of ours that the advert does not name
};

/// The log line for a finding, as keepalived 2.4.3 words it.
[[nodiscard]] std::string describe(const Finding& finding, std::string_view instance, std::uint8_t vrid,
                                   const core::Address& source);

}  // namespace sustain::vrrp
