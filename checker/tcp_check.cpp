#include "checker/tcp_check.hpp"

#include "checker/connect.hpp"

namespace sustain::checker {

core::Awaitable<Attempt> tcp_check(core::Loop& loop, const Identity& identity, core::TimePoint begun) {
    Connection connection = co_await connect(loop, identity.endpoint, begun + identity.connect_timeout);
    co_return Attempt{connection.outcome, std::move(connection.reason)};
}

}  // namespace sustain::checker
