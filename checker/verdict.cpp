#include "checker/verdict.hpp"

#include <algorithm>

namespace sustain::checker {

Verdict Verdict::migrated_to(const Check& check) const {
    return {up_, has_run_, up_ ? std::min(failures_, check.retry) : 0};
}

Verdict::Decision Verdict::apply(const Check& check, Outcome outcome) {
    if (outcome == Outcome::abandoned) {
        return {Event::none, check.delay_loop};
    }
    const bool news = !has_run_ || up_ != (outcome == Outcome::success);
    if (outcome == Outcome::failure && news && failures_ < check.retry) {
        ++failures_;
        return {Event::retrying, check.delay_before_retry};
    }
    failures_ = 0;
    up_ = outcome == Outcome::success;
    has_run_ = true;
    if (!news) {
        return {Event::none, check.delay_loop};
    }
    return {up_ ? Event::up : Event::down, check.delay_loop};
}

}  // namespace sustain::checker
