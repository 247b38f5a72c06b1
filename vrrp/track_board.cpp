#include "vrrp/track_board.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "vrrp/log_action.hpp"

namespace sustain::vrrp {

namespace {

using Known = TrackedStatus::Known;

TrackedStatus initial_status(Tracked kind) {
    switch (kind) {
        case Tracked::script: return {.known = Known::waiting};
        case Tracked::file: return {.known = Known::number};
        default: return {.known = Known::down};
    }
}

/// An interface that an address of the instance depends on is a fault when it goes, whatever its weight
/// (spec/semantic-checks-core.md 8).
bool carries_address(const Instance& instance, const std::string& interface) {
    const auto carries = [&](const VirtualAddress& address) { return address.track && address.device == interface; };
    return std::ranges::any_of(instance.addresses, carries) || std::ranges::any_of(instance.excluded, carries);
}

/// Interfaces of static addresses by the names of the instances that depend on them through a track_group.
using StaticDevices = std::unordered_map<std::string_view, std::set<std::string_view>>;

StaticDevices static_devices(const Config& config) {
    std::unordered_map<std::string_view, std::set<std::string_view>> of_group;
    for (const StaticAddress& address : config.static_addresses) {
        if (!address.track_group.empty()) {
            of_group[address.track_group].insert(address.device);
        }
    }
    StaticDevices of_instance;
    for (const TrackGroup& group : config.track_groups) {
        if (const auto devices = of_group.find(group.name); devices != of_group.end()) {
            for (const std::string& member : group.members) {
                of_instance[member].insert(devices->second.begin(), devices->second.end());
            }
        }
    }
    return of_instance;
}

/// What an instance tracks in effect: what is written, and the interfaces that its addresses and its track groups need.
std::vector<Tracker> effective_trackers(const Instance& instance, const StaticDevices& static_devices) {
    std::vector<Tracker> trackers = instance.trackers;
    const auto found = static_devices.find(instance.name);
    std::set<std::string_view> needed = found == static_devices.end() ? std::set<std::string_view>() : found->second;
    for (Tracker& tracker : trackers) {
        if (tracker.kind == Tracked::interface &&
            (needed.erase(tracker.name) > 0 || (tracker.weight != 0 && carries_address(instance, tracker.name)))) {
            tracker.weight = 0;
        }
    }
    needed.erase(instance.interface);  // its router looks at that one itself
    for (const std::string_view device : needed) {
        trackers.push_back({.kind = Tracked::interface, .name = std::string(device)});
    }
    return trackers;
}

}  // namespace

void TrackBoard::configure(const Config& config) {
    routers_.clear();
    for (Objects& kind : objects_) {
        for (auto& [name, object] : kind) {
            object.links.clear();
        }
    }
    const StaticDevices devices = static_devices(config);
    for (Index index = 0; index < config.instances.size(); ++index) {
        const Instance& instance = config.instances[index];
        std::vector<Tracker> trackers = effective_trackers(instance, devices);
        if (trackers.empty()) {
            continue;
        }
        Router& router = routers_[index];
        router.name = instance.name;
        router.trackers = std::move(trackers);
        for (std::uint32_t number = 0; number < router.trackers.size(); ++number) {
            const Tracker& tracker = router.trackers[number];
            Object& object = objects(tracker.kind)
                                 .try_emplace(tracker.name, Object{.status = initial_status(tracker.kind)})
                                 .first->second;
            const Contribution counted = contribution(tracker, object.status);
            object.links.push_back({index, number, counted});
            add(router, counted, 1);
        }
    }
}

void TrackBoard::add(Router& router, const Contribution& contribution, int times) {
    router.tracking.weight += contribution.weight * times;
    if (contribution.fault) {
        router.tracking.faults += static_cast<unsigned>(times);
    }
    if (contribution.waiting) {
        router.waiting += static_cast<unsigned>(times);
    }
    router.tracking.waiting = router.waiting > 0;
}

void TrackBoard::set(Tracked kind, const std::string& name, const TrackedStatus& status, std::vector<Index>& changed,
                     Actions& lines) {
    Object& object = objects(kind).try_emplace(name, Object{.status = initial_status(kind)}).first->second;
    if (object.status == status) {
        return;
    }
    object.status = status;
    Index last_changed = 0;
    bool any = false;
    for (Link& link : object.links) {
        Router& router = routers_.at(link.router);
        const Tracker& tracker = router.trackers[link.tracker];
        Contribution is = contribution(tracker, status);
        if (is.fault && tracker.weight != 0) {
            is.weight = link.counted.weight;  // a number beyond the limit is a fault, no other priority
        }
        if (link.counted == is) {
            continue;
        }
        const Contribution was = std::exchange(link.counted, is);
        if (kind == Tracked::file && was.fault != is.fault) {
            log(lines, "({}): tracked file {} {} FAULT state", router.name, name, is.fault ? "now" : "leaving");
        }
        add(router, was, -1);
        add(router, is, 1);
        // The links of one router are next to each other.
        if (!any || last_changed != link.router) {
            changed.push_back(link.router);
        }
        any = true;
        last_changed = link.router;
    }
}

void TrackBoard::forget(Tracked kind, const std::string& name) {
    if (const auto found = objects(kind).find(name); found != objects(kind).end() && found->second.links.empty()) {
        objects(kind).erase(found);
    }
}

const Tracking& TrackBoard::tracking(Index router) const {
    static const Tracking kNothing;
    const auto found = routers_.find(router);
    return found == routers_.end() ? kNothing : found->second.tracking;
}

std::vector<std::string> TrackBoard::faults(Index index) const {
    std::vector<std::string> lines;
    const auto found = routers_.find(index);
    if (found == routers_.end()) {
        return lines;
    }
    const Router& router = found->second;
    for (const Tracker& tracker : router.trackers) {
        const TrackedStatus now = status(tracker.kind, tracker.name);
        if (!contribution(tracker, now).fault) {
            continue;
        }
        switch (tracker.kind) {
            case Tracked::script:
                lines.push_back(fmt::format("({}): entering FAULT state due to script {}", router.name, tracker.name));
                break;
            case Tracked::file:
                lines.push_back(fmt::format("({}): entering FAULT state (tracked file {} has status -254)", router.name,
                                            tracker.name));
                break;
            case Tracked::process:
                lines.push_back(fmt::format("({}) entering FAULT state (tracked process {} quorum not achieved)",
                                            router.name, tracker.name));
                break;
            case Tracked::interface:
                lines.push_back(fmt::format("({}): entering FAULT state (interface {} {})", router.name, tracker.name,
                                            now.known == Known::up ? "up" : "down"));
                break;
            case Tracked::bfd:
                lines.push_back(
                    fmt::format("({}): entering FAULT state (BFD instance {} down)", router.name, tracker.name));
                break;
        }
    }
    return lines;
}

std::vector<TrackBoard::Index> TrackBoard::routers(Tracked kind, const std::string& name) const {
    std::vector<Index> found;
    const Objects& known = objects_[static_cast<std::size_t>(kind)];
    if (const auto object = known.find(name); object != known.end()) {
        for (const Link& link : object->second.links) {
            found.push_back(link.router);
        }
    }
    return found;
}

std::vector<std::string> TrackBoard::interfaces() const {
    std::vector<std::string> names;
    for (const auto& [name, object] : objects_[static_cast<std::size_t>(Tracked::interface)]) {
        if (!object.links.empty()) {
            names.push_back(name);
        }
    }
    return names;
}

bool TrackBoard::is_tracked(Tracked kind, const std::string& name) const {
    const Objects& known = objects_[static_cast<std::size_t>(kind)];
    const auto found = known.find(name);
    return found != known.end() && !found->second.links.empty();
}

TrackedStatus TrackBoard::status(Tracked kind, const std::string& name) const {
    const Objects& known = objects_[static_cast<std::size_t>(kind)];
    const auto found = known.find(name);
    return found == known.end() ? initial_status(kind) : found->second.status;
}

}  // namespace sustain::vrrp
