#include "netlink/link.hpp"

#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstring>

#include "netlink/attributes.hpp"

namespace sustain::netlink {

namespace {

constexpr Policy<IFLA_MAX> link_policy() {
    Policy<IFLA_MAX> policy{};
    policy[IFLA_MTU].type = NLA_U32;
    policy[IFLA_AF_SPEC].type = NLA_NESTED;
    return policy;
}

ifinfomsg header_for(int index) {
    ifinfomsg header{};
    header.ifi_family = AF_UNSPEC;
    header.ifi_index = index;
    return header;
}

}  // namespace

std::optional<Link> read_link(const nlmsghdr* message) {
    const auto attributes = Attributes<IFLA_MAX>::of(message, sizeof(ifinfomsg), link_policy());
    if (!attributes) {
        return std::nullopt;
    }
    const auto* header = static_cast<const ifinfomsg*>(nlmsg_data(message));
    if (header->ifi_family != AF_UNSPEC || !attributes->has(IFLA_IFNAME)) {
        return std::nullopt;
    }
    Link link;
    link.index = header->ifi_index;
    link.flags = header->ifi_flags;
    link.name = attributes->text(IFLA_IFNAME);
    link.mtu = attributes->u32(IFLA_MTU);
    const auto hardware = attributes->octets(IFLA_ADDRESS);
    link.hardware.assign(hardware.begin(), hardware.end());
    return link;
}

Message dump_links() {
    Message message(RTM_GETLINK, NLM_F_DUMP);
    message.append(header_for(0));
    return message;
}

Message get_link(int index) {
    Message message(RTM_GETLINK, 0);
    message.append(header_for(index));
    return message;
}

bool promotes_secondaries(const nlmsghdr* message) {
    const auto attributes = Attributes<IFLA_MAX>::of(message, sizeof(ifinfomsg), link_policy());
    if (!attributes) {
        return false;
    }
    const auto families = Attributes<AF_INET>::within((*attributes)[IFLA_AF_SPEC], {});
    const auto inet = families ? Attributes<IFLA_INET_MAX>::within((*families)[AF_INET], {}) : std::nullopt;
    if (!inet) {
        return false;
    }
    // An array of numbers, the first of which is setting number 1.
    const auto settings = inet->octets(IFLA_INET_CONF);
    constexpr std::size_t offset = (IPV4_DEVCONF_PROMOTE_SECONDARIES - 1) * sizeof(std::uint32_t);
    std::uint32_t value = 0;
    if (settings.size() < offset + sizeof value) {
        return false;
    }
    std::memcpy(&value, settings.data() + offset, sizeof value);
    return value != 0;
}

Message set_promote_secondaries(int index, bool promote) {
    Message message(RTM_SETLINK, 0);
    message.append(header_for(index));
    const auto families = message.nest(IFLA_AF_SPEC);
    const auto inet = message.nest(AF_INET);
    const auto settings = message.nest(IFLA_INET_CONF);
    message.put_u32(IPV4_DEVCONF_PROMOTE_SECONDARIES, promote ? 1 : 0);
    return message;
}

}  // namespace sustain::netlink
