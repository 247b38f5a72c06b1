#include "daemon/command_desk.hpp"

#include <cerrno>

namespace sustain::daemon {

CommandDesk::CommandDesk(ScriptRunner& runner, std::string_view whose, Lookup look_up, Answer answer)
    : runner_(runner),
      whose_(whose),
      look_up_(std::move(look_up)),
      answer_(std::move(answer)),
      self_(std::make_shared<CommandDesk*>(this)) {}

CommandDesk::~CommandDesk() {
    for (const auto& [request, id] : runs_) {
        runner_.end(id);
    }
}

void CommandDesk::set_generation(core::Generation generation) {
    if (generation_ != generation) {
        generation_ = generation;
        busy_.clear();
    }
}

void CommandDesk::take(const core::message::RunCommand& request) {
    if (request.generation != generation_) {
        // Late: it asked before it knew of the reload. Nothing to complain about.
        answer_({request.generation, request.request, {core::CommandStatus::How::not_run, ESTALE}});
        return;
    }
    const auto runnable = look_up_(request.command);
    if (!runnable || runnable->command == nullptr) {
        refuse(request, "that the configuration does not name");
    } else if (!runnable->command->usable()) {
        answer_({request.generation, request.request, {core::CommandStatus::How::not_run, ENXIO}});
    } else if (runs_.contains(request.request) || busy_.contains(request.command)) {
        refuse(request, "that is running already");
    } else {
        busy_.insert(request.command);
        const auto id = runner_.run(
            *runnable->command, runnable->timeout,
            [self = std::weak_ptr(self_), request](core::CommandStatus status) {
                if (const auto its = self.lock()) {
                    (*its)->ended(request, status);
                }
            },
            ScriptRunner::Complaint::callers);
        runs_.emplace(request.request, id);
    }
}

void CommandDesk::take(const core::message::EndCommand& request) {
    if (const auto found = runs_.find(request.request); found != runs_.end()) {
        runner_.end(found->second);
    }
}

/// A child that does this is broken or hostile; a log line for each time would be another way to do harm.
void CommandDesk::refuse(const core::message::RunCommand& request, std::string_view why) {
    if (!std::exchange(complained_, true)) {
        core::log::error("{} child asked to run a command {} (number {}): refused, like others to come", whose_, why,
                         request.command);
    }
    answer_({request.generation, request.request, {core::CommandStatus::How::not_run, EPERM}});
}

void CommandDesk::ended(const core::message::RunCommand& request, core::CommandStatus status) {
    runs_.erase(request.request);
    if (request.generation == generation_) {
        busy_.erase(request.command);
    }
    answer_({request.generation, request.request, status});
}

}  // namespace sustain::daemon
