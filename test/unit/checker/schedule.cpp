#include "checker/schedule.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace sustain::checker;
using namespace std::chrono_literals;
using sustain::core::TimePoint;

TEST_CASE("checks come due in the order of their times, not in that of their numbers") {
    Schedule schedule;
    const TimePoint start{100s};
    schedule.add(1, start + 3s);
    schedule.add(2, start + 1s);
    schedule.add(3, start + 2s);
    CHECK(schedule.next_due() == start + 1s);
    CHECK(schedule.take_due(start + 999ms) == std::nullopt);
    CHECK(schedule.take_due(start + 2s) == 2U);
    CHECK(schedule.take_due(start + 2s) == 3U);
    CHECK(schedule.take_due(start + 2s) == std::nullopt);
    CHECK(schedule.next_due() == start + 3s);
    CHECK(schedule.take_due(start + 1h) == 1U);
    CHECK(schedule.next_due() == std::nullopt);
}

TEST_CASE("the first run is spread from one second after the start over the warmup") {
    std::mt19937 random(7);
    const TimePoint start{100s};
    CHECK(first_run(start, 0s, random) == start + 1s);
    std::set<TimePoint> seen;
    for (int i = 0; i < 1000; ++i) {
        const TimePoint first = first_run(start, 10s, random);
        REQUIRE(first >= start + 1s);
        REQUIRE(first <= start + 11s);
        seen.insert(first);
    }
    CHECK(*seen.begin() < start + 2s);
    CHECK(*seen.rbegin() > start + 10s);
    CHECK(seen.size() > 900);
}
