#include "daemon/checker_watch.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "daemon/ping_group_range.hpp"
#include "temporary_folder.hpp"

using namespace sustain;
using namespace sustain::daemon;
using namespace std::chrono_literals;
using State = CheckerWatch::State;

TEST_CASE("a checker without signs of life is frozen until there is one") {
    const core::TimePoint begin{1000s};
    CheckerWatch watch;
    CHECK(watch.change(begin) == std::nullopt);
    watch.ready(begin);
    CHECK(watch.change(begin + 1s) == State::current);
    CHECK(watch.change(begin + 5s) == std::nullopt);
    CHECK(watch.change(begin + 5001ms) == State::frozen);
    CHECK(watch.change(begin + 60s) == std::nullopt);
    watch.alive(begin + 60s);
    CHECK(watch.change(begin + 60s) == State::current);
    watch.ended();
    CHECK(watch.state(begin + 100s) == State::absent);
}

TEST_CASE("a check without result is news once, and void after a reload") {
    const core::TimePoint begin{1000s};
    CheckerWatch watch;
    watch.ready(begin);
    CHECK(watch.note(3, true));
    CHECK_FALSE(watch.note(3, true));
    CHECK(watch.note(4, true));
    CHECK(watch.overdue_checks() == 2);
    CHECK(watch.state(begin) == State::overdue);
    CHECK(watch.note(3, false));
    CHECK_FALSE(watch.note(3, false));
    CHECK(watch.state(begin) == State::overdue);
    watch.ready(begin + 1s);
    CHECK(watch.state(begin + 1s) == State::current);
}

TEST_CASE("the range of ping sockets is lowered only for a PING_CHECK, and put back") {
    CHECK(parse_group_range("1\t0") == std::pair(1U, 0U));
    CHECK(parse_group_range("0 2147483647") == std::pair(0U, 2147483647U));
    CHECK(parse_group_range("1") == std::nullopt);
    CHECK(parse_group_range("x 1") == std::nullopt);

    const TemporaryFolder folder;
    const std::string file = folder / "range";
    const auto text = [&file] {
        std::string line;
        std::ifstream in(file);
        std::getline(in, line);
        return line;
    };
    std::ofstream(file) << "1\t0\n";
    PingGroupRange range(file);
    checker::Config config;
    range.prepare(config);
    CHECK(text() == "1\t0");
    config.checks.emplace_back().identity.kind = checker::PingCheck{};
    range.prepare(config);
    CHECK(text() == "0 0");
    range.prepare(config);
    SECTION("as it was") {
        range.restore();
        CHECK(text() == "1 0");
    }
    SECTION("but not what somebody else wrote") {
        std::ofstream(file) << "0 5\n";
        range.restore();
        CHECK(text() == "0 5");
    }
}
