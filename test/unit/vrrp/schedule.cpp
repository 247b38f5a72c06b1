#include "vrrp/schedule.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace std::chrono_literals;

TEST_CASE("deadlines come due in their order, whatever is set meanwhile") {
    core::Loop loop;
    std::vector<int> order;
    std::optional<vrrp::Schedule<int>> schedule;
    schedule.emplace(loop, [&] {
        while (const auto key = schedule->next_due(core::now())) {
            order.push_back(*key);
            schedule->set(*key, std::nullopt);
        }
    });
    const core::TimePoint begin = core::now();
    schedule->set(1, begin + 30ms);
    schedule->set(2, begin + 10ms);
    schedule->set(3, begin + 20ms);
    schedule->set(4, begin + 25ms);
    schedule->set(4, std::nullopt);
    schedule->set(1, begin + 5ms);
    CHECK_FALSE(schedule->next_due(begin).has_value());
    loop.run();
    CHECK(order == std::vector<int>{1, 2, 3});
    CHECK(core::now() >= begin + 20ms);
    CHECK(core::now() < begin + 10s);
}

TEST_CASE("what is left over makes it be called again") {
    core::Loop loop;
    int calls = 0;
    std::optional<vrrp::Schedule<int>> schedule;
    schedule.emplace(loop, [&] {
        ++calls;
        schedule->set(*schedule->next_due(core::now()), std::nullopt);
    });
    for (int key = 0; key < 5; ++key) {
        schedule->set(key, core::now());
    }
    loop.run();
    CHECK(calls == 5);
}

TEST_CASE("a deadline that is put off again and again comes once, when it is due, and not before") {
    core::Loop loop;
    std::vector<std::pair<int, core::TimePoint>> came;
    std::optional<vrrp::Schedule<int>> schedule;
    schedule.emplace(loop, [&] {
        while (const auto key = schedule->next_due(core::now())) {
            came.emplace_back(*key, core::now());
            schedule->set(*key, std::nullopt);
        }
    });
    const core::TimePoint begin = core::now();
    for (int key = 0; key < 100; ++key) {
        schedule->set(key, begin + 5ms);
        schedule->set(key, begin + 10ms);
        schedule->set(key, begin + 40ms - std::chrono::microseconds(key));
    }
    schedule->set(100, begin + 20ms);
    CHECK_FALSE(schedule->next_due(begin + 19ms).has_value());
    CHECK(schedule->next_due(begin + 20ms) == 100);
    // One that was put off may come to the front again.
    schedule->set(7, begin + 15ms);
    CHECK(schedule->next_due(begin + 15ms) == 7);
    schedule->set(8, std::nullopt);
    loop.run();
    REQUIRE(came.size() == 100);
    CHECK(came[0].first == 7);
    CHECK(came[1].first == 100);
    CHECK(came[1].second >= begin + 20ms);
    for (std::size_t i = 2; i < came.size(); ++i) {
        const int key = came[i].first;
        CHECK(came[i].second >= begin + 40ms - std::chrono::microseconds(key));
        CHECK((i == 2 || key < came[i - 1].first));
    }
}

TEST_CASE("what comes round all the time gets its turn as often as the clock says") {
    core::Loop loop;
    int turns = 0;
    std::optional<vrrp::Schedule<int>> schedule;
    core::TimePoint next = core::now();
    schedule.emplace(loop, [&] {
        const auto key = schedule->next_due(core::now());
        REQUIRE(key == 1);
        ++turns;
        next += 1ms;
        schedule->set(1, turns < 20 ? std::optional(next) : std::nullopt);
    });
    schedule->set(1, next);
    loop.run();
    CHECK(turns == 20);
    CHECK(core::now() >= next - 1ms);
}
