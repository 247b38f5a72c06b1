// Which announcement leaves next, and when (spec/vrrp.md 5.4). Packets of interfaces that share a rate (garp_group, or
// an interface of its own with vrrp_garp_interval) stand in one lane, gratuitous ARP and neighbour advertisements in
// different ones: the first leaves at once, the others one an interval. Within a lane virtual routers take turns, and
// each sends round after round of its addresses. Knows no socket and no clock.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/address.hpp"
#include "core/time.hpp"
#include "vrrp/config.hpp"

namespace sustain::vrrp {

/// One address to announce, and where.
struct Announcement {
    int interface_index = 0;
    std::string interface;
    core::Address address;
};

class AnnouncementQueue {
public:
    using Owner = const void*;

    /// The rates of a configuration; what waits already keeps its lane.
    void configure(const core::VrrpSettings& settings, const std::vector<GarpGroup>& groups);

    /// `rounds` times one packet for each. What still waits for the same owner in the same lanes is replaced, but not
    /// by fewer rounds: no more than one set is ever outstanding for an address.
    void add(Owner owner, const std::vector<Announcement>& announcements, unsigned rounds, core::TimePoint now);
    /// A single packet, unless something of this owner waits in its lane anyway.
    void add_single(Owner owner, const Announcement& announcement, core::TimePoint now);
    void forget(Owner owner);

    /// What may leave at `now`; the same one until sent() or drop(). Valid until the queue is changed.
    [[nodiscard]] const Announcement* next(core::TimePoint now) const;
    /// What next() gave has left.
    void sent(core::TimePoint now);
    /// What next() gave cannot be sent at all: it is forgotten, with its other rounds.
    void drop(core::TimePoint now);

    /// What next() gave cannot be sent at present: its lane waits until `later`, the others do not.
    void postpone(core::TimePoint later);

    /// When next() will have something; nothing when nothing waits.
    [[nodiscard]] std::optional<core::TimePoint> deadline() const;

private:
    struct Work {
        Owner owner = nullptr;
        std::vector<Announcement> announcements;
        unsigned rounds = 0;
        std::size_t next = 0;
    };
    struct Lane {
        core::Duration interval{0};
        std::list<Work> works;  ///< the first one's turn
        std::unordered_map<Owner, std::list<Work>::iterator> by_owner;
        core::TimePoint not_before{};
        std::uint64_t turn = 0;  ///< among lanes that are due at the same time
        bool waiting = false;    ///< in waiting_
    };
    using Order = std::set<std::tuple<core::TimePoint, std::uint64_t, Lane*>>;

    [[nodiscard]] Lane& lane_of(const Announcement& announcement);
    void put(Lane& lane, Owner owner, std::vector<Announcement> announcements, unsigned rounds, core::TimePoint now);
    void erase(Lane& lane, Owner owner);
    void enqueue(Lane& lane);
    void dequeue(Lane& lane);
    void step(core::TimePoint now, bool erase_it);

    core::Duration garp_interval_{0};
    core::Duration gna_interval_{0};
    std::map<std::string, GarpGroup, std::less<>> groups_;  ///< by interface; its first interface names the lane
    /// By interface or group, and family; of interfaces without a rate one for both families.
    std::map<std::pair<std::string, std::optional<core::Address::Family>>, Lane> lanes_;
    std::unordered_map<Owner, std::set<Lane*>> lanes_of_;
    Order waiting_;
    std::uint64_t turns_ = 0;
};

}  // namespace sustain::vrrp
