#include "vrrp/address_manager.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <set>

namespace sustain::vrrp {

namespace {

netlink::InterfaceAddress to_interface_address(const VirtualAddress& address, int interface_index) {
    netlink::InterfaceAddress result;
    result.interface_index = interface_index;
    result.prefix = address.prefix;
    result.scope = address.scope;
    result.broadcast = address.broadcast;
    result.label = address.label;
    return result;
}

/// The length of an IPv4 prefix and its network bits.
std::pair<unsigned, std::uint32_t> subnet(const core::Prefix& prefix) {
    return {prefix.length, prefix.length == 0 ? 0 : prefix.address.ipv4_value() >> (32 - prefix.length)};
}

bool is_fine(bool set, int code) {
    return code == 0 || (set ? code == EEXIST : code == EADDRNOTAVAIL || code == ENODEV);
}

}  // namespace

AddressManager::AddressManager(core::Loop& loop, netlink::RequestSocket& kernel, const netlink::LinkTable& links)
    : loop_(loop), kernel_(kernel), links_(links), idle_(loop, core::Clock::time_point::max()) {}

void AddressManager::set(const std::vector<VirtualAddress>& addresses) {
    for (const VirtualAddress& address : addresses) {
        ++holders_[{address.device, address.prefix}];
    }
    enqueue({true, addresses});
}

void AddressManager::remove(const std::vector<VirtualAddress>& addresses) {
    Operation operation;
    for (const VirtualAddress& address : addresses) {
        const auto holders = holders_.find({address.device, address.prefix});
        if (holders != holders_.end() && --holders->second > 0) {
            continue;
        }
        if (holders != holders_.end()) {
            holders_.erase(holders);
        }
        operation.addresses.push_back(address);
    }
    enqueue(std::move(operation));
}

void AddressManager::remove_left_overs(const std::vector<VirtualAddress>& addresses) {
    Operation operation;
    std::ranges::copy_if(addresses, std::back_inserter(operation.addresses), [this](const VirtualAddress& address) {
        const netlink::Link* link = links_.find(address.device);
        return link != nullptr && links_.has(link->index, address.prefix) &&
               !holders_.contains({address.device, address.prefix});
    });
    enqueue(std::move(operation));
}

void AddressManager::enqueue(Operation operation) {
    if (operation.addresses.empty()) {
        return;
    }
    queue_.push_back(std::move(operation));
    if (!working_) {
        working_ = true;
        core::spawn(loop_, "setting addresses", work());
    }
}

core::Awaitable<> AddressManager::idle() {
    while (working_) {
        (void)co_await idle_.async_wait(core::as_tuple_awaitable);
    }
}

core::Awaitable<> AddressManager::work() {
    while (!queue_.empty()) {
        Operation operation = std::move(queue_.front());
        queue_.pop_front();
        co_await perform(std::move(operation));
        // The first one was done on the spot. Adverts of other routers come before the rest.
        co_await core::asio::post(loop_, core::asio::use_awaitable);
    }
    working_ = false;
    idle_.cancel();
}

core::Awaitable<> AddressManager::perform(Operation operation) {
    std::vector<int> promoting;
    if (!operation.set) {
        promoting = co_await promote_instead_of_removing(operation.addresses);
    }
    std::vector<netlink::Message> messages;
    std::vector<const VirtualAddress*> subjects;
    for (const VirtualAddress& address : operation.addresses) {
        const netlink::Link* link = links_.find(address.device);
        if (link == nullptr) {
            continue;  // its addresses went with it
        }
        const auto wanted = to_interface_address(address, link->index);
        messages.push_back(operation.set ? netlink::add_address(wanted) : netlink::remove_address(wanted));
        subjects.push_back(&address);
    }
    for (const int interface_index : promoting) {
        messages.push_back(netlink::set_promote_secondaries(interface_index, false));
    }
    const auto outcomes = co_await kernel_.transact(std::move(messages));
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        const VirtualAddress& address = *subjects[i];
        if (!is_fine(operation.set, outcomes[i].code)) {
            const std::string& explanation = outcomes[i].explanation;
            core::log::error("{} {}/{} {} {}: {}{}{}", operation.set ? "adding" : "removing", address.prefix.address,
                             address.prefix.length, operation.set ? "to" : "from", address.device,
                             std::strerror(outcomes[i].code), explanation.empty() ? "" : ": ", explanation);
        }
    }
}

/// Where removing one of `going` would make the kernel remove addresses that are not ours with it, tells it to promote
/// those instead. \return the interfaces where this has to be taken back.
core::Awaitable<std::vector<int>> AddressManager::promote_instead_of_removing(std::vector<VirtualAddress> going) {
    std::vector<int> changed;
    for (const int interface_index : endangered_interfaces(going)) {
        const auto replies = co_await kernel_.query(netlink::get_link(interface_index), "reading an interface");
        const bool promotes = replies && std::ranges::any_of(replies->messages(), netlink::promotes_secondaries);
        if (promotes) {
            continue;
        }
        const auto outcome = co_await kernel_.transact(netlink::set_promote_secondaries(interface_index, true));
        if (outcome.done()) {
            changed.push_back(interface_index);
        } else {
            core::log::warning("setting promote_secondaries: {}", std::strerror(outcome.code));
        }
    }
    co_return changed;
}

/// Interfaces where an address that goes is the primary one of a subnet in which one that stays is secondary.
std::vector<int> AddressManager::endangered_interfaces(const std::vector<VirtualAddress>& going) const {
    std::set<Key> keys;
    std::set<std::string> devices;
    for (const VirtualAddress& address : going) {
        if (address.prefix.address.is_ipv4() && address.prefix.length < address.prefix.address.bits()) {
            keys.emplace(address.device, address.prefix);
            devices.insert(address.device);
        }
    }
    std::vector<int> found;
    for (const std::string& device : devices) {
        const netlink::Link* link = links_.find(device);
        if (link == nullptr) {
            continue;
        }
        const auto present = links_.addresses(link->index);
        std::set<std::pair<unsigned, std::uint32_t>> losing_their_primary;
        for (const netlink::InterfaceAddress& address : present) {
            if (!address.is_secondary() && keys.contains({device, address.prefix})) {
                losing_their_primary.insert(subnet(address.prefix));
            }
        }
        const bool endangered = std::ranges::any_of(present, [&](const netlink::InterfaceAddress& address) {
            return address.prefix.address.is_ipv4() && address.is_secondary() &&
                   !keys.contains({device, address.prefix}) && losing_their_primary.contains(subnet(address.prefix));
        });
        if (endangered) {
            found.push_back(link->index);
        }
    }
    return found;
}

}  // namespace sustain::vrrp
