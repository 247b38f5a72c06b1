// How adverts prove where they come from: the password or digest of VRRPv2, and the HMAC trailer that keepalived 2.4
// adds to any version.
#pragma once

#include <cstdint>
#include <vector>

#include "core/secret.hpp"
#include "core/time.hpp"

namespace sustain::vrrp {

/// Numbers are those on the wire (RFC 2338 5.3.6).
enum class AuthenticationType : std::uint8_t { none = 0, password = 1, digest = 2 };

struct Authentication {
    AuthenticationType type = AuthenticationType::none;
    core::Secret password;  ///< at most 8 octets

    bool operator==(const Authentication&) const = default;
};

/// The block auth_hmac (spec/vrrp.md 1.8).
struct HmacAuthentication {
    struct Key {
        std::uint8_t id = 0;  ///< 1–255
        core::Secret octets;  ///< 32–64
        bool operator==(const Key&) const = default;
    };
    /// What the sequence number of a trailer is compared with.
    enum class AntiReplay : std::uint8_t { time, monotonic };
    enum class Mode : std::uint8_t {
        enforce,       ///< sends a trailer, accepts nothing without one
        permissive,    ///< sends one, accepts both
        receive_only,  ///< sends none, accepts both
    };

    std::vector<Key> keys;        ///< all are accepted, each id once
    std::uint8_t active_key = 0;  ///< signs what is sent
    AntiReplay anti_replay = AntiReplay::time;
    Mode mode = Mode::enforce;
    core::Duration window{0};  ///< of anti_replay time: 1–300 s

    bool operator==(const HmacAuthentication&) const = default;
};

}  // namespace sustain::vrrp
