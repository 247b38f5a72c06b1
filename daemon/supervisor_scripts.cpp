// The scripts that the parent runs: its own at start and stop, and those that its children ask for.
#include <algorithm>

#include "daemon/supervisor.hpp"

namespace sustain::daemon {

namespace {

using namespace std::chrono_literals;

// Scripts that have not ended so long after SIGTERM and SIGKILL are left alone.
constexpr core::Duration kEndOfScripts = 5s;
// A child that asks and never listens costs memory: this many answers wait for it at most. Each of a child's commands
// has at most one, so that an honest one is far below.
constexpr std::size_t kMostAnswers = 100'000;

}  // namespace

/// Runs startup_script or shutdown_script to its end. Only its failure is of interest.
core::Awaitable<> Supervisor::run_own_script(std::string_view which, core::Command command, core::Duration timeout) {
    if (!command.usable()) {
        co_return;
    }
    const bool was_stopping = stop_requested_;
    core::log::detail("Running {} script {}", which, command.arguments.front());
    const auto outcome = std::make_shared<std::optional<core::CommandStatus>>();
    const auto id = scripts_.run(std::move(command), timeout, [this, outcome](core::CommandStatus status) {
        *outcome = status;
        changed_.notify();
    });
    while (!*outcome) {
        co_await changed_.wait();
        if (stop_requested_ && !was_stopping) {
            scripts_.end(id);
        }
    }
    const core::CommandStatus status = **outcome;
    if (status.how == core::CommandStatus::How::timed_out) {
        core::log::error("{} script timed out", which);
    } else if (status.how == core::CommandStatus::How::killed) {
        core::log::error("{} script failed due to signal {}", which, status.code);
    } else if (!status.succeeded()) {
        core::log::error("{} script failed, status {}", which, status.code);
    }
}

/// Those that were run for children, at stop.
core::Awaitable<> Supervisor::end_scripts() {
    scripts_.end_all();
    const auto deadline = core::now() + kEndOfScripts;
    while (scripts_.running() > 0 && core::now() < deadline) {
        co_await changed_.wait(std::min(deadline, core::now() + 10ms));
    }
}

std::unique_ptr<CommandDesk> Supervisor::open_desk(const Place& place) {
    const Part part = place.part;
    auto desk = std::make_unique<CommandDesk>(
        scripts_, label(part), [this, part](std::uint32_t number) { return runnable(part, number); },
        [child = std::weak_ptr(place.child), part](const core::message::CommandEnded& answer) {
            const auto listener = child.lock();
            if (listener && listener->channel().backlog() > kMostAnswers) {
                core::log::error("{} child does not take the answers that it asked for", label(part));
                listener->kill();
            } else if (listener) {
                listener->channel().send(answer);
            }
        });
    desk->set_generation(generation_);
    return desk;
}

/// What a child may have run, by its number (see core::message::RunCommand).
std::optional<Runnable> Supervisor::runnable(Part part, std::uint32_t number) const {
    if (part == Part::vrrp) {
        const auto& scripts = config_.vrrp.track_scripts;
        if (number < scripts.size()) {
            const vrrp::TrackScript& script = scripts[number];
            return Runnable{&script.command,
                            script.timeout > core::Duration::zero() ? script.timeout : script.interval};
        }
    } else if (number < config_.checker.checks.size()) {
        const auto* misc = std::get_if<core::Boxed<checker::MiscCheck>>(&config_.checker.checks[number].identity.kind);
        static const core::Command kNothing;  // what we have refused: a child that asks for it has not heard of that
        if (misc != nullptr) {
            const bool usable = (*misc)->script < config_.checker.scripts.size();
            return Runnable{usable ? &config_.checker.scripts[(*misc)->script] : &kNothing, (*misc)->timeout};
        }
    }
    return std::nullopt;
}

}  // namespace sustain::daemon
