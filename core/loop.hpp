// The names under which the rest of the program knows Asio: one thread, one io_context, coroutines.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/log.hpp"
#include "core/time.hpp"

namespace sustain::core {

namespace asio = boost::asio;

using Loop = asio::io_context;
template <typename T = void>
using Awaitable = asio::awaitable<T>;
using Timer = asio::basic_waitable_timer<Clock>;

/// Completion token: await and get the error code instead of an exception (`auto [error] = co_await ...`).
constexpr auto as_tuple_awaitable = asio::as_tuple(asio::use_awaitable);

/// Starts a coroutine that nobody awaits. What escapes from it is a bug: it is logged with `name` and the process
/// ends, so that the parent restarts it in a known state instead of going on with a dead part.
template <typename Coroutine>
void spawn(Loop& loop, std::string_view name, Coroutine&& coroutine) {
    asio::co_spawn(loop, std::forward<Coroutine>(coroutine),
                   [name = std::string(name)](const std::exception_ptr& escaped) {
                       if (escaped) {
                           log_escaped_exception(name, escaped);
                           std::abort();
                       }
                   });
}

}  // namespace sustain::core
