// Where a child has commands run. It is not trusted: it says a number, and what is run is what the configuration has
// under that number; each number runs at most once at a time, and only for the configuration that is in force.
//
// What is refused is answered at once, with not_run and a reason: ESTALE, the number is one of another configuration;
// EPERM, there is no such number, it is running already, or the request is in use; ENXIO, the command is not to be run
// because it is not there or not safe.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "core/message.hpp"
#include "daemon/script_runner.hpp"

namespace sustain::daemon {

/// What a child may ask for.
struct Runnable {
    const core::Command* command = nullptr;
    core::Duration timeout{0};
};

class CommandDesk {
public:
    /// What the configuration in force has under a number; nothing if the child has nothing to run there.
    using Lookup = std::function<std::optional<Runnable>(std::uint32_t number)>;
    using Answer = std::function<void(const core::message::CommandEnded&)>;

    /// `whose` is the label of the child in log lines. What is referred to must outlive it.
    CommandDesk(ScriptRunner& runner, std::string_view whose, Lookup look_up, Answer answer);
    /// Ends what runs for a child that is gone, politely.
    ~CommandDesk();
    CommandDesk(const CommandDesk&) = delete;
    CommandDesk& operator=(const CommandDesk&) = delete;

    /// From now on numbers are those of another configuration. What runs goes on.
    void set_generation(core::Generation generation);

    void take(const core::message::RunCommand& request);
    void take(const core::message::EndCommand& request);

    [[nodiscard]] std::size_t running() const { return runs_.size(); }

private:
    void refuse(const core::message::RunCommand& request, std::string_view why);
    void ended(const core::message::RunCommand& request, core::CommandStatus status);

    ScriptRunner& runner_;
    std::string_view whose_;
    Lookup look_up_;
    Answer answer_;
    core::Generation generation_ = 0;
    std::unordered_map<std::uint32_t, ScriptRunner::Id> runs_;  ///< by request
    std::unordered_set<std::uint32_t> busy_;                    ///< numbers of this generation that run
    std::shared_ptr<CommandDesk*> self_;                        ///< of handlers that outlive this
    bool complained_ = false;
};

}  // namespace sustain::daemon
