// Judges a received datagram by the checks of spec/vrrp.md 2.4, in their order: the first that fails decides.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vrrp/datagram.hpp"
#include "vrrp/packet.hpp"

namespace sustain::vrrp {

/// What can be found wrong with an advert. All but the last two reject it.
enum class Check : std::uint8_t {
    too_short,
    too_long,
    ttl,
    version,
    authentication_type_invalid,
    authentication_type_mismatch,
    authentication_failure,
    interval,
    type,
    ip_length,
    checksum,
    destination,
    address_count,    ///< noted only
    address_missing,  ///< noted only
};
constexpr std::size_t kChecks = static_cast<std::size_t>(Check::address_missing) + 1;

struct Finding {
    Check check;
    std::size_t received = 0;
    std::size_t expected = 0;
    core::Address address;  ///< address_missing: the first of ours that the advert does not name
};

/// What the virtual router that the advert is for expects of it.
struct Expectation {
    std::uint8_t vrid = 0;
    AuthenticationType authentication = AuthenticationType::none;
    AuthenticationData data{};
    std::uint8_t interval = 1;             ///< seconds
    std::vector<core::Address> addresses;  ///< advertised ones
};

/// The virtual router that a datagram is for; nothing if it is too short to be an advert at all (2.2).
[[nodiscard]] std::optional<std::uint8_t> addressed_vrid(const Datagram& datagram);

/// The advert, or the check that it fails. `datagram` has an addressed_vrid().
[[nodiscard]] std::expected<Advert, Finding> validate(const Datagram& datagram, const Expectation& expectation);

/// Rows 17 and 18 of 2.4: other addresses than ours are worth a line in the log, but no reason to reject.
[[nodiscard]] std::optional<Finding> compare_addresses(const Advert& advert, const Expectation& expectation);

/// The log line for a finding, as keepalived 2.4.3 words it.
[[nodiscard]] std::string describe(const Finding& finding, std::string_view instance, std::uint8_t vrid,
                                   const core::Address& source);

}  // namespace sustain::vrrp
