// How packets get from the load balancer to a server.
#pragma once

#include <cstdint>

namespace sustain::ipvs {

/// IP_VS_CONN_F_FWD_MASK values.
enum class Forwarding : std::uint8_t { nat = 0, tunnel = 2, direct = 3 };

/// IP_VS_CONN_F_TUNNEL_TYPE_… values.
enum class TunnelType : std::uint8_t { ipip = 0, gue = 1, gre = 2 };

/// IP_VS_TUNNEL_ENCAP_FLAG_… values.
enum class TunnelChecksum : std::uint8_t { none = 0, plain = 1, remote = 2 };

/// Of Forwarding::tunnel.
struct Tunnel {
    TunnelType type = TunnelType::ipip;
    TunnelChecksum checksum = TunnelChecksum::none;  ///< gue and gre; remote: gue only
    std::uint16_t port = 0;                          ///< gue only, where it is not 0

    bool operator==(const Tunnel&) const = default;
};

}  // namespace sustain::ipvs
