#include "checker/misc_check.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace sustain::checker {

namespace {

/// Statuses from here on stand for a weight: 2 for 0.
constexpr std::uint8_t kFirstWeight = 2;

}  // namespace

Attempt judge(const MiscCheck& check, core::CommandStatus status) {
    const auto result = [&check](Outcome outcome, std::string reason, std::int32_t weight = 0) {
        return Attempt{outcome, std::move(reason), check.dynamic ? std::optional(weight) : std::nullopt};
    };
    switch (status.how) {
        case core::CommandStatus::How::exited: break;
        case core::CommandStatus::How::killed:
            return result(Outcome::failure, fmt::format("died from signal {}", status.code));
        case core::CommandStatus::How::timed_out: return result(Outcome::failure, std::string(kScriptTimedOut));
        case core::CommandStatus::How::not_run:
            if (status.code == ESTALE || status.code == ECANCELED) {
                return {Outcome::abandoned};  // a reload or a stop is under way: nothing to say
            }
            return {Outcome::abandoned,
                    fmt::format("{} could not be run: {}", check.arguments.front(), std::strerror(status.code))};
    }
    if (status.code == 0) {
        return result(Outcome::success, {});
    }
    if (check.dynamic && status.code >= kFirstWeight) {
        return result(Outcome::success, {}, status.code - kFirstWeight - check.configured_weight);
    }
    return result(Outcome::failure, fmt::format("exited with status {}", status.code));
}

core::Awaitable<Attempt> misc_check(Commands& commands, std::uint32_t number, const MiscCheck& check) {
    const core::CommandStatus status = co_await commands.run(number);
    co_return judge(check, status);
}

}  // namespace sustain::checker
