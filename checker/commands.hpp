// What the checker has the parent run: scripts of checks, asked for by number over the channel and waited for.
#pragma once

#include <functional>
#include <unordered_map>

#include "core/command.hpp"
#include "core/loop.hpp"
#include "core/message.hpp"

namespace sustain::checker {

class Commands {
public:
    /// Sends a message to the parent.
    using Send = std::function<void(const core::Message&)>;

    explicit Commands(Send send) : send_(std::move(send)) {}

    /// From now on, numbers are those of this generation; what was asked for before is not wanted any more.
    void begin(core::Generation generation);

    /// Has the script of check number `number` run, and waits for its end.
    [[nodiscard]] core::Awaitable<core::CommandStatus> run(std::uint32_t number);

    /// The parent's answer. One to nothing that was asked is ignored.
    void take(const core::message::CommandEnded& ended);

private:
    Send send_;
    core::Generation generation_ = 0;
    std::uint32_t last_request_ = 0;
    std::unordered_map<std::uint32_t, std::move_only_function<void(core::CommandStatus)>> waiting_;
};

}  // namespace sustain::checker
