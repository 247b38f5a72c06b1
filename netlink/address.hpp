// An address on an interface (rtnetlink, linux/if_addr.h): as the kernel describes it, and as we want it.
#pragma once

#include <linux/if_addr.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/address.hpp"
#include "netlink/message.hpp"

namespace sustain::netlink {

struct InterfaceAddress {
    int interface_index = 0;
    core::Prefix prefix;
    std::uint32_t flags = 0;  ///< IFA_F_…
    std::uint8_t scope = 0;   ///< RT_SCOPE_…
    std::optional<core::Address> broadcast;
    std::string label;  ///< empty: the name of the interface

    [[nodiscard]] bool is_secondary() const { return (flags & IFA_F_SECONDARY) != 0; }
    /// IPv6: not usable until the kernel is sure that no other machine has it.
    [[nodiscard]] bool is_tentative() const { return (flags & IFA_F_TENTATIVE) != 0; }
    bool operator==(const InterfaceAddress&) const = default;
};

/// From RTM_NEWADDR or RTM_DELADDR.
[[nodiscard]] std::optional<InterfaceAddress> read_address(const nlmsghdr* message);

/// Of both families.
[[nodiscard]] Message dump_addresses();

/// EEXIST: it is there already. The kernel marks it as set by keepalived (IFA_PROTO). An IPv6 address is usable at
/// once, and never chosen as a source if it is a host prefix (spec/vrrp.md 12).
[[nodiscard]] Message add_address(const InterfaceAddress& address);
/// EADDRNOTAVAIL: it is not there.
[[nodiscard]] Message remove_address(const InterfaceAddress& address);

}  // namespace sustain::netlink
