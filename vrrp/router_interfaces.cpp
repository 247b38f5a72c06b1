// The interfaces that routers depend on: their sockets, and the address that adverts come from.
#include <cerrno>

#include "vrrp/routers.hpp"

namespace sustain::vrrp {

Routers::Interface& Routers::interface(const std::string& name) {
    const auto [found, is_new] = interfaces_.try_emplace(name, Interface{.name = name});
    if (is_new) {
        const netlink::Link* link = links_.find(name);
        found->second.known = link != nullptr ? *link : netlink::Link{};
        found->second.up = link != nullptr && link->is_up();
        found->second.link = LinkDebounce(found->second.up);
    }
    return found->second;
}

void Routers::forget_unneeded(const std::vector<Interface*>& candidates) {
    for (Interface* candidate : candidates) {
        if (candidate->dependants.empty()) {
            link_schedule_.set(candidate, std::nullopt);
            interfaces_.erase(std::string(candidate->name));
        }
    }
}

/// Brings what we know of an interface up to date. \return whether its dependants have to know.
bool Routers::look_at(Interface& interface) {
    const netlink::Link* link = links_.find(interface.name);
    const bool was_up = interface.up;
    interface.up = observe_link(interface, link);
    if (interface.up != was_up) {
        core::log::info("Netlink reports {} {}", interface.name, interface.up ? "up" : "down");
    }
    const int index = link != nullptr ? link->index : 0;
    const bool replaced = std::exchange(interface.index, index) != index;  // it needs other sockets
    const bool new_source = update_source(interface.source, core::Address::Family::ipv4, link);
    const bool new_source6 = update_source(interface.source6, core::Address::Family::ipv6, link);
    return replaced || new_source || new_source6 || interface.up != was_up;
}

/// Keeps the source of adverts while it exists. The first choice is the first address of the interface, a later one
/// the newest. \return whether it has changed.
bool Routers::update_source(Source& source, core::Address::Family family, const netlink::Link* link) {
    const auto usable = [&](const netlink::InterfaceAddress& candidate) {
        const core::Address& address = candidate.prefix.address;
        return candidate.is_usable() && address.family() == family && (address.is_ipv4() || address.is_link_local()) &&
               !virtual_addresses_.contains(address);
    };
    const auto before = source;
    if (link == nullptr) {
        source.reset();
    } else if (!before || before->interface_index != link->index || !usable(*before) ||
               !links_.has(link->index, before->prefix)) {
        auto candidates = links_.addresses(link->index);
        std::erase_if(candidates, [&](const netlink::InterfaceAddress& address) { return !usable(address); });
        source.reset();
        if (!candidates.empty()) {
            source = before ? candidates.back() : candidates.front();
        }
    }
    return source != before;
}

/// A configured source may be on any interface.
void Routers::tell_source_trackers(const core::Address& address) {
    const auto [begin, end] = source_trackers_.equal_range(address);
    for (auto tracker = begin; tracker != end; ++tracker) {
        tell(*tracker->second);
    }
}

void Routers::tell_dependants(Interface& interface) {
    for (Entry* entry : interface.dependants) {
        tell(*entry);
    }
}

}  // namespace sustain::vrrp
