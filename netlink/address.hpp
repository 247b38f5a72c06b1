// An address on an interface (rtnetlink, linux/if_addr.h): as the kernel describes it, and as we want it.
#pragma once

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

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
    std::optional<core::Address> peer;  ///< the other end of a point-to-point link; prefix.length is then the peer's
    std::string label;                  ///< empty: the name of the interface
    std::optional<std::uint32_t> preferred_lifetime;  ///< to be set: seconds; none: forever. Not read.

    [[nodiscard]] bool is_secondary() const { return (flags & IFA_F_SECONDARY) != 0; }
    /// Not while the kernel looks for a duplicate (RFC 4862 5.4), nor when it has found one.
    [[nodiscard]] bool is_usable() const {
        return (flags & IFA_F_OPTIMISTIC) != 0 || (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
    }
    bool operator==(const InterfaceAddress&) const = default;
};

/// From RTM_NEWADDR or RTM_DELADDR.
[[nodiscard]] std::optional<InterfaceAddress> read_address(const nlmsghdr* message);

/// Of both families.
[[nodiscard]] Message dump_addresses();

/// EEXIST: it is there already. `flags` are passed on as they are.
/// \param protocol the mark that says whose it is (IFA_PROTO), for a kernel that knows that attribute
[[nodiscard]] Message add_address(const InterfaceAddress& address, std::uint8_t protocol = RTPROT_KEEPALIVED);
/// By address, length and peer. EADDRNOTAVAIL: it is not there.
[[nodiscard]] Message remove_address(const InterfaceAddress& address);

}  // namespace sustain::netlink
