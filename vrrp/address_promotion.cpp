// Secondary addresses: without promote_secondaries the kernel removes all IPv4 addresses of a subnet along with its
// primary one, whoever owns them (spec/vrrp.md 6.1, 19 no. 16).
#include <algorithm>
#include <cstring>
#include <set>

#include "vrrp/address_manager.hpp"

namespace sustain::vrrp {

namespace {

/// The length of an IPv4 prefix and its network bits.
using Subnet = std::pair<unsigned, std::uint32_t>;
Subnet subnet(const core::Prefix& prefix) {
    return {prefix.length, prefix.length == 0 ? 0 : prefix.address.ipv4_value() >> (32 - prefix.length)};
}

/// Whether it can be in a subnet with others.
bool has_company(const core::Prefix& prefix) {
    return prefix.address.is_ipv4() && prefix.length < prefix.address.bits();
}

}  // namespace

/// Where removing one of `going` would make the kernel remove addresses that are to stay, tells it to promote those
/// instead. \return the interfaces where this has to be taken back.
core::Awaitable<std::vector<int>> AddressManager::promote_instead_of_removing(std::vector<VirtualAddress> going) {
    std::vector<int> changed;
    for (const int interface_index : endangered_interfaces(going)) {
        const bool promoted = co_await promote(interface_index);
        if (promoted) {
            changed.push_back(interface_index);
        }
    }
    co_return changed;
}

/// \return whether it was off before and is on now.
core::Awaitable<bool> AddressManager::promote(int interface_index) {
    const auto replies = co_await kernel_.query(netlink::get_link(interface_index), "reading an interface");
    if (replies && std::ranges::any_of(replies->messages(), netlink::promotes_secondaries)) {
        co_return false;
    }
    const auto outcome = co_await kernel_.transact(netlink::set_promote_secondaries(interface_index, true));
    if (!outcome.done()) {
        core::log::warning("setting promote_secondaries: {}", std::strerror(outcome.code));
    }
    co_return outcome.done();
}

core::Awaitable<> AddressManager::promote_for_good(std::string device) {
    const netlink::Link* link = links_.find(device);
    if (link == nullptr) {
        co_return;  // link_changed() asks for it again
    }
    const bool changed = co_await promote(link->index);
    if (const auto promotion = promotions_.find(device); promotion != promotions_.end()) {
        promotion->second.changed = changed;
    }
}

/// Interfaces where one that stays may be secondary to one that goes. What the monitor knows may be old by a moment: an
/// address that is held may be on its way, one that counts as primary may be leaving.
std::vector<int> AddressManager::endangered_interfaces(const std::vector<VirtualAddress>& going) const {
    std::map<std::string, std::set<core::Prefix>> by_device;
    for (const VirtualAddress& address : going) {
        if (has_company(address.prefix)) {
            by_device[address.device].insert(address.prefix);
        }
    }
    std::vector<int> found;
    for (const auto& [device, prefixes] : by_device) {
        const netlink::Link* link = links_.find(device);
        if (link == nullptr) {
            continue;
        }
        const auto present = links_.addresses(link->index);
        std::set<Subnet> losing;
        for (const core::Prefix& prefix : prefixes) {
            losing.insert(subnet(prefix));
        }
        for (const netlink::InterfaceAddress& address : present) {
            if (has_company(address.prefix) && !address.is_secondary() && !prefixes.contains(address.prefix) &&
                !leaving_.contains({device, address.prefix})) {
                losing.erase(subnet(address.prefix));  // its primary address stays
            }
        }
        const auto in_danger = [&](const core::Prefix& prefix) {
            return has_company(prefix) && !prefixes.contains(prefix) && losing.contains(subnet(prefix));
        };
        bool endangered = std::ranges::any_of(
            present, [&](const netlink::InterfaceAddress& address) { return in_danger(address.prefix); });
        for (auto held = held_.lower_bound({device, core::Prefix{{}, 0}});
             !endangered && !losing.empty() && held != held_.end() && held->first.first == device; ++held) {
            endangered = in_danger(held->first.second);
        }
        if (endangered) {
            found.push_back(link->index);
        }
    }
    return found;
}

}  // namespace sustain::vrrp
