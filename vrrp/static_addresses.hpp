// static_ipaddress: addresses that are there for as long as the daemon runs, whatever the virtual routers do. One that
// somebody removes is put back at once (spec/vrrp.md 9.3).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "vrrp/address_manager.hpp"

namespace sustain::vrrp {

class StaticAddresses {
public:
    /// `addresses` must outlive it.
    explicit StaticAddresses(AddressManager& addresses) : addresses_(addresses) {}

    /// Sets those that are new and removes those that are no longer wanted; the others are not touched.
    void configure(const std::vector<StaticAddress>& wanted);
    /// At the end.
    void remove_all() { configure({}); }

    /// Somebody has removed this one from this interface. \return whether it is one of ours, and put back.
    bool restore(const std::string& device, const core::Prefix& prefix);

private:
    AddressManager& addresses_;
    std::map<std::pair<std::string, core::Prefix>, VirtualAddress> present_;
};

}  // namespace sustain::vrrp
