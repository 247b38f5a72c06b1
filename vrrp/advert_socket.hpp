// The raw sockets of adverts on one interface (spec/vrrp.md 14): one that receives what is sent to the group there, one
// that sends and takes the IP header from us. System calls only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/address.hpp"
#include "core/error.hpp"
#include "core/unique_fd.hpp"
#include "netlink/link.hpp"

namespace sustain::vrrp {

struct AdvertSockets {
    core::UniqueFd receive;
    core::UniqueFd send;
};

/// Both non-blocking, bound to the device, the receiving one a member of `group` (IPv4). EPERM without CAP_NET_RAW.
[[nodiscard]] core::Result<AdvertSockets> open_advert_sockets(const netlink::Link& link, const core::Address& group);

/// \return 0 or errno.
[[nodiscard]] int send_advert(int socket, const core::Address& group, std::span<const std::uint8_t> datagram);

struct AdvertRead {
    enum class Kind : std::uint8_t { datagram, truncated, nothing };
    Kind kind = Kind::nothing;
    std::span<const std::uint8_t> octets;  ///< within the buffer; IP header included
};

/// The next datagram that waits; any error counts as nothing.
[[nodiscard]] AdvertRead receive_advert(int socket, std::span<std::uint8_t> buffer);

}  // namespace sustain::vrrp
