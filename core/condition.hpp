// Something that coroutines wait for and another part of the same thread brings about.
#pragma once

#include <list>

#include "core/loop.hpp"

namespace sustain::core {

class Condition {
public:
    explicit Condition(Loop& loop) : loop_(loop) {}

    /// Returns at the next notify(), or at `deadline`. What has been notified before is not remembered: check the
    /// state first, and again afterwards.
    [[nodiscard]] Awaitable<> wait(Clock::time_point deadline = Clock::time_point::max()) {
        const auto waiter = waiters_.emplace(waiters_.end(), loop_, deadline);
        co_await waiter->async_wait(as_tuple_awaitable);
        waiters_.erase(waiter);
    }

    /// Wakes all that wait.
    void notify() {
        for (Timer& waiter : waiters_) {
            waiter.cancel();
        }
    }

private:
    Loop& loop_;
    std::list<Timer> waiters_;  ///< one for each wait(), so that every one has a deadline of its own
};

}  // namespace sustain::core
