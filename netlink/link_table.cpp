#include "netlink/link_table.hpp"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <utility>

namespace sustain::netlink {

void LinkTable::take(const nlmsghdr* message, Changes& changes) {
    switch (message->nlmsg_type) {
        case RTM_NEWLINK:
        case RTM_DELLINK: take_link(message, changes); break;
        case RTM_NEWADDR:
        case RTM_DELADDR: take_address(message, changes); break;
        default: break;
    }
}

void LinkTable::take_link(const nlmsghdr* message, Changes& changes) {
    auto link = read_link(message);
    if (!link) {
        return;
    }
    auto node = nodes_.find(link->index);
    if (message->nlmsg_type == RTM_DELLINK) {
        if (node != nodes_.end()) {
            forget_link(node, changes);
        }
        return;
    }
    if (node == nodes_.end()) {
        node = nodes_.emplace(link->index, Node{}).first;
    }
    node->second.seen = true;
    if (node->second.link == *link) {
        return;
    }
    const Link before = std::exchange(node->second.link, std::move(*link));
    const Link& now = node->second.link;
    if (before.name != now.name) {
        // The kernel may tell of the new owner of a name before it tells that the old one is gone.
        if (const auto owner = by_name_.find(before.name); owner != by_name_.end() && owner->second == now.index) {
            by_name_.erase(owner);
            changes.push_back(LinkChanged{before.name, now.name});
        }
        by_name_[now.name] = now.index;
    }
    changes.push_back(LinkChanged{now.name, {}});
}

void LinkTable::take_address(const nlmsghdr* message, Changes& changes) {
    auto address = read_address(message);
    if (!address) {
        return;
    }
    const auto node = nodes_.find(address->interface_index);
    if (node == nodes_.end()) {
        return;
    }
    auto& known = node->second.addresses;
    const std::string& interface = node->second.link.name;
    if (message->nlmsg_type == RTM_DELADDR) {
        if (known.erase(address->prefix) > 0) {
            changes.push_back(AddressRemoved{interface, std::move(*address), message->nlmsg_pid});
        }
        return;
    }
    const auto [entry, is_new] = known.try_emplace(address->prefix);
    const bool was_usable = !is_new && entry->second.address.is_usable();
    entry->second.address = *address;
    entry->second.seen = true;
    if (is_new) {
        entry->second.order = next_order_++;
    }
    if (is_new || (address->is_usable() && !was_usable)) {
        changes.push_back(AddressAdded{interface, std::move(*address)});
    }
}

void LinkTable::forget_link(std::map<int, Node>::iterator node, Changes& changes) {
    const std::string name = node->second.link.name;
    for (auto& [prefix, known] : node->second.addresses) {
        changes.push_back(AddressRemoved{name, std::move(known.address), 0});
    }
    if (const auto owner = by_name_.find(name); owner != by_name_.end() && owner->second == node->first) {
        by_name_.erase(owner);
    }
    nodes_.erase(node);
    changes.push_back(LinkChanged{name, {}});
}

void LinkTable::begin_dump() {
    for (auto& [index, node] : nodes_) {
        node.seen = false;
        for (auto& [prefix, known] : node.addresses) {
            known.seen = false;
        }
    }
}

void LinkTable::end_dump(Changes& changes) {
    for (auto node = nodes_.begin(); node != nodes_.end();) {
        const auto current = node++;
        if (!current->second.seen) {
            forget_link(current, changes);
            continue;
        }
        auto& known = current->second.addresses;
        for (auto address = known.begin(); address != known.end();) {
            if (address->second.seen) {
                ++address;
            } else {
                changes.push_back(AddressRemoved{current->second.link.name, std::move(address->second.address), 0});
                address = known.erase(address);
            }
        }
    }
    changes.push_back(Resynchronised{});
}

const Link* LinkTable::find(std::string_view name) const {
    const auto owner = by_name_.find(std::string(name));
    return owner == by_name_.end() ? nullptr : find(owner->second);
}

const Link* LinkTable::find(int index) const {
    const auto node = nodes_.find(index);
    return node == nodes_.end() ? nullptr : &node->second.link;
}

bool LinkTable::has(int index, const core::Prefix& prefix) const {
    const auto node = nodes_.find(index);
    return node != nodes_.end() && node->second.addresses.contains(prefix);
}

bool LinkTable::has(const core::Address& address) const {
    return std::ranges::any_of(nodes_, [&](const auto& node) {
        const auto first = node.second.addresses.lower_bound(core::Prefix{address, 0});
        return first != node.second.addresses.end() && first->first.address == address;
    });
}

std::vector<InterfaceAddress> LinkTable::addresses(int index) const {
    const auto node = nodes_.find(index);
    if (node == nodes_.end()) {
        return {};
    }
    std::vector<const KnownAddress*> known;
    for (const auto& [prefix, address] : node->second.addresses) {
        known.push_back(&address);
    }
    std::ranges::sort(known, {}, &KnownAddress::order);
    std::vector<InterfaceAddress> addresses;
    for (const KnownAddress* address : known) {
        addresses.push_back(address->address);
    }
    return addresses;
}

std::set<core::Address> LinkTable::all_addresses() const {
    std::set<core::Address> all;
    for (const auto& [index, node] : nodes_) {
        for (const auto& [prefix, known] : node.addresses) {
            all.insert(prefix.address);
        }
    }
    return all;
}

}  // namespace sustain::netlink
