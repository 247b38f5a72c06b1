#include "checker/commands.hpp"

#include <boost/asio/async_result.hpp>

namespace sustain::checker {

void Commands::begin(core::Generation generation) {
    generation_ = generation;
    for (const auto& [request, handler] : waiting_) {
        send_(core::message::EndCommand{request});
    }
}

core::Awaitable<core::CommandStatus> Commands::run(std::uint32_t number) {
    return core::asio::async_initiate<const core::asio::use_awaitable_t<>&, void(core::CommandStatus)>(
        [this, number](auto handler) {
            const std::uint32_t request = ++last_request_;
            waiting_.emplace(request, [handler = std::move(handler)](core::CommandStatus status) mutable {
                std::move(handler)(status);
            });
            send_(core::message::RunCommand{generation_, request, number});
        },
        core::asio::use_awaitable);
}

void Commands::take(const core::message::CommandEnded& ended) {
    if (auto waiting = waiting_.extract(ended.request)) {
        waiting.mapped()(ended.status);
    }
}

}  // namespace sustain::checker
