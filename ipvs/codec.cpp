#include "ipvs/codec.hpp"

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "netlink/attributes.hpp"
#include "netlink/generic.hpp"

namespace sustain::ipvs {

namespace {

using netlink::Attributes;
using netlink::Message;
using netlink::Policy;

constexpr std::uint32_t kHashed = IP_VS_SVC_F_HASHED;  // the kernel's own, of no meaning to others

struct Flags {  // ip_vs_flags
    std::uint32_t flags;
    std::uint32_t mask;
};

void put_address(Message& message, int type, const core::Address& address) {
    std::array<std::uint8_t, 16> octets{};
    std::ranges::copy(address.octets(), octets.begin());
    message.put(type, octets);
}

/// What identifies the service.
void put_key(Message& message, const ServiceKey& key) {
    message.put_u16(IPVS_SVC_ATTR_AF, static_cast<std::uint16_t>(key.address.family()));
    if (key.fwmark != 0) {
        message.put_u32(IPVS_SVC_ATTR_FWMARK, key.fwmark);
        return;
    }
    message.put_u16(IPVS_SVC_ATTR_PROTOCOL, static_cast<std::uint16_t>(key.protocol));
    put_address(message, IPVS_SVC_ATTR_ADDR, key.address);
    message.put_u16(IPVS_SVC_ATTR_PORT, htons(key.port));
}

void put_settings(Message& message, const ServiceKey& key, const ServiceSettings& settings) {
    message.put_string(IPVS_SVC_ATTR_SCHED_NAME, settings.scheduler);
    if (!settings.engine.empty()) {  // the kernel would look an empty name up
        message.put_string(IPVS_SVC_ATTR_PE_NAME, settings.engine);
    }
    const Flags flags{settings.flags, 0xffffffff};
    message.put(IPVS_SVC_ATTR_FLAGS, {reinterpret_cast<const std::uint8_t*>(&flags), sizeof flags});
    message.put_u32(IPVS_SVC_ATTR_TIMEOUT, settings.timeout);
    message.put_u32(IPVS_SVC_ATTR_NETMASK, key.address.is_ipv4() ? htonl(settings.netmask) : settings.netmask);
}

/// In destination commands the service is named without anything of persistence.
ServiceSettings without_persistence(const ServiceKey& key, const ServiceSettings& settings) {
    return {.scheduler = settings.scheduler,
            .flags = settings.flags & ~std::uint32_t{IP_VS_SVC_F_PERSISTENT},
            .timeout = 0,
            .netmask = key.address.is_ipv4() ? 0xffffffff : 128,
            .engine = {}};
}

void put_destination(Message& message, const Service::Destination& destination) {
    const auto& [key, settings] = destination;
    message.put_u16(IPVS_DEST_ATTR_ADDR_FAMILY, static_cast<std::uint16_t>(key.address.family()));
    put_address(message, IPVS_DEST_ATTR_ADDR, key.address);
    message.put_u16(IPVS_DEST_ATTR_PORT, htons(key.port));
    message.put_u32(IPVS_DEST_ATTR_FWD_METHOD, static_cast<std::uint32_t>(settings.forwarding));
    message.put_u32(IPVS_DEST_ATTR_WEIGHT, static_cast<std::uint32_t>(settings.weight));
    if (settings.forwarding == Forwarding::tunnel) {  // kernels before 5.2 know none of these
        message.put_u8(IPVS_DEST_ATTR_TUN_TYPE, settings.tunnel_type);
        if (settings.tunnel_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE) {
            message.put_u16(IPVS_DEST_ATTR_TUN_PORT, htons(settings.tunnel_port));
        }
        if (settings.tunnel_type != IP_VS_CONN_F_TUNNEL_TYPE_IPIP) {
            message.put_u16(IPVS_DEST_ATTR_TUN_FLAGS, settings.tunnel_flags);
        }
    }
    message.put_u32(IPVS_DEST_ATTR_U_THRESH, settings.upper_threshold);
    message.put_u32(IPVS_DEST_ATTR_L_THRESH, settings.lower_threshold);
}

std::uint8_t command_of(Edit::Operation operation) {
    switch (operation) {
        case Edit::Operation::new_service: return IPVS_CMD_NEW_SERVICE;
        case Edit::Operation::set_service: return IPVS_CMD_SET_SERVICE;
        case Edit::Operation::delete_service: return IPVS_CMD_DEL_SERVICE;
        case Edit::Operation::new_destination: return IPVS_CMD_NEW_DEST;
        case Edit::Operation::set_destination: return IPVS_CMD_SET_DEST;
        case Edit::Operation::delete_destination: return IPVS_CMD_DEL_DEST;
    }
    return IPVS_CMD_UNSPEC;
}

Message request(std::uint16_t family, std::uint8_t command, std::uint16_t flags = 0) {
    return netlink::generic_message(family, command, IPVS_GENL_VERSION, flags);
}

Message request_about(std::uint16_t family, std::uint8_t command, std::uint16_t flags, const ServiceKey& key) {
    Message message = request(family, command, flags);
    {
        const auto nest = message.nest(IPVS_CMD_ATTR_SERVICE);
        put_key(message, key);
    }
    return message;
}

const Policy<IPVS_CMD_ATTR_MAX> kCommandPolicy = [] {
    Policy<IPVS_CMD_ATTR_MAX> policy{};
    policy[IPVS_CMD_ATTR_SERVICE].type = NLA_NESTED;
    policy[IPVS_CMD_ATTR_DEST].type = NLA_NESTED;
    return policy;
}();

const Policy<IPVS_SVC_ATTR_MAX> kServicePolicy = [] {
    Policy<IPVS_SVC_ATTR_MAX> policy{};
    for (const int type : {IPVS_SVC_ATTR_AF, IPVS_SVC_ATTR_PROTOCOL, IPVS_SVC_ATTR_PORT}) {
        policy[static_cast<std::size_t>(type)].type = NLA_U16;
    }
    for (const int type : {IPVS_SVC_ATTR_FWMARK, IPVS_SVC_ATTR_TIMEOUT, IPVS_SVC_ATTR_NETMASK}) {
        policy[static_cast<std::size_t>(type)].type = NLA_U32;
    }
    policy[IPVS_SVC_ATTR_FLAGS].minlen = sizeof(Flags);
    return policy;
}();

const Policy<IPVS_DEST_ATTR_MAX> kDestinationPolicy = [] {
    Policy<IPVS_DEST_ATTR_MAX> policy{};
    for (const int type :
         {IPVS_DEST_ATTR_ADDR_FAMILY, IPVS_DEST_ATTR_PORT, IPVS_DEST_ATTR_TUN_PORT, IPVS_DEST_ATTR_TUN_FLAGS}) {
        policy[static_cast<std::size_t>(type)].type = NLA_U16;
    }
    for (const int type :
         {IPVS_DEST_ATTR_FWD_METHOD, IPVS_DEST_ATTR_WEIGHT, IPVS_DEST_ATTR_U_THRESH, IPVS_DEST_ATTR_L_THRESH}) {
        policy[static_cast<std::size_t>(type)].type = NLA_U32;
    }
    policy[IPVS_DEST_ATTR_TUN_TYPE].type = NLA_U8;
    return policy;
}();

std::optional<core::Address::Family> family_of(std::uint16_t number) {
    switch (number) {
        case AF_INET: return core::Address::Family::ipv4;
        case AF_INET6: return core::Address::Family::ipv6;
        default: return std::nullopt;
    }
}

/// IPv4 addresses come in the first 4 of 16 octets.
std::optional<core::Address> address_of(std::span<const std::uint8_t> octets, core::Address::Family family) {
    const std::size_t length = family == core::Address::Family::ipv4 ? 4 : 16;
    if (octets.size() < length) {
        return std::nullopt;
    }
    return core::Address(octets.first(length));
}

/// The `any` address, for services that have none.
core::Address any(core::Address::Family family) {
    return family == core::Address::Family::ipv4 ? core::Address() : core::Address(std::array<std::uint8_t, 16>{});
}

}  // namespace

Message encode(std::uint16_t family, const Edit& edit) {
    Message message = request(family, command_of(edit.operation));
    {
        const auto nest = message.nest(IPVS_CMD_ATTR_SERVICE);
        put_key(message, edit.service);
        put_settings(message, edit.service,
                     edit.on_destination() ? without_persistence(edit.service, edit.settings) : edit.settings);
    }
    if (edit.on_destination()) {
        const auto nest = message.nest(IPVS_CMD_ATTR_DEST);
        put_destination(message, edit.destination);
    }
    return message;
}

Message ask_info(std::uint16_t family) {
    return request(family, IPVS_CMD_GET_INFO);
}

Message ask_services(std::uint16_t family) {
    return request(family, IPVS_CMD_GET_SERVICE, NLM_F_DUMP);
}

Message ask_service(std::uint16_t family, const ServiceKey& key) {
    return request_about(family, IPVS_CMD_GET_SERVICE, 0, key);
}

Message ask_destinations(std::uint16_t family, const ServiceKey& key) {
    return request_about(family, IPVS_CMD_GET_DEST, NLM_F_DUMP, key);
}

std::optional<std::pair<ServiceKey, ServiceSettings>> decode_service(const nlmsghdr* message) {
    const auto top = Attributes<IPVS_CMD_ATTR_MAX>::of(message, GENL_HDRLEN, kCommandPolicy);
    if (!top) {
        return std::nullopt;
    }
    const auto found = Attributes<IPVS_SVC_ATTR_MAX>::within((*top)[IPVS_CMD_ATTR_SERVICE], kServicePolicy);
    const auto family = found ? family_of(found->u16(IPVS_SVC_ATTR_AF)) : std::nullopt;
    if (!family || !found->has(IPVS_SVC_ATTR_SCHED_NAME) || !found->has(IPVS_SVC_ATTR_FLAGS)) {
        return std::nullopt;
    }
    ServiceKey key;
    key.fwmark = found->u32(IPVS_SVC_ATTR_FWMARK);
    key.address = any(*family);
    if (key.fwmark == 0) {
        const auto address = address_of(found->octets(IPVS_SVC_ATTR_ADDR), *family);
        if (!address) {
            return std::nullopt;
        }
        key.address = *address;
        key.protocol = static_cast<Protocol>(found->u16(IPVS_SVC_ATTR_PROTOCOL));
        key.port = ntohs(found->u16(IPVS_SVC_ATTR_PORT));
    }
    ServiceSettings settings;
    settings.scheduler = found->text(IPVS_SVC_ATTR_SCHED_NAME);
    settings.engine = found->text(IPVS_SVC_ATTR_PE_NAME);
    Flags flags{};
    std::memcpy(&flags, found->octets(IPVS_SVC_ATTR_FLAGS).data(), sizeof flags);
    settings.flags = flags.flags & ~kHashed;
    settings.timeout = (flags.flags & IP_VS_SVC_F_PERSISTENT) != 0 ? found->u32(IPVS_SVC_ATTR_TIMEOUT) : 0;
    const std::uint32_t netmask = found->u32(IPVS_SVC_ATTR_NETMASK);
    settings.netmask = *family == core::Address::Family::ipv4 ? ntohl(netmask) : netmask;
    return std::pair(key, std::move(settings));
}

std::optional<Service::Destination> decode_destination(const nlmsghdr* message, core::Address::Family family) {
    const auto top = Attributes<IPVS_CMD_ATTR_MAX>::of(message, GENL_HDRLEN, kCommandPolicy);
    if (!top) {
        return std::nullopt;
    }
    const auto found = Attributes<IPVS_DEST_ATTR_MAX>::within((*top)[IPVS_CMD_ATTR_DEST], kDestinationPolicy);
    // Kernels before 3.18 do not say the family: it is the service's.
    const auto own_family =
        found ? family_of(found->u16(IPVS_DEST_ATTR_ADDR_FAMILY, static_cast<std::uint16_t>(family))) : std::nullopt;
    const auto address = own_family ? address_of(found->octets(IPVS_DEST_ATTR_ADDR), *own_family) : std::nullopt;
    if (!address || !found->has(IPVS_DEST_ATTR_PORT) || !found->has(IPVS_DEST_ATTR_FWD_METHOD)) {
        return std::nullopt;
    }
    Service::Destination destination;
    destination.key = {*address, ntohs(found->u16(IPVS_DEST_ATTR_PORT))};
    DestinationSettings& settings = destination.settings;
    settings.forwarding = static_cast<Forwarding>(found->u32(IPVS_DEST_ATTR_FWD_METHOD) & IP_VS_CONN_F_FWD_MASK);
    settings.weight = static_cast<std::int32_t>(found->u32(IPVS_DEST_ATTR_WEIGHT));
    settings.upper_threshold = found->u32(IPVS_DEST_ATTR_U_THRESH);
    settings.lower_threshold = found->u32(IPVS_DEST_ATTR_L_THRESH);
    if (settings.forwarding == Forwarding::tunnel) {
        settings.tunnel_type = found->u8(IPVS_DEST_ATTR_TUN_TYPE);
        settings.tunnel_port = ntohs(found->u16(IPVS_DEST_ATTR_TUN_PORT));
        settings.tunnel_flags = found->u16(IPVS_DEST_ATTR_TUN_FLAGS);
    }
    return destination;
}

}  // namespace sustain::ipvs
