#include "daemon/script_runner.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <csignal>
#include <optional>

#include "core/condition.hpp"

namespace sustain::daemon {

namespace {

using namespace std::chrono_literals;
using core::CommandStatus;

constexpr core::Duration kSlice = 2ms;      // so long may starting programs hold the loop
constexpr core::Duration kGrace = 2s;       // from SIGTERM to SIGKILL, and to the second one
constexpr core::Duration kLastGrace = 10s;  // after which nobody waits any more

CommandStatus not_run(int error) {
    return {.how = CommandStatus::How::not_run, .code = static_cast<std::uint8_t>(error)};
}

}  // namespace

ScriptRunner::ScriptRunner(core::Loop& loop) : loop_(loop) {}

ScriptRunner::Id ScriptRunner::run(core::Command command, core::Duration timeout, Handler ended, Complaint complaint) {
    waiting_.emplace(++last_id_, Waiting{std::move(command), timeout, std::move(ended), complaint});
    if (!std::exchange(starting_, true)) {
        core::asio::post(loop_, [this] { start_waiting(); });
    }
    return last_id_;
}

core::Awaitable<CommandStatus> ScriptRunner::run_through(core::Command command, core::Duration timeout) {
    struct Wait {
        explicit Wait(core::Loop& loop) : ended(loop) {}
        core::Condition ended;
        std::optional<CommandStatus> status;
    };
    const auto wait = std::make_shared<Wait>(loop_);
    run(std::move(command), timeout, [wait](CommandStatus status) {
        wait->status = status;
        wait->ended.notify();
    });
    while (!wait->status) {
        co_await wait->ended.wait();
    }
    co_return *wait->status;
}

void ScriptRunner::start_waiting() {
    const core::TimePoint end = core::now() + kSlice;
    while (!waiting_.empty()) {
        auto next = waiting_.extract(waiting_.begin());
        start(next.key(), std::move(next.mapped()));
        if (core::now() >= end && !waiting_.empty()) {
            core::asio::post(loop_, [this] { start_waiting(); });
            return;
        }
    }
    starting_ = false;
}

void ScriptRunner::start(Id id, Waiting request) {
    auto started = request.command.usable() ? starter_.start(request.command)
                                            : core::Result<StartedProgram>(core::failure("running a script", ENOENT));
    if (!started) {
        if (request.complaint == Complaint::ours) {
            core::log::error("{}", started.error().what);
        }
        if (request.ended) {
            request.ended(not_run(started.error().code));
        }
        return;
    }
    const core::Duration timeout = request.timeout;
    pids_.emplace(started->pid, id);
    auto made = std::make_unique<Run>(loop_, std::move(*started), std::move(request));
    Run& run = *runs_.emplace(id, std::move(made)).first->second;
    run.pidfd.async_wait(core::asio::posix::stream_descriptor::wait_read, [this, id](boost::system::error_code error) {
        if (!error) {
            reap(id);
        }
    });
    if (timeout > core::Duration::zero()) {
        wake_at(id, run, timeout);
    }
}

void ScriptRunner::end(Id id) {
    if (const auto found = runs_.find(id); found != runs_.end()) {
        begin_ending(id, *found->second, Stage::asked);
    } else if (const auto waits = waiting_.find(id); waits != waiting_.end()) {
        core::asio::post(loop_, [ended = std::move(waits->second.ended)] {
            if (ended) {
                ended(not_run(ECANCELED));
            }
        });
        waiting_.erase(waits);
    }
}

void ScriptRunner::kill(Id id) {
    const auto found = runs_.find(id);
    if (found == runs_.end()) {
        end(id);
    } else {
        begin_ending(id, *found->second, Stage::killed);
    }
}

void ScriptRunner::end_all() {
    while (!waiting_.empty()) {
        end(waiting_.begin()->first);
    }
    for (const auto& [id, run] : runs_) {
        begin_ending(id, *run, Stage::asked);
    }
}

/// Unless that stage has been reached already.
void ScriptRunner::begin_ending(Id id, Run& run, Stage stage) {
    if (run.stage < stage) {
        run.stage = stage;
        ::kill(-run.pid, stage == Stage::asked ? SIGTERM : SIGKILL);
        wake_at(id, run, kGrace);
    }
}

void ScriptRunner::wake_at(Id id, Run& run, core::Duration after) {
    run.timer.expires_after(after);
    run.timer.async_wait([this, id](boost::system::error_code error) {
        if (!error) {
            escalate(id);
        }
    });
}

void ScriptRunner::escalate(Id id) {
    const auto found = runs_.find(id);
    if (found == runs_.end()) {
        return;
    }
    Run& run = *found->second;
    if (run.timer.expiry() > core::Clock::now()) {
        return;  // it had expired when it was set anew, and could not be cancelled any more
    }
    switch (run.stage) {
        case Stage::running:
            run.timed_out = true;
            begin_ending(id, run, Stage::asked);
            return;
        case Stage::asked: begin_ending(id, run, Stage::killed); return;
        case Stage::killed:
            run.stage = Stage::killed_again;
            ::kill(-run.pid, SIGKILL);
            wake_at(id, run, kLastGrace);
            return;
        case Stage::killed_again: break;
        case Stage::abandoned: return;
    }
    core::log::error("script {}, pid {}, does not end although it has been killed", run.name, run.pid);
    run.stage = Stage::abandoned;
    ++abandoned_;
    if (const Handler ended = std::move(run.ended)) {
        ended({.how = CommandStatus::How::timed_out, .code = SIGKILL});
    }
}

void ScriptRunner::reap(Id id) {
    const auto found = runs_.find(id);
    const std::unique_ptr<Run> run = std::move(found->second);
    runs_.erase(found);
    pids_.erase(run->pid);
    if (run->stage == Stage::abandoned) {
        --abandoned_;
    }
    if (run->stage != Stage::running) {
        // Its own children have had their SIGTERM, too. The number of the group is not free before we reap its leader.
        ::kill(-run->pid, SIGKILL);
    }
    siginfo_t info{};
    while (::waitid(P_PIDFD, static_cast<id_t>(run->pidfd.native_handle()), &info, WEXITED) != 0 && errno == EINTR) {
    }
    if (!run->ended || run->stage == Stage::abandoned) {
        return;
    }
    CommandStatus status{.how = info.si_code == CLD_EXITED ? CommandStatus::How::exited : CommandStatus::How::killed,
                         .code = static_cast<std::uint8_t>(info.si_status)};
    if (run->timed_out) {
        status.how = CommandStatus::How::timed_out;
    }
    run->ended(status);
}

}  // namespace sustain::daemon
