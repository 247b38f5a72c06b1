// A network interface as the kernel describes it (rtnetlink, linux/if_link.h).
#pragma once

#include <net/if.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "netlink/message.hpp"

namespace sustain::netlink {

struct Link {
    int index = 0;
    std::string name;
    unsigned flags = 0;                  ///< IFF_…
    std::uint32_t mtu = 0;               ///< octets
    std::vector<std::uint8_t> hardware;  ///< address; 6 octets on Ethernet

    /// What VRRP takes for up: administratively up and with a carrier.
    [[nodiscard]] bool is_up() const { return (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0; }
    [[nodiscard]] bool has_arp() const { return (flags & (IFF_NOARP | IFF_LOOPBACK)) == 0 && hardware.size() == 6; }
    bool operator==(const Link&) const = default;
};

/// From RTM_NEWLINK or RTM_DELLINK; nothing for what a bridge or another family says about its ports.
[[nodiscard]] std::optional<Link> read_link(const nlmsghdr* message);

[[nodiscard]] Message dump_links();

/// Asks for one link with all its settings (RTM_GETLINK), to be read by promotes_secondaries().
[[nodiscard]] Message get_link(int index);
/// net.ipv4.conf.IF.promote_secondaries: whether another address becomes primary when the primary one is removed.
/// Without it the kernel removes all of the subnet.
[[nodiscard]] bool promotes_secondaries(const nlmsghdr* message);
[[nodiscard]] Message set_promote_secondaries(int index, bool promote);

}  // namespace sustain::netlink
