// How people and programs hear of what happens: the parent's part, which knows both who reports and who is told.
#include "daemon/lvs_notice.hpp"
#include "daemon/supervisor.hpp"

namespace sustain::daemon {

/// At start and after a reload, before the children know of it.
void Supervisor::configure_notifications() {
    const bool vrrp = options_.parts.vrrp && (config_.has_vrrp || place(Part::vrrp).wanted);
    notifier_.configure(config_.global, vrrp, serves_virtual_servers());
    vrrp_notices_.configure(generation_, config_.vrrp, config_.global);
}

/// \return whether the message is one that people may hear of.
bool Supervisor::tell(const core::Message& message) {
    return std::visit(
        [this](const auto& news) -> bool {
            if constexpr (requires { vrrp_notices_.take(news); }) {
                vrrp_notices_.take(news);
                return true;
            } else {
                return false;
            }
        },
        message);
}

/// What the director says about real and virtual servers of the present configuration.
void Supervisor::tell(const ipvs::Notice& said) {
    notifier_.deliver(lvs_notice(said, config_.checker, config_.global.mail));
}

/// After the child has ended: what it wrote before that is still read.
core::Awaitable<> Supervisor::hear_last_words(Place& place) {
    const auto deadline = core::now() + std::chrono::seconds(1);
    while (place.heard && core::now() < deadline) {
        co_await changed_.wait(deadline);
    }
}

}  // namespace sustain::daemon
