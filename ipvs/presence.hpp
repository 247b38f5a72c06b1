// Which addresses this machine has: what ha_suspend asks (spec/lvs.md 12.1). VRRP puts them on interfaces and takes
// them away, and so may anybody else.
#pragma once

#include <set>

#include "core/address.hpp"
#include "ipvs/settings.hpp"
#include "netlink/monitor.hpp"

namespace sustain::ipvs {

class Presence {
public:
    [[nodiscard]] static core::Awaitable<core::Result<std::unique_ptr<Presence>>> open(core::Loop& loop,
                                                                                       Settings settings);

    /// Waits for a change of any interface or address. An error is final.
    [[nodiscard]] core::Awaitable<core::Result<>> change();
    [[nodiscard]] std::set<core::Address> addresses() const { return monitor_->table().all_addresses(); }

private:
    explicit Presence(std::unique_ptr<netlink::Monitor> monitor) : monitor_(std::move(monitor)) {}

    std::unique_ptr<netlink::Monitor> monitor_;
};

}  // namespace sustain::ipvs
