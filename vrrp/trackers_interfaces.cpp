// The interfaces that are tracked. What interface_up_down_delays say counts for them as for a router's own
// (spec/vrrp.md 9.4): a change has to last, but for no longer than any router that tracks the interface can bear.
#include <algorithm>
#include <map>

#include "vrrp/intervals.hpp"
#include "vrrp/trackers.hpp"

namespace sustain::vrrp {

namespace {

using Known = TrackedStatus::Known;

}  // namespace

void Trackers::configure_interfaces(const Config& config) {
    for (auto entry = interfaces_.begin(); entry != interfaces_.end();) {
        if (board_.is_tracked(Tracked::interface, entry->first)) {
            ++entry;
        } else {
            interface_schedule_.set(&entry->second, std::nullopt);
            entry = interfaces_.erase(entry);
        }
    }
    std::map<std::string_view, const LinkDelay*> delays;
    for (const LinkDelay& delay : config.link_delays) {
        delays[delay.interface] = &delay;
    }
    for (const std::string& name : board_.interfaces()) {
        const auto [found, is_new] = interfaces_.try_emplace(name, Interface{.name = name});
        Interface& interface = found->second;
        if (const netlink::Link* link = links_.find(name); is_new && link != nullptr) {
            interface.link = LinkDebounce(link->is_up());
            interface.index = link->index;
            interface.flags = link->flags;
        }
        if (const auto delay = delays.find(name); delay != delays.end()) {
            set_delay(interface, *delay->second, config);
        } else {
            interface.link.set({}, {});
        }
        look_at(interface);
    }
}

void Trackers::set_delay(Interface& interface, const LinkDelay& delay, const Config& config) const {
    core::Duration longest = core::Duration::max();
    for (const TrackBoard::Index router : board_.routers(Tracked::interface, interface.name)) {
        const Instance& instance = config.instances[router];
        const core::Duration limit = longest_link_delay(instance.advert_interval, instance.down_timer_adverts);
        if (std::max(delay.down, delay.up) > limit) {
            core::log::info("{}: interface {} debounce timer(s) not less than {} * advert_int - resetting",
                            instance.name, interface.name, instance.down_timer_adverts - 1);
        }
        longest = std::min(longest, limit);
    }
    interface.link.set(std::min(delay.down, longest), std::min(delay.up, longest));
}

void Trackers::take(const netlink::Change& change) {
    if (const auto* link = std::get_if<netlink::LinkChanged>(&change)) {
        if (const auto found = interfaces_.find(link->name); found != interfaces_.end()) {
            look_at(found->second);
        }
    }
}

void Trackers::run_due_interfaces() {
    while (const auto due = interface_schedule_.next_due(core::now())) {
        Interface& interface = **due;
        interface.link.expire(core::now());
        look_at(interface);
    }
}

void Trackers::look_at(Interface& interface) {
    const netlink::Link* link = links_.find(interface.name);
    const int index = link != nullptr ? link->index : 0;
    if (std::exchange(interface.index, index) != index) {
        interface.link.vanish();  // and perhaps another one of the same name has come
    }
    if (link != nullptr) {
        const auto flags = std::exchange(interface.flags, link->flags);
        const bool waited = interface.link.deadline().has_value();
        const core::TimePoint now = core::now();
        interface.link.observe(link->is_up(), now);
        if (!waited && interface.link.deadline() && !logged_elsewhere_(interface.name)) {
            core::log::info("{}: Adding flags change from {:#x} to {:#x} delay by {}", interface.name, flags,
                            link->flags, (*interface.link.deadline() - now).count());
        }
    }
    interface_schedule_.set(&interface, interface.link.deadline());
    const Known status = interface.link.up() ? Known::up : Known::down;
    if (!configuring_ && status != board_.status(Tracked::interface, interface.name).known &&
        !logged_elsewhere_(interface.name)) {
        core::log::info("Netlink reports {} {}", interface.name, interface.link.up() ? "up" : "down");
    }
    set(Tracked::interface, interface.name, {.known = status});
}

}  // namespace sustain::vrrp
