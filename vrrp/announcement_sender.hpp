// Sends gratuitous ARP and unsolicited neighbour advertisements: at the pace of an AnnouncementQueue and as fast as the
// socket takes them, a bounded number a turn of the loop, and nothing for a router that is no longer MASTER.
#pragma once

#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "core/loop.hpp"
#include "core/unique_fd.hpp"
#include "netlink/link_table.hpp"
#include "vrrp/announcement_queue.hpp"

namespace sustain::vrrp {

class AnnouncementSender {
public:
    using Owner = AnnouncementQueue::Owner;

    /// EPERM without CAP_NET_RAW. `links` must outlive it: packets carry the hardware address that an interface has
    /// when they leave.
    [[nodiscard]] static core::Result<std::unique_ptr<AnnouncementSender>> open(core::Loop& loop,
                                                                                const netlink::LinkTable& links);

    /// The rates of a configuration.
    void configure(const core::VrrpSettings& settings, const std::vector<GarpGroup>& groups);

    /// See AnnouncementQueue.
    void announce(Owner owner, const std::vector<Announcement>& announcements, unsigned rounds);
    void announce_once(Owner owner, const Announcement& announcement);
    void forget(Owner owner);

private:
    AnnouncementSender(core::Loop& loop, const netlink::LinkTable& links, core::UniqueFd socket);
    void flush();
    [[nodiscard]] int send(const netlink::Link& link, const core::Address& address);
    [[nodiscard]] bool forwards(const netlink::Link& link);
    void wake_at(core::TimePoint time);

    struct Forwarding {
        bool enabled = false;
        core::TimePoint read_at{};
    };

    const netlink::LinkTable& links_;
    core::UniqueFd socket_;
    core::Timer timer_;
    bool waiting_ = false;
    core::TimePoint waits_for_{};
    AnnouncementQueue queue_;
    std::set<int> stuck_;  ///< interfaces that take no more at present, which has been logged
    std::unordered_map<int, Forwarding> forwarding_;  ///< by interface index
};

}  // namespace sustain::vrrp
