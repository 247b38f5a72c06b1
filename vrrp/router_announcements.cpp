// Which addresses a router announces, and from which interfaces (spec/vrrp.md 5).
#include <set>

#include "vrrp/routers.hpp"

namespace sustain::vrrp {

void Routers::announce(Entry& entry, unsigned rounds) {
    const bool detailed = core::log::detail_level() > 0;
    std::vector<Announcement> announcements;
    for (const VirtualAddress& address : entry.router.addresses()) {
        const netlink::Link* link = links_.find(address.device);
        if (link == nullptr || !link->has_arp()) {
            continue;
        }
        if (detailed) {
            core::log::detail("({}) Sending/queueing {} on {} for {}", entry.router.config().name,
                              address.prefix.address.is_ipv4() ? "gratuitous ARPs" : "Unsolicited Neighbour Adverts",
                              link->name, address.prefix.address);
        }
        announcements.push_back({link->index, link->name, address.prefix.address});
    }
    announcements_.announce(&entry, announcements, rounds);
}

/// One address of each interface that the adverts do not keep in the switches' memory. VMACs will be among them.
void Routers::announce_extra(Entry& entry) {
    if (!entry.router.config().extra_garp.all_interfaces) {
        return;
    }
    std::set<std::string_view> done{entry.router.config().interface};
    for (const VirtualAddress& address : entry.router.addresses()) {
        const netlink::Link* link = done.insert(address.device).second ? links_.find(address.device) : nullptr;
        if (link != nullptr && link->has_arp()) {
            announcements_.announce_once(&entry, {link->index, link->name, address.prefix.address});
        }
    }
}

void Routers::announce_source(Entry& entry, const core::Address& source) {
    const netlink::Link* link = links_.find(entry.router.config().interface);
    if (link != nullptr && link->has_arp()) {
        core::log::info("{}: sending {} for {}", entry.router.config().name,
                        source.is_ipv4() ? "gratuitous ARP" : "gratuitous NA", source);
        announcements_.announce_once(&entry, {link->index, link->name, source});
    }
}

}  // namespace sustain::vrrp
