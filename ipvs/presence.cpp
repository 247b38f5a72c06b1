#include "ipvs/presence.hpp"

namespace sustain::ipvs {

core::Awaitable<core::Result<std::unique_ptr<Presence>>> Presence::open(core::Loop& loop, Settings settings) {
    netlink::ReceiveBuffer buffer;
    if (settings.monitor_buffer != 0) {
        buffer = {buffer_octets(settings.monitor_buffer), settings.monitor_buffer_force};
    }
    auto monitor = netlink::Monitor::open(loop, buffer);
    if (!monitor) {
        co_return std::unexpected(std::move(monitor.error()));
    }
    if (auto read = co_await (*monitor)->synchronise(); !read) {
        co_return std::unexpected(std::move(read.error()));
    }
    co_return std::unique_ptr<Presence>(new Presence(std::move(*monitor)));
}

core::Awaitable<core::Result<>> Presence::change() {
    const auto changes = co_await monitor_->next();
    if (!changes) {
        co_return std::unexpected(changes.error());
    }
    co_return core::Result<>();
}

}  // namespace sustain::ipvs
