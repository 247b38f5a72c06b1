#include "vrrp/process.hpp"

#include "vrrp/child.hpp"

namespace sustain::vrrp {

std::vector<VirtualAddress> all_addresses(const Config& config) {
    std::vector<VirtualAddress> all(config.static_addresses.begin(), config.static_addresses.end());
    for (const Instance& instance : config.instances) {
        for (const auto* list : {&instance.addresses, &instance.excluded}) {
            for (const VirtualAddress& address : *list) {
                VirtualAddress& added = all.emplace_back(address);
                if (added.device.empty()) {
                    added.device = instance.interface;
                }
            }
        }
    }
    return all;
}

int run(Start start) {
    core::Loop loop(1);
    Child child(loop, std::move(start));
    return static_cast<int>(child.run());
}

}  // namespace sustain::vrrp
