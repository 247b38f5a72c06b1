// Receive buffers, of netlink sockets and of those that adverts come in by.
#include "parser/keywords/global/rows.hpp"

#include <strings.h>

namespace sustain::parser {

namespace {

using core::NetlinkBuffers;
using core::ReceiveBufferPolicy;
using core::VrrpSettings;

bool same_word(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// MTU, ADVERT or, as the first word, a number of bytes. A number beats MTU, MTU beats ADVERT.
void set_policy(Context& context, const Statement& statement) {
    VrrpSettings& vrrp = context.draft.config.global.vrrp;
    const auto add = [&](std::size_t word, ReceiveBufferPolicy policy) {
        if (vrrp.receive_buffer == ReceiveBufferPolicy::system || vrrp.receive_buffer == policy) {
            vrrp.receive_buffer = policy;
            return;
        }
        context.error(statement, word, "vrrp_rx_bufs_policy: MTU, ADVERT and a number exclude each other",
                      "a number counts more than MTU, and MTU more than ADVERT");
        for (const auto stronger : {ReceiveBufferPolicy::bytes, ReceiveBufferPolicy::mtu}) {
            if (policy == stronger || vrrp.receive_buffer == stronger) {
                vrrp.receive_buffer = stronger;
                return;
            }
        }
    };
    for (std::size_t i = 1; i < statement.size(); ++i) {
        if (same_word(statement[i], "MTU")) {
            add(i, ReceiveBufferPolicy::mtu);
        } else if (same_word(statement[i], "ADVERT")) {
            add(i, ReceiveBufferPolicy::advert);
        } else if (i > 1 && vrrp.receive_buffer == ReceiveBufferPolicy::bytes) {
            continue;  // words behind what is needed are ignored
        } else if (i > 1) {
            context.error(statement, i, fmt::format("vrrp_rx_bufs_policy {} invalid - ignoring", statement[i]),
                          "MTU or ADVERT; a number has to be the first word");
        } else if (const auto bytes = context.number(statement, i, statement.keyword.value)) {
            vrrp.receive_buffer_bytes = static_cast<std::uint32_t>(*bytes);
            add(i, ReceiveBufferPolicy::bytes);
        }
    }
}

void set_multiplier(Context& context, const Statement& statement) {
    if (statement.size() > 2) {
        context.error(statement, 2, "Invalid vrrp_rx_bufs_multiplier - ignoring", "one number");
    } else {
        store<&VrrpSettings::receive_buffer_multiplier>(context, statement);
    }
}

template <auto Member>
constexpr Keyword bytes_row(std::string_view name) {
    return amount<Member>(name, Missing::reported, number(0, kMaxUnsigned, kStrict), "0", "BYTES", "bytes");
}

constexpr Keyword kRows[] = {
    bytes_row<&NetlinkBuffers::vrrp_commands>("vrrp_netlink_cmd_rcv_bufs"),
    toggle<&NetlinkBuffers::vrrp_commands_force>("vrrp_netlink_cmd_rcv_bufs_force"),
    bytes_row<&NetlinkBuffers::vrrp_monitor>("vrrp_netlink_monitor_rcv_bufs"),
    toggle<&NetlinkBuffers::vrrp_monitor_force>("vrrp_netlink_monitor_rcv_bufs_force"),
    bytes_row<&NetlinkBuffers::process_monitor>("process_monitor_rcv_bufs"),
    toggle<&NetlinkBuffers::process_monitor_force>("process_monitor_rcv_bufs_force"),
    bytes_row<&NetlinkBuffers::lvs_commands>("lvs_netlink_cmd_rcv_bufs"),
    toggle<&NetlinkBuffers::lvs_commands_force>("lvs_netlink_cmd_rcv_bufs_force"),
    bytes_row<&NetlinkBuffers::lvs_monitor>("lvs_netlink_monitor_rcv_bufs"),
    toggle<&NetlinkBuffers::lvs_monitor_force>("lvs_netlink_monitor_rcv_bufs_force"),
    {.name = "vrrp_rx_bufs_policy",
     .missing = Missing::reported,
     .value = number(0, kMaxUnsigned, kStrict),
     .apply = set_policy,
     .repeat = Repeat::accumulates,
     .arguments = "MTU|ADVERT|BYTES"},
    {.name = "vrrp_rx_bufs_multiplier",
     .missing = Missing::reported,
     .value = number(1, kMaxUnsigned, kStrict),
     .apply = set_multiplier,
     .arguments = "N",
     .fallback = "3"},
};

}  // namespace

std::span<const Keyword> netlink_rows() {
    return kRows;
}

}  // namespace sustain::parser
