#include "core/condition.hpp"

#include <catch2/catch.hpp>

using namespace sustain::core;
using namespace std::chrono_literals;

namespace {

/// `returned` and `condition` outlive the loop's run in each test.
Awaitable<> wait(Condition& condition, bool& returned) {
    co_await condition.wait();
    returned = true;
}

}  // namespace

TEST_CASE("waiting without a deadline ends with a notification, and with nothing else") {
    Loop loop;
    Condition condition(loop);
    bool returned = false;
    spawn(loop, "test", wait(condition, returned));
    loop.run_for(20ms);
    CHECK_FALSE(returned);
    condition.notify();
    loop.restart();
    loop.run_for(1s);
    CHECK(returned);
}
