#include "checker/smtp_check.hpp"

#include <algorithm>
#include <array>

#include "checker/connect.hpp"
#include "checker/smtp_dialogue.hpp"
#include "checker/stream.hpp"

namespace sustain::checker {

namespace {

/// Connecting and three answers.
constexpr int kSteps = 4;

constexpr std::size_t kRead = 512;

Attempt failure(Stream::State state, const Stream& stream, const SmtpDialogue& dialogue) {
    const std::string_view why = state == Stream::State::timed_out ? std::string_view("timed out")
                                 : state == Stream::State::ended   ? std::string_view("connection closed")
                                                                   : std::string_view(stream.reason());
    return {Outcome::failure, fmt::format("no {}: {}", dialogue.awaited(), why)};
}

}  // namespace

core::Awaitable<Attempt> smtp_check(core::Loop& loop, const Identity& identity, const SmtpCheck& check) {
    const core::Duration timeout = identity.connect_timeout;
    const core::TimePoint begin = core::now();
    const core::TimePoint total = begin + kSteps * timeout;
    const auto limit = [timeout, total] { return std::min(total, core::now() + timeout); };

    Connection connection = co_await connect(loop, identity.endpoint, begin + timeout);
    if (connection.outcome != Outcome::success) {
        co_return Attempt{connection.outcome, std::move(connection.reason)};
    }
    Stream stream(std::move(connection.socket));
    SmtpDialogue dialogue(check.helo_name);
    std::array<std::uint8_t, kRead> buffer;
    for (;;) {
        std::size_t count = 0;
        const auto state = co_await stream.read(buffer, count, limit());
        if (state != Stream::State::open) {
            co_return failure(state, stream, dialogue);
        }
        const SmtpDialogue::Next next = dialogue.take(std::span(buffer).first(count));
        if (next == SmtpDialogue::Next::success) {
            co_return Attempt{Outcome::success};
        }
        if (next == SmtpDialogue::Next::failure) {
            co_return Attempt{Outcome::failure, dialogue.text()};
        }
        if (next == SmtpDialogue::Next::send) {
            const auto written = co_await stream.write(dialogue.text(), limit());
            if (written != Stream::State::open) {
                co_return failure(written, stream, dialogue);
            }
        }
    }
}

}  // namespace sustain::checker
