// What happens to interfaces and addresses, and what of it counts (spec/vrrp.md 9).
#include <fmt/ranges.h>

#include <utility>

#include "vrrp/routers.hpp"

namespace sustain::vrrp {

namespace {

std::string hardware_text(const netlink::Link& link) {
    return fmt::format("{:02x}", fmt::join(link.hardware, ":"));
}

}  // namespace

void Routers::take(const netlink::Change& change, std::uint32_t own_port) {
    if (const auto* link = std::get_if<netlink::LinkChanged>(&change)) {
        take_link(*link);
    } else if (const auto* removed = std::get_if<netlink::AddressRemoved>(&change)) {
        take_removed(*removed, own_port);
    } else if (const auto* added = std::get_if<netlink::AddressAdded>(&change)) {
        tell_source_trackers(added->address.prefix.address);
        const auto found = interfaces_.find(added->interface);
        if (found != interfaces_.end() && !virtual_addresses_.contains(added->address.prefix.address)) {
            core::log::detail("Assigned address {} for interface {}", added->address.prefix.address, added->interface);
            look_and_tell(found->second);
        }
    } else {
        addresses_.resynchronised();
    }
}

void Routers::take_link(const netlink::LinkChanged& change) {
    addresses_.link_changed(change.name);
    const auto found = interfaces_.find(change.name);
    if (found == interfaces_.end()) {
        return;
    }
    if (!change.renamed_to.empty()) {
        core::log::info("Interface name has changed from {} to {}", change.name, change.renamed_to);
    }
    look_and_tell(found->second);
}

void Routers::take_removed(const netlink::AddressRemoved& removed, std::uint32_t own_port) {
    const core::Address& address = removed.address.prefix.address;
    tell_source_trackers(address);
    const auto found = interfaces_.find(removed.interface);
    const bool foreign = addresses_.removed_by_others(removed, own_port);
    if (foreign && static_addresses_.restore(removed.interface, removed.address.prefix)) {
        // It comes back, but until then it is no source for anybody.
    } else if (found != interfaces_.end() && foreign && virtual_addresses_.contains(address)) {
        for (Entry* entry : found->second.dependants) {
            call(*entry, &VirtualRouter::address_removed, removed.interface, removed.address.prefix);
        }
    }
    if (found != interfaces_.end() && !virtual_addresses_.contains(address)) {
        core::log::detail("Deassigned address {} from interface {}", address, removed.interface);
        look_and_tell(found->second);
    }
}

void Routers::look_and_tell(Interface& interface) {
    if (look_at(interface)) {
        tell_dependants(interface);
    }
    if (std::exchange(interface.new_hardware, false)) {
        for (Entry* entry : interface.dependants) {
            call(*entry, &VirtualRouter::announce_again);  // the others know its addresses by the old one
        }
    }
}

/// Takes in how the link is; what changes with a delay is left to run_due_links(). \return whether it counts as up.
bool Routers::observe_link(Interface& interface, const netlink::Link* link) {
    const netlink::Link before = std::exchange(interface.known, link == nullptr ? netlink::Link{} : *link);
    const netlink::Link& now = interface.known;
    if (link == nullptr) {
        if (before.index != 0) {
            core::log::info("Interface {} deleted", interface.name);
        }
        interface.link.vanish();
    } else {
        if (before.index != now.index) {
            core::log::detail("Interface {} added", interface.name);
            interface.link.vanish();  // another one of the same name may have gone without a word
        } else if (before.hardware != now.hardware) {
            core::log::info("MAC address of {} changed from {} to {}", interface.name, hardware_text(before),
                            hardware_text(now));
            interface.new_hardware = true;
        }
        const bool waited = interface.link.deadline().has_value();
        const core::TimePoint time = core::now();
        interface.link.observe(now.is_up(), time);
        if (!waited && interface.link.deadline()) {
            core::log::info("{}: Adding flags change from {:#x} to {:#x} delay by {}", interface.name, before.flags,
                            now.flags, (*interface.link.deadline() - time).count());
        }
    }
    link_schedule_.set(&interface, interface.link.deadline());
    return interface.link.up();
}

void Routers::run_due_links() {
    while (const auto due = link_schedule_.next_due(core::now())) {
        Interface& interface = **due;
        interface.link.expire(core::now());
        link_schedule_.set(&interface, interface.link.deadline());
        look_and_tell(interface);
    }
}

// --- interface_up_down_delays ---

void Routers::set_link_delays(const std::vector<LinkDelay>& delays) {
    link_delays_.clear();
    for (const LinkDelay& delay : delays) {
        link_delays_.insert_or_assign(delay.interface, delay);
    }
    for (auto& [name, interface] : interfaces_) {
        set_delays(interface);
    }
}

/// A router that takes longer to see that its link is down than the others take to see that it is gone would be a
/// second master: its limit cuts the delays of its interfaces.
void Routers::limit_delays(Entry& entry) {
    entry.longest_delay = entry.router.longest_link_delay();
    for (Interface* interface : entry.interfaces) {
        const auto delay = link_delays_.find(interface->name);
        if (delay == link_delays_.end()) {
            continue;
        }
        if (std::max(delay->second.down, delay->second.up) > entry.longest_delay) {
            core::log::info("{}: interface {} debounce timer(s) not less than {} * advert_int - resetting",
                            entry.router.config().name, interface->name, entry.router.config().down_timer_adverts - 1);
        }
        set_delays(*interface);
    }
}

void Routers::set_delays(Interface& interface) {
    const auto delay = link_delays_.find(interface.name);
    if (delay == link_delays_.end()) {
        interface.link.set({}, {});
        return;
    }
    core::Duration longest = core::Duration::max();
    for (const Entry* entry : interface.dependants) {
        longest = std::min(longest, entry->longest_delay);
    }
    interface.link.set(std::min(delay->second.down, longest), std::min(delay->second.up, longest));
}

// --- promote_secondaries ---

void Routers::hold_promotion(Entry& entry) {
    const Instance& config = entry.router.config();
    const std::string wanted = config.promote_secondaries ? config.interface : std::string();
    if (wanted == entry.promotes) {
        return;
    }
    if (!wanted.empty()) {
        addresses_.hold_promotion(wanted);
    }
    if (!entry.promotes.empty()) {
        addresses_.release_promotion(entry.promotes);
    }
    entry.promotes = wanted;
}

}  // namespace sustain::vrrp
