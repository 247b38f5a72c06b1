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
