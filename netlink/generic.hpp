// Generic netlink: families that the kernel numbers as they are registered (RFC: none; linux/genetlink.h).
#pragma once

#include <cstdint>
#include <string>

#include "netlink/request_socket.hpp"

namespace sustain::netlink {

/// A request of a generic family: its command and no attribute yet.
[[nodiscard]] Message generic_message(std::uint16_t family, std::uint8_t command, std::uint8_t version,
                                      std::uint16_t flags = 0);

/// The number of the family `name`, on a NETLINK_GENERIC socket. Looking it up makes the kernel load the module that
/// has it, if it can. ENOENT where there is no such family.
[[nodiscard]] core::Awaitable<core::Result<std::uint16_t>> resolve_family(RequestSocket& socket, std::string name);

}  // namespace sustain::netlink
