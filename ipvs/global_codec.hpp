// The messages about IPVS as a whole (spec/lvs.md 8.2): timeouts, sync daemons, flush. Like codec.hpp.
#pragma once

#include "ipvs/sync_daemon.hpp"
#include "netlink/message.hpp"

namespace sustain::ipvs {

/// Removes all services, whoever made them.
[[nodiscard]] netlink::Message flush_table(std::uint16_t family);

[[nodiscard]] netlink::Message ask_timeouts(std::uint16_t family);
/// All three are set: the kernel wants it so.
[[nodiscard]] netlink::Message set_timeouts(std::uint16_t family, const core::LvsTimeouts& timeouts);
[[nodiscard]] std::optional<core::LvsTimeouts> decode_timeouts(const nlmsghdr* message);

/// All sync daemons that run (a dump).
[[nodiscard]] netlink::Message ask_daemons(std::uint16_t family);
/// EEXIST: there is one of this role already.
[[nodiscard]] netlink::Message new_daemon(std::uint16_t family, const SyncDaemon& daemon);
/// ESRCH: there is none.
[[nodiscard]] netlink::Message delete_daemon(std::uint16_t family, const SyncDaemon& daemon);
[[nodiscard]] std::optional<SyncDaemon> decode_daemon(const nlmsghdr* message);

}  // namespace sustain::ipvs
