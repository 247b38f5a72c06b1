// Keyed digests, by libcrypto.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sustain::vrrp {

/// HMAC-MD5 (RFC 2104). \throw std::runtime_error where libcrypto offers none (FIPS mode).
[[nodiscard]] std::array<std::uint8_t, 16> hmac_md5(std::string_view key, std::span<const std::uint8_t> octets);
/// HMAC-SHA-256. \throw likewise.
[[nodiscard]] std::array<std::uint8_t, 32> hmac_sha256(std::string_view key, std::span<const std::uint8_t> octets);

/// Takes the same time whatever the octets are and wherever they differ.
[[nodiscard]] bool equal_in_constant_time(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other);

}  // namespace sustain::vrrp
