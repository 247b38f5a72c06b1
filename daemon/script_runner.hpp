// Runs the programs that the configuration names, for the parent itself and for its children: scripts of all kinds.
// Nothing blocks. A program that outlives its time gets SIGTERM, 2 s later SIGKILL, once more after another 2 s, and is
// given up 10 s after that (spec/cli.md 19.4); signals go to its whole process group.
//
//     runner.run(command, 5s, [](core::CommandStatus status) { … });
//     const core::CommandStatus status = co_await runner.run_through(command, 5s);
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>

#include "core/command.hpp"
#include "core/loop.hpp"
#include "daemon/program_starter.hpp"

namespace sustain::daemon {

class ScriptRunner {
public:
    /// Names a run for as long as the runner exists.
    using Id = std::uint64_t;
    /// Called once, from the loop and never from within run(), when the program has ended or has been given up.
    using Handler = std::function<void(core::CommandStatus)>;
    /// Who logs that a program cannot be started. A caller that asks for the same one again and again says it once.
    enum class Complaint : std::uint8_t { ours, callers };

    /// To be destroyed before the loop; handlers are not called any more then. Programs go on until we die.
    explicit ScriptRunner(core::Loop& loop);

    /// Starts the program soon: many requests at once are worked off in slices of some milliseconds. `timeout` 0: it
    /// may run for ever. The status of a program that cannot be started is not_run.
    Id run(core::Command command, core::Duration timeout, Handler ended = {}, Complaint complaint = Complaint::ours);
    [[nodiscard]] core::Awaitable<core::CommandStatus> run_through(core::Command command, core::Duration timeout);

    /// Asks the program to end, and then forces it to. One that has ended already or has not begun yet is fine.
    void end(Id id);
    /// The same without asking.
    void kill(Id id);
    void end_all();

    /// Runs whose handlers have not been called yet.
    [[nodiscard]] std::size_t running() const { return waiting_.size() + runs_.size() - abandoned_; }
    /// Those of them that have not been started yet.
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    /// Whether the process is one that we wait for.
    [[nodiscard]] bool owns(pid_t pid) const { return pids_.contains(pid); }

private:
    enum class Stage : std::uint8_t { running, asked, killed, killed_again, abandoned };

    struct Waiting {
        core::Command command;
        core::Duration timeout{0};
        Handler ended;
        Complaint complaint;
    };
    struct Run {
        Run(core::Loop& loop, StartedProgram started, Waiting request)
            : pid(started.pid),
              pidfd(loop, started.pidfd.release()),
              timer(loop),
              name(std::move(request.command.arguments.front())),
              ended(std::move(request.ended)) {}
        pid_t pid;
        core::asio::posix::stream_descriptor pidfd;
        core::Timer timer;
        std::string name;
        Handler ended;
        Stage stage = Stage::running;
        bool timed_out = false;
    };

    void start_waiting();
    void start(Id id, Waiting request);
    void begin_ending(Id id, Run& run, Stage stage);
    void escalate(Id id);
    void wake_at(Id id, Run& run, core::Duration after);
    void reap(Id id);

    core::Loop& loop_;
    ProgramStarter starter_;
    Id last_id_ = 0;
    std::map<Id, Waiting> waiting_;  ///< the oldest first
    bool starting_ = false;
    std::unordered_map<Id, std::unique_ptr<Run>> runs_;
    std::unordered_map<pid_t, Id> pids_;
    std::size_t abandoned_ = 0;  ///< of runs_: those that did not end even when killed
};

}  // namespace sustain::daemon
