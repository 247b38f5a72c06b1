#include "checker/http_get.hpp"

#include <algorithm>

#include "checker/connect.hpp"
#include "checker/http_request.hpp"
#include "checker/page.hpp"
#include "checker/stream.hpp"
#include "core/log.hpp"

namespace sustain::checker {

namespace {

/// Connecting, the first octet, and the rest.
constexpr int kSteps = 3;

Attempt failure(Stream::State state, const Stream& stream, std::string_view doing) {
    return {Outcome::failure, state == Stream::State::timed_out ? fmt::format("{}: timed out", doing)
                              : state == Stream::State::ended   ? fmt::format("{}: connection closed", doing)
                                                                : fmt::format("{}: {}", doing, stream.reason())};
}

}  // namespace

core::Awaitable<Attempt> http_get(core::Loop& loop, PageRequest request) {
    const Identity& identity = request.identity;
    const core::Duration timeout = identity.connect_timeout;
    const core::TimePoint begin = core::now();
    const core::TimePoint total = begin + kSteps * timeout;

    Connection connection = co_await connect(loop, identity.endpoint, begin + timeout);
    if (connection.outcome != Outcome::success) {
        co_return Attempt{connection.outcome, std::move(connection.reason)};
    }
    Stream stream(std::move(connection.socket));
    if (request.check.tls) {
        if (request.tls == nullptr) {
            co_return Attempt{Outcome::abandoned, "TLS cannot be used"};
        }
        auto session = request.tls->session(stream.fd(), server_name_of(request.check, request.url));
        if (!session) {
            co_return Attempt{Outcome::abandoned, session.error().what};
        }
        const auto state = co_await stream.shake_hands(std::move(*session), begin + timeout);
        if (state != Stream::State::open) {
            co_return failure(state, stream, "TLS handshake");
        }
    }

    const std::string text =
        http_request(request.url.path, host_of(request.check, request.url, identity.endpoint), request.check.protocol);
    const auto written = co_await stream.write(text, std::min(total, core::now() + timeout));
    if (written != Stream::State::open) {
        co_return failure(written, stream, "sending the request");
    }

    Page page(request.url, request.pattern, request.stack);
    core::TimePoint limit = std::min(total, core::now() + timeout);
    for (bool first = true;; first = false) {
        std::size_t count = 0;
        const auto state = co_await stream.read(page.room(), count, limit);
        if (state == Stream::State::ended) {
            break;
        }
        if (state != Stream::State::open) {
            co_return failure(state, stream, "reading the answer");
        }
        if (!page.received(count)) {
            break;
        }
        if (first || !request.check.tls) {
            limit = std::min(total, core::now() + timeout);
        }
    }
    if (request.check.tls && (request.check.tls_compliant || request.url.tls_compliant)) {
        stream.say_goodbye();
    }
    Attempt result = page.judge();
    result.surplus = page.surplus();
    co_return result;
}

}  // namespace sustain::checker
