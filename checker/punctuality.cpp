#include "checker/punctuality.hpp"

#include <algorithm>

#include "checker/kind_of.hpp"
#include "checker/schedule.hpp"

namespace sustain::checker {

namespace {

using namespace std::chrono_literals;

constexpr int kPageSteps = 3;
constexpr int kSmtpSteps = 4;

/// From the time-out of a script until the parent has given it up (daemon/script_runner.hpp).
constexpr core::Duration kEndOfScript = 2s + 2s + 10s;

/// How late a result may be without a word.
constexpr core::Duration kGrace = 2s;

}  // namespace

core::Duration longest_attempt(const Check& check) {
    const core::Duration timeout = check.identity.connect_timeout;
    if (const auto* const misc = get_boxed<MiscCheck>(check.identity.kind)) {
        return misc->timeout + kEndOfScript;
    }
    if (get_boxed<HttpGet>(check.identity.kind) != nullptr) {
        return kPageSteps * timeout;
    }
    return get_boxed<SmtpCheck>(check.identity.kind) != nullptr ? kSmtpSteps * timeout : timeout;
}

void Punctuality::reset(std::size_t checks) {
    due_.assign(checks, core::TimePoint::max());
    overdue_.assign(checks, false);
}

bool Punctuality::expect(std::uint32_t number, const Check& check, core::TimePoint when) {
    return set(number, later(later(when, longest_attempt(check)), std::max(kGrace, check.delay_loop / 10)));
}

bool Punctuality::excuse(std::uint32_t number) {
    return set(number, core::TimePoint::max());
}

bool Punctuality::set(std::uint32_t number, core::TimePoint when) {
    due_[number] = when;
    const bool was_overdue = overdue_[number];
    overdue_[number] = false;
    return was_overdue;
}

std::vector<std::uint32_t> Punctuality::newly_overdue(core::TimePoint now) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t number = 0; number < due_.size(); ++number) {
        if (due_[number] < now && !overdue_[number]) {
            overdue_[number] = true;
            found.push_back(number);
        }
    }
    return found;
}

}  // namespace sustain::checker
