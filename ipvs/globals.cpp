#include "ipvs/globals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/log.hpp"
#include "ipvs/global_codec.hpp"

namespace sustain::ipvs {

namespace {

std::string name_of(const SyncDaemon& daemon) {
    return fmt::format("the {} sync daemon on {}", daemon.role == SyncDaemon::Role::master ? "master" : "backup",
                       daemon.settings.interface);
}

/// What is not configured stays as it was found.
core::LvsTimeouts merged(const core::LvsTimeouts& wanted, const core::LvsTimeouts& found) {
    return {.tcp = wanted.tcp != 0 ? wanted.tcp : found.tcp,
            .tcp_fin = wanted.tcp_fin != 0 ? wanted.tcp_fin : found.tcp_fin,
            .udp = wanted.udp != 0 ? wanted.udp : found.udp};
}

}  // namespace

core::Awaitable<> Globals::apply(core::LvsSettings settings, bool master) {
    earlier_ = std::exchange(complaints_, {});
    co_await apply_timeouts(settings.timeouts);
    co_await apply_daemons(wanted_daemons(settings.sync_daemon, master));
}

core::Awaitable<> Globals::apply_timeouts(core::LvsTimeouts wanted) {
    if (wanted == core::LvsTimeouts() && !found_) {
        co_return;
    }
    const auto present = co_await client_.timeouts();
    if (!present) {
        complain(present.error().what);
        co_return;
    }
    found_ = found_.value_or(*present);
    const core::LvsTimeouts ought = merged(wanted, *found_);
    if (ought != *present) {
        (void)co_await send(set_timeouts(client_.family(), ought), "setting the timeouts of connections");
    }
}

core::Awaitable<> Globals::apply_daemons(std::vector<SyncDaemon> wanted) {
    if (wanted.empty() && ours_.empty()) {
        co_return;
    }
    const auto running = co_await client_.daemons();
    if (!running) {
        complain(running.error().what);
        co_return;
    }
    // First what ends: the kernel has one daemon of each role, and DEL before NEW is what others expect to see.
    std::vector<SyncDaemon> kept;
    for (const SyncDaemon& daemon : *running) {
        const auto same_role = [&](const SyncDaemon& other) { return other.role == daemon.role; };
        const auto ought = std::ranges::find_if(wanted, same_role);
        const auto own = std::ranges::find_if(ours_, same_role);
        const bool right = ought != wanted.end() && is_as_wanted(daemon, *ought) &&
                           (own == ours_.end() || own->settings == ought->settings);
        // Where one instance decides, the daemon of its other state is the rest of a run that was killed.
        const bool is_ours = own != ours_.end() || !wanted.empty();
        if (right || !is_ours) {
            kept.push_back(daemon);
            continue;
        }
        (void)co_await send(delete_daemon(client_.family(), daemon), "ending " + name_of(daemon), ESRCH);
    }
    ours_.clear();
    for (const SyncDaemon& daemon : wanted) {
        bool runs = std::ranges::any_of(kept, [&](const SyncDaemon& other) { return other.role == daemon.role; });
        if (!runs) {
            runs = co_await send(new_daemon(client_.family(), daemon), "starting " + name_of(daemon));
        }
        if (runs) {
            ours_.push_back(daemon);
        }
    }
}

core::Awaitable<> Globals::stop() {
    for (const SyncDaemon& daemon : std::exchange(ours_, {})) {
        (void)co_await send(delete_daemon(client_.family(), daemon), "ending " + name_of(daemon), ESRCH);
    }
    if (found_) {
        (void)co_await send(set_timeouts(client_.family(), *found_), "bringing the timeouts of connections back");
    }
}

core::Awaitable<bool> Globals::send(netlink::Message message, std::string attempt, int harmless) {
    const netlink::Outcome outcome = co_await client_.send(std::move(message));
    const bool done = outcome.done() || (harmless != 0 && outcome.code == harmless);
    if (!done) {
        std::string text = core::system_error(std::move(attempt), outcome.code).what;
        complain(outcome.explanation.empty() ? text : text + " (" + outcome.explanation + ")");
    }
    co_return done;
}

void Globals::complain(std::string text) {
    if (!earlier_.contains(text)) {
        core::log::error("IPVS: {}", text);
    }
    complaints_.insert(std::move(text));
}

}  // namespace sustain::ipvs
