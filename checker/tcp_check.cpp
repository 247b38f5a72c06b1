#include "checker/tcp_check.hpp"

#include "checker/connect.hpp"

namespace sustain::checker {

core::Awaitable<Attempt> tcp_check(core::Loop& loop, const Identity& identity) {
    Connection connection = co_await connect(loop, identity.endpoint, core::now() + identity.connect_timeout);
    co_return Attempt{connection.outcome, std::move(connection.reason)};
}

}  // namespace sustain::checker
