// IPVS as a whole as the configuration wants it: lvs_timeouts and the sync daemons. Compares with what the kernel has
// and changes what differs. One caller at a time; it must outlive the coroutines that it starts, and so must the
// Client.
#pragma once

#include <set>

#include "ipvs/client.hpp"
#include "ipvs/settings.hpp"

namespace sustain::ipvs {

class Globals {
public:
    explicit Globals(Client& client) : client_(client) {}

    /// \param master the state of the instance that the sync daemon follows
    /// A sync daemon that is not wanted is ended only if it is ours: a daemon of the same role that is wanted replaces
    /// it, or it was started here. What the kernel refuses is logged, unless it was refused the last time too.
    [[nodiscard]] core::Awaitable<> apply(core::LvsSettings settings, bool master);
    /// Ends our sync daemons and brings back the timeouts that were found.
    [[nodiscard]] core::Awaitable<> stop();

private:
    [[nodiscard]] core::Awaitable<> apply_timeouts(core::LvsTimeouts wanted);
    [[nodiscard]] core::Awaitable<> apply_daemons(std::vector<SyncDaemon> wanted);
    [[nodiscard]] core::Awaitable<bool> send(netlink::Message message, std::string attempt, int harmless = 0);
    void complain(std::string text);

    Client& client_;
    std::optional<core::LvsTimeouts> found_;  // before the first change
    std::vector<SyncDaemon> ours_;            // sync daemons that we want or wanted, and that run
    std::set<std::string> complaints_;        // of this attempt
    std::set<std::string> earlier_;           // of the one before
};

}  // namespace sustain::ipvs
