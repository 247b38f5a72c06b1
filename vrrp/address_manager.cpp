#include "vrrp/address_manager.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

namespace sustain::vrrp {

namespace {

// Operations of one kind that wait together go to the kernel together; then adverts have their turn.
constexpr std::size_t kAddressesAnOperation = 1000;
// More of one operation are counted rather than listed.
constexpr std::size_t kRefusalLines = 10;

netlink::InterfaceAddress to_interface_address(const VirtualAddress& address, int interface_index) {
    netlink::InterfaceAddress result;
    result.interface_index = interface_index;
    result.prefix = address.prefix;
    result.scope = address.scope;
    result.broadcast = address.broadcast;
    result.peer = address.peer;
    result.label = address.label;
    if (address.prefix.address.is_ipv6()) {
        result.flags |= address.detect_duplicates ? 0 : IFA_F_NODAD;
        if (address.preferred_lifetime != kForever) {
            result.preferred_lifetime = address.preferred_lifetime;
        }
    }
    result.flags |= address.home ? IFA_F_HOMEADDRESS : 0;
    result.flags |= address.manage_temporary ? IFA_F_MANAGETEMPADDR : 0;
    result.flags |= address.prefix_route ? 0 : IFA_F_NOPREFIXROUTE;
    result.flags |= address.autojoin ? IFA_F_MCAUTOJOIN : 0;
    return result;
}

bool is_fine(bool set, int code) {
    return code == 0 || (set ? code == EEXIST : code == EADDRNOTAVAIL || code == ENODEV);
}

}  // namespace

AddressManager::AddressManager(core::Loop& loop, netlink::RequestSocket& kernel, const netlink::LinkTable& links)
    : loop_(loop), kernel_(kernel), links_(links), idle_(loop, core::Clock::time_point::max()) {}

// --- What is wanted ---

void AddressManager::set(const std::vector<VirtualAddress>& addresses) {
    for (const VirtualAddress& address : addresses) {
        Held& held = held_[{address.device, address.prefix}];
        held.address = address;
        ++held.holders;
        if (indices_.empty() || !indices_.contains(address.device)) {
            const netlink::Link* link = links_.find(address.device);
            indices_[address.device] = link == nullptr ? 0 : link->index;
        }
    }
    enqueue({.kind = Operation::Kind::set, .addresses = addresses});
}

void AddressManager::remove(const std::vector<VirtualAddress>& addresses) {
    Operation operation{.kind = Operation::Kind::remove};
    for (const VirtualAddress& address : addresses) {
        const auto held = held_.find({address.device, address.prefix});
        if (held != held_.end() && --held->second.holders > 0) {
            continue;
        }
        if (held != held_.end()) {
            held_.erase(held);
        }
        operation.addresses.push_back(address);
    }
    enqueue(std::move(operation));
}

void AddressManager::remove_left_overs(const std::vector<VirtualAddress>& addresses) {
    Operation operation{.kind = Operation::Kind::remove};
    std::ranges::copy_if(addresses, std::back_inserter(operation.addresses), [this](const VirtualAddress& address) {
        const netlink::Link* link = links_.find(address.device);
        return link != nullptr && links_.has(link->index, address.prefix) &&
               !held_.contains({address.device, address.prefix});
    });
    enqueue(std::move(operation));
}

void AddressManager::put_back(const std::string& device, const core::Prefix& prefix) {
    if (const auto held = held_.find({device, prefix}); held != held_.end()) {
        enqueue({.kind = Operation::Kind::set, .addresses = {held->second.address}});
    }
}

void AddressManager::hold_promotion(const std::string& device) {
    if (promotions_[device].holders++ == 0) {
        enqueue({.kind = Operation::Kind::promote, .device = device});
    }
}

void AddressManager::release_promotion(const std::string& device) {
    const auto promotion = promotions_.find(device);
    if (promotion != promotions_.end() && promotion->second.holders > 0 && --promotion->second.holders == 0) {
        enqueue({.kind = Operation::Kind::demote, .device = device});
    }
}

// --- What the monitor hears ---

bool AddressManager::removed_by_others(const netlink::AddressRemoved& removed, std::uint32_t own_port) {
    const Key key{removed.interface, removed.address.prefix};
    if (const auto leaving = leaving_.find(key); leaving != leaving_.end()) {
        if (--leaving->second == 0) {
            leaving_.erase(leaving);
        }
        return false;
    }
    const netlink::Link* link = links_.find(removed.interface);
    if (link == nullptr || link->index != removed.address.interface_index) {
        return false;  // it went with its interface
    }
    if (removed.by == own_port && own_port != 0) {
        if (held_.contains(key)) {
            core::log::info("{} went from {} along with another address: putting it back",
                            removed.address.prefix.address, removed.interface);
            put_back(key.first, key.second);
        }
        return false;
    }
    return true;
}

void AddressManager::link_changed(const std::string& device) {
    const netlink::Link* link = links_.find(device);
    const int index = link == nullptr ? 0 : link->index;
    const auto known = indices_.find(device);
    const bool renamed = known != indices_.end() && link == nullptr && links_.find(known->second) != nullptr;
    if (known != indices_.end() && known->second != index && !renamed) {
        known->second = index;
        Operation operation{.kind = Operation::Kind::set};
        for (auto held = held_.lower_bound({device, core::Prefix{{}, 0}});
             index != 0 && held != held_.end() && held->first.first == device; ++held) {
            operation.addresses.push_back(held->second.address);
        }
        enqueue(std::move(operation));
        if (const auto promotion = promotions_.find(device);
            index != 0 && promotion != promotions_.end() && promotion->second.holders > 0) {
            enqueue({.kind = Operation::Kind::promote, .device = device});
        }
    }
}

void AddressManager::resynchronised() {
    if (!working_) {
        leaving_.clear();
    }
}

// --- Work ---

void AddressManager::enqueue(Operation operation) {
    if (operation.addresses.empty() && operation.device.empty()) {
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
        Operation operation = next_operation();
        co_await perform(std::move(operation));
        // The first one was done on the spot. Adverts of other routers come before the rest.
        co_await core::asio::post(loop_, core::asio::use_awaitable);
    }
    working_ = false;
    idle_.cancel();
}

/// With those of the same kind that follow it.
AddressManager::Operation AddressManager::next_operation() {
    Operation operation = std::move(queue_.front());
    queue_.pop_front();
    while (!queue_.empty() && operation.device.empty() && queue_.front().device.empty() &&
           queue_.front().kind == operation.kind &&
           operation.addresses.size() + queue_.front().addresses.size() <= kAddressesAnOperation) {
        std::ranges::move(queue_.front().addresses, std::back_inserter(operation.addresses));
        queue_.pop_front();
    }
    return operation;
}

core::Awaitable<> AddressManager::perform(Operation operation) {
    switch (operation.kind) {
        case Operation::Kind::set:
        case Operation::Kind::remove: co_await change_addresses(std::move(operation)); break;
        case Operation::Kind::promote: co_await promote_for_good(std::move(operation.device)); break;
        case Operation::Kind::demote:
            if (const auto promotion = promotions_.find(operation.device);
                promotion != promotions_.end() && promotion->second.holders == 0) {
                const bool changed = promotion->second.changed;
                promotions_.erase(promotion);
                if (const netlink::Link* link = links_.find(operation.device); link != nullptr && changed) {
                    (void)co_await kernel_.transact(netlink::set_promote_secondaries(link->index, false));
                }
            }
            break;
    }
}

core::Awaitable<> AddressManager::change_addresses(Operation operation) {
    const bool set = operation.kind == Operation::Kind::set;
    std::vector<int> promoting;
    if (!set) {
        promoting = co_await promote_instead_of_removing(operation.addresses);
    }
    std::vector<netlink::Message> messages;
    std::vector<const VirtualAddress*> subjects;
    std::vector<Key> keys;  ///< of those that go, as the monitor will name them
    for (const VirtualAddress& address : operation.addresses) {
        const netlink::Link* link = links_.find(address.device);
        if (link == nullptr && !set) {
            const auto known = indices_.find(address.device);
            link = known == indices_.end() ? nullptr : links_.find(known->second);  // it has another name by now
        }
        if (link == nullptr) {
            continue;  // its addresses went with it, and come with it
        }
        const auto wanted = to_interface_address(address, link->index);
        messages.push_back(set ? netlink::add_address(wanted, protocol_) : netlink::remove_address(wanted));
        subjects.push_back(&address);
        if (!set) {
            ++leaving_[keys.emplace_back(link->name, address.prefix)];
        }
    }
    for (const int interface_index : promoting) {
        messages.push_back(netlink::set_promote_secondaries(interface_index, false));
    }
    const auto outcomes = co_await kernel_.transact(std::move(messages));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto leaving = leaving_.find(keys[i]);
        if (outcomes[i].code != 0 && leaving != leaving_.end() && --leaving->second == 0) {
            leaving_.erase(leaving);  // nothing will be heard of it
        }
    }
    log_refusals(operation, subjects, outcomes);
}

void AddressManager::log_refusals(const Operation& operation, const std::vector<const VirtualAddress*>& subjects,
                                  const std::vector<netlink::Outcome>& outcomes) const {
    const bool set = operation.kind == Operation::Kind::set;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        if (is_fine(set, outcomes[i].code) || ++refused > kRefusalLines) {
            continue;
        }
        const VirtualAddress& address = *subjects[i];
        const std::string& explanation = outcomes[i].explanation;
        core::log::error("{} {}/{} {} {}: {}{}{}", set ? "adding" : "removing", address.prefix.address,
                         address.prefix.length, set ? "to" : "from", address.device, std::strerror(outcomes[i].code),
                         explanation.empty() ? "" : ": ", explanation);
    }
    if (refused > kRefusalLines) {
        core::log::error("{} {} more addresses failed", set ? "adding" : "removing", refused - kRefusalLines);
    }
}

}  // namespace sustain::vrrp
