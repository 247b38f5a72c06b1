#include "netlink/turns.hpp"

namespace sustain::netlink {

Turns::Turn::~Turn() {
    if (line_ == nullptr) {
        return;
    }
    if (line_->waiting.empty()) {
        line_->taken = false;
        return;
    }
    const auto first = std::move(line_->waiting.front());  // `taken` stays: it is handed on
    line_->waiting.pop_front();
    first->cancel();
}

core::Awaitable<Turns::Turn> Turns::next() {
    const auto line = line_;
    if (line->taken) {
        const auto woken = std::make_shared<core::Timer>(loop_, core::Timer::time_point::max());
        line->waiting.push_back(woken);
        (void)co_await woken->async_wait(core::as_tuple_awaitable);
    }
    line->taken = true;
    co_return Turn(line);
}

}  // namespace sustain::netlink
