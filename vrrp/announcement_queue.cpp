#include "vrrp/announcement_queue.hpp"

#include <algorithm>
#include <utility>

namespace sustain::vrrp {

void AnnouncementQueue::configure(const core::VrrpSettings& settings, const std::vector<GarpGroup>& groups) {
    garp_interval_ = settings.garp_interval;
    gna_interval_ = settings.gna_interval;
    groups_.clear();
    for (const GarpGroup& group : groups) {
        for (const std::string& interface : group.interfaces) {
            groups_.emplace(interface, group);
        }
    }
}

/// With the rate that it has by now.
AnnouncementQueue::Lane& AnnouncementQueue::lane_of(const Announcement& announcement) {
    std::optional family = announcement.address.family();
    const bool arp = announcement.address.is_ipv4();
    core::Duration interval = arp ? garp_interval_ : gna_interval_;
    std::string name = announcement.interface;
    if (const auto group = groups_.find(name); group != groups_.end()) {
        const auto& own = arp ? group->second.garp_interval : group->second.gna_interval;
        if (own) {
            interval = *own;
            name = "group " + group->second.interfaces.front();
        }
    }
    if (interval == core::Duration{0}) {  // then the order of the addresses is all that counts
        name = announcement.interface;
        family.reset();
    }
    Lane& lane = lanes_[{std::move(name), family}];
    if (lane.interval > interval) {  // a shorter one counts at once
        dequeue(lane);
        lane.not_before -= lane.interval - interval;
        enqueue(lane);
    }
    lane.interval = interval;
    return lane;
}

void AnnouncementQueue::add(Owner owner, const std::vector<Announcement>& announcements, unsigned rounds,
                            core::TimePoint now) {
    if (rounds == 0) {
        return;
    }
    std::vector<std::pair<Lane*, std::vector<Announcement>>> parts;  // few, in the order of their first addresses
    Lane* lane = nullptr;
    const Announcement* previous = nullptr;
    for (const Announcement& announcement : announcements) {
        if (previous == nullptr || previous->interface != announcement.interface ||
            previous->address.family() != announcement.address.family()) {
            lane = &lane_of(announcement);
        }
        previous = &announcement;
        auto part = std::ranges::find(parts, lane, &std::pair<Lane*, std::vector<Announcement>>::first);
        if (part == parts.end()) {
            part = parts.emplace(parts.end(), lane, std::vector<Announcement>());
        }
        part->second.push_back(announcement);
    }
    for (auto& [its_lane, its_announcements] : parts) {
        put(*its_lane, owner, std::move(its_announcements), rounds, now);
    }
}

void AnnouncementQueue::add_single(Owner owner, const Announcement& announcement, core::TimePoint now) {
    Lane& lane = lane_of(announcement);
    if (!lane.by_owner.contains(owner)) {
        put(lane, owner, {announcement}, 1, now);
    }
}

void AnnouncementQueue::put(Lane& lane, Owner owner, std::vector<Announcement> announcements, unsigned rounds,
                            core::TimePoint now) {
    if (const auto known = lane.by_owner.find(owner); known != lane.by_owner.end()) {
        Work& work = *known->second;
        work.rounds = std::max(rounds, work.rounds);
        work.announcements = std::move(announcements);
        work.next = 0;
        return;
    }
    lane.by_owner[owner] = lane.works.insert(lane.works.end(), Work{owner, std::move(announcements), rounds, 0});
    lanes_of_[owner].insert(&lane);
    if (!lane.waiting) {
        lane.not_before = std::max(lane.not_before, now);
        enqueue(lane);
    }
}

void AnnouncementQueue::forget(Owner owner) {
    const auto known = lanes_of_.find(owner);
    if (known == lanes_of_.end()) {
        return;
    }
    const auto lanes = std::move(known->second);
    for (Lane* lane : lanes) {
        erase(*lane, owner);
    }
    lanes_of_.erase(owner);
}

void AnnouncementQueue::erase(Lane& lane, Owner owner) {
    const auto work = lane.by_owner.find(owner);
    lane.works.erase(work->second);
    lane.by_owner.erase(work);
    if (lane.works.empty()) {
        dequeue(lane);
    }
    if (const auto known = lanes_of_.find(owner); known != lanes_of_.end()) {
        known->second.erase(&lane);
        if (known->second.empty()) {
            lanes_of_.erase(known);
        }
    }
}

void AnnouncementQueue::enqueue(Lane& lane) {
    if (!lane.works.empty()) {
        lane.turn = turns_++;
        waiting_.emplace(lane.not_before, lane.turn, &lane);
        lane.waiting = true;
    }
}

void AnnouncementQueue::dequeue(Lane& lane) {
    if (std::exchange(lane.waiting, false)) {
        waiting_.erase({lane.not_before, lane.turn, &lane});
    }
}

const Announcement* AnnouncementQueue::next(core::TimePoint now) const {
    if (waiting_.empty() || std::get<core::TimePoint>(*waiting_.begin()) > now) {
        return nullptr;
    }
    const Work& work = std::get<Lane*>(*waiting_.begin())->works.front();
    return &work.announcements[work.next];
}

void AnnouncementQueue::sent(core::TimePoint now) {
    step(now, false);
}

void AnnouncementQueue::drop(core::TimePoint now) {
    step(now, true);
}

void AnnouncementQueue::postpone(core::TimePoint later) {
    Lane& lane = *std::get<Lane*>(*waiting_.begin());
    dequeue(lane);
    lane.not_before = later;
    enqueue(lane);
}

void AnnouncementQueue::step(core::TimePoint now, bool erase_it) {
    Lane& lane = *std::get<Lane*>(*waiting_.begin());
    dequeue(lane);
    Work& work = lane.works.front();
    if (erase_it) {
        work.announcements.erase(work.announcements.begin() + static_cast<std::ptrdiff_t>(work.next));
    } else {
        ++work.next;
        lane.not_before = now + lane.interval;
    }
    if (work.next == work.announcements.size()) {
        work.next = 0;
        --work.rounds;
    }
    if (work.rounds == 0 || work.announcements.empty()) {
        erase(lane, work.owner);
    } else {
        lane.works.splice(lane.works.end(), lane.works, lane.works.begin());
    }
    enqueue(lane);
}

std::optional<core::TimePoint> AnnouncementQueue::deadline() const {
    return waiting_.empty() ? std::nullopt : std::optional(std::get<core::TimePoint>(*waiting_.begin()));
}

}  // namespace sustain::vrrp
