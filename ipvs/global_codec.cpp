#include "ipvs/global_codec.hpp"

#include <linux/genetlink.h>
#include <linux/ip_vs.h>

#include <algorithm>
#include <array>

#include "netlink/attributes.hpp"
#include "netlink/generic.hpp"

namespace sustain::ipvs {

namespace {

using netlink::Attributes;
using netlink::Message;
using netlink::Policy;

Message request(std::uint16_t family, std::uint8_t command, std::uint16_t flags = 0) {
    return netlink::generic_message(family, command, IPVS_GENL_VERSION, flags);
}

const Policy<IPVS_CMD_ATTR_MAX> kCommandPolicy = [] {
    Policy<IPVS_CMD_ATTR_MAX> policy{};
    policy[IPVS_CMD_ATTR_DAEMON].type = NLA_NESTED;
    for (const int type : {IPVS_CMD_ATTR_TIMEOUT_TCP, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, IPVS_CMD_ATTR_TIMEOUT_UDP}) {
        policy[static_cast<std::size_t>(type)].type = NLA_U32;
    }
    return policy;
}();

const Policy<IPVS_DAEMON_ATTR_MAX> kDaemonPolicy = [] {
    Policy<IPVS_DAEMON_ATTR_MAX> policy{};
    policy[IPVS_DAEMON_ATTR_STATE].type = NLA_U32;
    policy[IPVS_DAEMON_ATTR_SYNC_ID].type = NLA_U32;
    policy[IPVS_DAEMON_ATTR_SYNC_MAXLEN].type = NLA_U16;
    policy[IPVS_DAEMON_ATTR_MCAST_PORT].type = NLA_U16;
    policy[IPVS_DAEMON_ATTR_MCAST_TTL].type = NLA_U8;
    return policy;
}();

std::optional<core::Address> group_of(const Attributes<IPVS_DAEMON_ATTR_MAX>& found) {
    if (const auto octets = found.octets(IPVS_DAEMON_ATTR_MCAST_GROUP); octets.size() == 4) {
        return core::Address(octets);
    }
    if (const auto octets = found.octets(IPVS_DAEMON_ATTR_MCAST_GROUP6); octets.size() == 16) {
        return core::Address(octets);
    }
    return std::nullopt;
}

/// The nest has its length once it ends, so it must not outlive this.
void put_new_daemon(Message& message, const SyncDaemon& daemon) {
    const core::LvsSyncDaemon& settings = daemon.settings;
    const auto nest = message.nest(IPVS_CMD_ATTR_DAEMON);
    message.put_u32(IPVS_DAEMON_ATTR_STATE, static_cast<std::uint32_t>(daemon.role));
    message.put_string(IPVS_DAEMON_ATTR_MCAST_IFN, settings.interface);
    message.put_u32(IPVS_DAEMON_ATTR_SYNC_ID, settings.id.value_or(0));
    if (settings.max_length) {
        message.put_u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, *settings.max_length);
    }
    if (settings.port) {
        message.put_u16(IPVS_DAEMON_ATTR_MCAST_PORT, *settings.port);  // in host order
    }
    if (settings.ttl) {
        message.put_u8(IPVS_DAEMON_ATTR_MCAST_TTL, *settings.ttl);
    }
    if (settings.group) {
        message.put(settings.group->is_ipv4() ? IPVS_DAEMON_ATTR_MCAST_GROUP : IPVS_DAEMON_ATTR_MCAST_GROUP6,
                    settings.group->octets());
    }
}

}  // namespace

Message flush_table(std::uint16_t family) {
    return request(family, IPVS_CMD_FLUSH);
}

Message ask_timeouts(std::uint16_t family) {
    return request(family, IPVS_CMD_GET_CONFIG);
}

Message set_timeouts(std::uint16_t family, const core::LvsTimeouts& timeouts) {
    Message message = request(family, IPVS_CMD_SET_CONFIG);
    message.put_u32(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp);
    message.put_u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcp_fin);
    message.put_u32(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp);
    return message;
}

std::optional<core::LvsTimeouts> decode_timeouts(const nlmsghdr* message) {
    const auto found = Attributes<IPVS_CMD_ATTR_MAX>::of(message, GENL_HDRLEN, kCommandPolicy);
    if (!found || !found->has(IPVS_CMD_ATTR_TIMEOUT_TCP)) {
        return std::nullopt;
    }
    return core::LvsTimeouts{.tcp = found->u32(IPVS_CMD_ATTR_TIMEOUT_TCP),
                             .tcp_fin = found->u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN),
                             .udp = found->u32(IPVS_CMD_ATTR_TIMEOUT_UDP)};
}

Message ask_daemons(std::uint16_t family) {
    return request(family, IPVS_CMD_GET_DAEMON, NLM_F_DUMP);
}

Message new_daemon(std::uint16_t family, const SyncDaemon& daemon) {
    Message message = request(family, IPVS_CMD_NEW_DAEMON);
    put_new_daemon(message, daemon);
    return message;
}

Message delete_daemon(std::uint16_t family, const SyncDaemon& daemon) {
    Message message = request(family, IPVS_CMD_DEL_DAEMON);
    {
        const auto nest = message.nest(IPVS_CMD_ATTR_DAEMON);
        message.put_u32(IPVS_DAEMON_ATTR_STATE, static_cast<std::uint32_t>(daemon.role));
        message.put_u32(IPVS_DAEMON_ATTR_SYNC_ID, daemon.settings.id.value_or(0));
    }
    return message;
}

std::optional<SyncDaemon> decode_daemon(const nlmsghdr* message) {
    using Role = SyncDaemon::Role;
    const auto top = Attributes<IPVS_CMD_ATTR_MAX>::of(message, GENL_HDRLEN, kCommandPolicy);
    if (!top) {
        return std::nullopt;
    }
    const auto found = Attributes<IPVS_DAEMON_ATTR_MAX>::within((*top)[IPVS_CMD_ATTR_DAEMON], kDaemonPolicy);
    const std::uint32_t role = found ? found->u32(IPVS_DAEMON_ATTR_STATE) : 0;
    if (role != static_cast<std::uint32_t>(Role::master) && role != static_cast<std::uint32_t>(Role::backup)) {
        return std::nullopt;
    }
    SyncDaemon daemon;
    daemon.role = static_cast<Role>(role);
    daemon.settings.interface = found->text(IPVS_DAEMON_ATTR_MCAST_IFN);
    daemon.settings.id = static_cast<std::uint8_t>(found->u32(IPVS_DAEMON_ATTR_SYNC_ID));
    daemon.settings.max_length = found->u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN);
    daemon.settings.port = found->u16(IPVS_DAEMON_ATTR_MCAST_PORT);
    daemon.settings.ttl = found->u8(IPVS_DAEMON_ATTR_MCAST_TTL);
    daemon.settings.group = group_of(*found);
    return daemon;
}

}  // namespace sustain::ipvs
