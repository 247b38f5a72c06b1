#include "checker/tcp_check.hpp"

#include "checker/connect.hpp"

namespace sustain::checker {

core::Awaitable<Outcome> tcp_check(core::Loop& loop, Identity identity) {
    const core::TimePoint deadline = core::now() + identity.connect_timeout;
    const Connection connection = co_await connect(loop, std::move(identity.endpoint), deadline);
    co_return connection.outcome;
}

}  // namespace sustain::checker
