#include "checker/verdict.hpp"

#include <algorithm>

#include "checker/kind_of.hpp"

namespace sustain::checker {

Verdict Verdict::at_start(const Check& check) {
    return {!check.alpha, false, is_boxed<SmtpCheck>(check) ? 0 : check.retry};
}

Verdict Verdict::migrated_to(const Check& check) const {
    return {up_, has_run_, up_ ? std::min(failures_, check.retry) : 0};
}

Verdict::Decision Verdict::apply(const Check& check, Outcome outcome) {
    if (outcome == Outcome::abandoned) {
        return {Event::none, check.delay_loop};
    }
    if (const auto* const http = get_boxed<HttpGet>(check.identity.kind)) {
        return apply_to_page(check, *http, outcome);
    }
    const bool news = !has_run_ || up_ != (outcome == Outcome::success);
    // An SMTP_CHECK makes all its attempts again while it is down.
    if (outcome == Outcome::failure && (news || is_boxed<SmtpCheck>(check)) && failures_ < check.retry) {
        ++failures_;
        return {news ? Event::retrying : Event::none, check.delay_before_retry};
    }
    failures_ = 0;
    up_ = outcome == Outcome::success;
    has_run_ = true;
    if (!news) {
        return {Event::none, check.delay_loop};
    }
    return {up_ ? Event::up : Event::down, check.delay_loop};
}

/// One url a run.
Verdict::Decision Verdict::apply_to_page(const Check& check, const HttpGet& http, Outcome outcome) {
    if (outcome == Outcome::failure) {
        return fail_page(check);
    }
    Event event = Event::none;
    if (has_run_) {
        failures_ = 0;
    }
    if (url_failed_) {
        url_failed_ = false;
        url_ = 0;
    } else if (++url_ >= http.urls.size()) {
        url_ = 0;
        if (!has_run_ || !up_) {
            up_ = true;
            has_run_ = true;
            failures_ = 0;
            event = Event::up;
        }
    }
    const bool at_once = http.fast_recovery && (!has_run_ || !up_);
    return {event, at_once ? core::Duration{0} : check.delay_loop};
}

Verdict::Decision Verdict::fail_page(const Check& check) {
    const bool news = up_ || !has_run_;
    if (news && failures_ < check.retry) {
        ++failures_;
        return {Event::retrying, check.delay_before_retry};
    }
    failures_ = 0;
    up_ = false;
    has_run_ = true;
    url_failed_ = true;
    return {news ? Event::down : Event::none, std::max(check.delay_before_retry, check.delay_loop)};
}

}  // namespace sustain::checker
