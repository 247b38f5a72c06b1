#include "netlink/address.hpp"

#include "netlink/attributes.hpp"

namespace sustain::netlink {

namespace {

constexpr std::uint32_t kForever = 0xffffffff;  // INFINITY_LIFE_TIME

constexpr Policy<IFA_MAX> address_policy() {
    Policy<IFA_MAX> policy{};
    policy[IFA_FLAGS].type = NLA_U32;
    return policy;
}

Message message_about(const InterfaceAddress& address, std::uint16_t type, std::uint16_t flags) {
    Message message(type, flags);
    ifaddrmsg header{};
    header.ifa_family = static_cast<std::uint8_t>(address.prefix.address.family());
    header.ifa_prefixlen = address.prefix.length;
    header.ifa_scope = address.scope;
    header.ifa_index = static_cast<std::uint32_t>(address.interface_index);
    message.append(header);
    message.put(IFA_LOCAL, address.prefix.address.octets());
    message.put(IFA_ADDRESS, address.peer.value_or(address.prefix.address).octets());
    return message;
}

}  // namespace

std::optional<InterfaceAddress> read_address(const nlmsghdr* message) {
    const auto attributes = Attributes<IFA_MAX>::of(message, sizeof(ifaddrmsg), address_policy());
    if (!attributes) {
        return std::nullopt;
    }
    const auto* header = static_cast<const ifaddrmsg*>(nlmsg_data(message));
    // IFA_ADDRESS is the other end on a point-to-point interface, and all that there is for most of IPv6.
    const auto octets = attributes->octets(attributes->has(IFA_LOCAL) ? IFA_LOCAL : IFA_ADDRESS);
    if ((header->ifa_family != AF_INET || octets.size() != 4) &&
        (header->ifa_family != AF_INET6 || octets.size() != 16)) {
        return std::nullopt;
    }
    InterfaceAddress address;
    address.interface_index = static_cast<int>(header->ifa_index);
    address.prefix = {core::Address(octets), header->ifa_prefixlen};
    address.flags = attributes->u32(IFA_FLAGS, header->ifa_flags);
    address.scope = header->ifa_scope;
    if (const auto other = attributes->octets(IFA_ADDRESS);
        attributes->has(IFA_LOCAL) && other.size() == octets.size() && core::Address(other) != address.prefix.address) {
        address.peer = core::Address(other);
    }
    if (const auto broadcast = attributes->octets(IFA_BROADCAST); broadcast.size() == 4) {
        address.broadcast = core::Address(broadcast);
    }
    address.label = attributes->text(IFA_LABEL);
    return address;
}

Message dump_addresses() {
    Message message(RTM_GETADDR, NLM_F_DUMP);
    message.append(ifaddrmsg{});
    return message;
}

Message add_address(const InterfaceAddress& address, std::uint8_t protocol) {
    Message message = message_about(address, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    if (address.broadcast) {
        message.put(IFA_BROADCAST, address.broadcast->octets());
    }
    if (!address.label.empty()) {
        message.put_string(IFA_LABEL, address.label);
    }
    if (address.flags != 0) {
        message.put_u32(IFA_FLAGS, address.flags);
    }
    if (address.preferred_lifetime) {
        const ifa_cacheinfo lifetime{
            .ifa_prefered = *address.preferred_lifetime, .ifa_valid = kForever, .cstamp = 0, .tstamp = 0};
        message.put(IFA_CACHEINFO, {reinterpret_cast<const std::uint8_t*>(&lifetime), sizeof lifetime});
    }
    message.put_u8(IFA_PROTO, protocol);
    return message;
}

Message remove_address(const InterfaceAddress& address) {
    return message_about(address, RTM_DELADDR, 0);
}

}  // namespace sustain::netlink
