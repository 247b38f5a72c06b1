#include "vrrp/static_addresses.hpp"

#include "core/log.hpp"

namespace sustain::vrrp {

void StaticAddresses::configure(const std::vector<StaticAddress>& wanted) {
    std::vector<VirtualAddress> coming;
    decltype(present_) next;
    for (const StaticAddress& address : wanted) {
        const auto [entry, is_new] = next.emplace(std::pair(address.device, address.prefix), address);
        if (!is_new) {
            continue;  // written twice
        }
        const auto before = present_.find(entry->first);
        if (before != present_.end() && before->second == entry->second) {
            present_.erase(before);  // stays
        } else {
            coming.push_back(address);
        }
    }
    std::vector<VirtualAddress> going;
    for (auto& [key, address] : present_) {
        going.push_back(std::move(address));
    }
    present_ = std::move(next);
    addresses_.remove(going);
    addresses_.set(coming);
}

bool StaticAddresses::restore(const std::string& device, const core::Prefix& prefix) {
    const auto known = present_.find({device, prefix});
    if (known == present_.end()) {
        return false;
    }
    core::log::info("Restoring deleted static address {}/{} dev {}", prefix.address, prefix.length, device);
    addresses_.put_back(device, prefix);
    return true;
}

}  // namespace sustain::vrrp
