#include "vrrp/rate_limit.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace std::chrono_literals;

TEST_CASE("a rate limit allows its burst and then its pace, and the burst again after rest") {
    vrrp::RateLimit limit(3, 100ms);
    core::TimePoint now{};
    const auto count = [&](core::Duration duration, core::Duration step) {
        int allowed = 0;
        for (const core::TimePoint end = now + duration; now < end; now += step) {
            allowed += limit.allow(now) ? 1 : 0;
        }
        return allowed;
    };
    CHECK(count(10ms, 1ms) == 3);
    CHECK(count(990ms, 1ms) == 9);
    now += 10s;
    CHECK(count(10ms, 1ms) == 3);
}
