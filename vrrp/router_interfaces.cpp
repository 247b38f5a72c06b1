// How the routers learn what happens to their interfaces and addresses (spec/vrrp.md 9.1 to 9.3).
#include <cerrno>

#include "vrrp/routers.hpp"

namespace sustain::vrrp {

Routers::Interface& Routers::interface(const std::string& name) {
    const auto [found, is_new] = interfaces_.try_emplace(name, Interface{.name = name});
    if (is_new) {
        const netlink::Link* link = links_.find(name);
        found->second.up = link != nullptr && link->is_up();
    }
    return found->second;
}

void Routers::forget_unneeded(const std::vector<Interface*>& candidates) {
    for (Interface* candidate : candidates) {
        if (candidate->segment && candidate->by_vrid.empty()) {
            candidate->segment->close();
            candidate->segment.reset();
        }
        if (candidate->dependants.empty()) {
            interfaces_.erase(std::string(candidate->name));
        }
    }
}

/// Brings what we know of an interface up to date. \return whether its dependants have to know.
bool Routers::look_at(Interface& interface) {
    const netlink::Link* link = links_.find(interface.name);
    if (interface.segment && (link == nullptr || link->index != interface.segment->interface_index())) {
        interface.segment->close();
        interface.segment.reset();
    }
    if (!interface.segment && link != nullptr && !interface.by_vrid.empty()) {
        open_segment(interface, *link);
    }
    const bool was_up = interface.up;
    interface.up = link != nullptr && link->is_up() && (interface.segment || interface.by_vrid.empty());
    if (interface.up != was_up) {
        core::log::info("Netlink reports {} {}", interface.name, interface.up ? "up" : "down");
    }
    return update_source(interface, link) || interface.up != was_up;
}

void Routers::open_segment(Interface& interface, const netlink::Link& link) {
    auto segment =
        Segment::open(loop_, link, [this, &interface](const Datagram& datagram) { receive(interface, datagram); });
    if (segment) {
        interface.segment = std::move(*segment);
    } else if (!interface.open_failed) {
        core::log::error("{}", segment.error().what);
    }
    interface.open_failed = !segment;
}

/// Keeps the source of adverts while it exists. The first choice is the first address of the interface, a later one
/// the newest. \return whether it has changed.
bool Routers::update_source(Interface& interface, const netlink::Link* link) {
    const auto usable = [this](const netlink::InterfaceAddress& address) {
        return address.prefix.address.is_ipv4() && !virtual_addresses_.contains(address.prefix.address);
    };
    const auto before = interface.source;
    if (link == nullptr) {
        interface.source.reset();
    } else if (!before || before->interface_index != link->index || !usable(*before) ||
               !links_.has(link->index, before->prefix)) {
        auto candidates = links_.addresses(link->index);
        std::erase_if(candidates, [&](const netlink::InterfaceAddress& address) { return !usable(address); });
        interface.source.reset();
        if (!candidates.empty()) {
            interface.source = before ? candidates.back() : candidates.front();
        }
    }
    return interface.source != before;
}

void Routers::take(const netlink::Change& change, std::uint32_t own_port) {
    const std::string& name = std::visit(
        [](const auto& one) -> const std::string& {
            if constexpr (requires { one.interface; }) {
                return one.interface;
            } else {
                return one.name;
            }
        },
        change);
    const auto found = interfaces_.find(name);
    if (found == interfaces_.end()) {
        return;
    }
    Interface& interface = found->second;
    if (const auto* removed = std::get_if<netlink::AddressRemoved>(&change)) {
        const core::Address& address = removed->address.prefix.address;
        if (!virtual_addresses_.contains(address)) {
            core::log::detail("Deassigned address {} from interface {}", address, name);
        } else if (removed->by != own_port) {
            for (Entry* entry : interface.dependants) {
                call(*entry, &VirtualRouter::address_removed, name, removed->address.prefix);
            }
        }
    } else if (const auto* added = std::get_if<netlink::AddressAdded>(&change)) {
        if (!virtual_addresses_.contains(added->address.prefix.address)) {
            core::log::detail("Assigned address {} for interface {}", added->address.prefix.address, name);
        }
    }
    if (look_at(interface)) {
        tell_dependants(interface);
    }
}

void Routers::tell_dependants(Interface& interface) {
    for (Entry* entry : interface.dependants) {
        tell(*entry);
    }
}

}  // namespace sustain::vrrp
