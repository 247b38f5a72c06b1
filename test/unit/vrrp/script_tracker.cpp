#include "vrrp/script_tracker.hpp"

#include <cerrno>
#include <csignal>

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::vrrp;
using namespace std::chrono_literals;
using core::CommandStatus;
using How = core::CommandStatus::How;
using Known = TrackedStatus::Known;

namespace {

TrackScript script(unsigned rise = 1, unsigned fall = 1) {
    TrackScript result;
    result.name = "chk";
    result.command.arguments = {"/bin/true"};
    result.interval = 1s;
    result.rise = rise;
    result.fall = fall;
    return result;
}

/// Drives a script in virtual time that starts at 0.
struct Driver {
    explicit Driver(TrackScript config) : tracker(std::move(config), now) {}

    /// Lets the time pass until it wants to run.
    bool runs_within(core::Duration duration) {
        const auto end = now + duration;
        while (tracker.deadline() <= end) {
            now = std::max(now, tracker.deadline());
            if (tracker.expire(now, lines)) {
                return true;
            }
        }
        now = end;
        return false;
    }
    Known ends(CommandStatus status) {
        lines.clear();
        tracker.ended(status, now, lines);
        return tracker.status().known;
    }
    Known exits(std::uint8_t status) {
        REQUIRE((tracker.running() || runs_within(1s)));
        return ends({How::exited, status});
    }
    [[nodiscard]] std::vector<std::string> log() const {
        std::vector<std::string> texts;
        for (const Action& action : lines) {
            texts.push_back(std::get<action::Log>(action).text);
        }
        return texts;
    }

    core::TimePoint now{};
    Actions lines;
    ScriptTracker tracker;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a script runs at once and then to the beat of its interval") {
    TrackScript config = script();
    config.interval = 250ms;
    Driver driver(config);
    for (int i = 0; i < 4; ++i) {
        REQUIRE(driver.runs_within(250ms));
        CHECK(driver.now == core::TimePoint(i * 250ms));
        driver.now += 100ms;
        CHECK(driver.exits(0) == Known::up);
    }
}

TEST_CASE("beats that were missed are not caught up on") {
    Driver driver(script());
    REQUIRE(driver.runs_within(0s));
    driver.exits(0);
    driver.now += 10500ms;
    Actions lines;
    CHECK(driver.tracker.expire(driver.now, lines));
    CHECK(driver.tracker.deadline() == core::TimePoint(11500ms));
}

TEST_CASE("the first result decides alone") {
    Driver good(script(5, 5));
    CHECK(good.tracker.status().known == Known::waiting);
    CHECK(good.exits(0) == Known::up);
    CHECK(good.log() == Lines{"VRRP_Script(chk) succeeded"});
    Driver bad(script(5, 5));
    CHECK(bad.exits(1) == Known::down);
    CHECK(bad.log() == Lines{"Script `chk` now returning 1", "VRRP_Script(chk) failed (exited with status 1)"});
}

TEST_CASE("later so many in a row do") {
    Driver driver(script(2, 3));
    CHECK(driver.exits(0) == Known::up);
    CHECK(driver.exits(1) == Known::up);
    CHECK(driver.log() == Lines{"Script `chk` now returning 1"});
    CHECK(driver.exits(1) == Known::up);
    CHECK(driver.log().empty());
    CHECK(driver.exits(0) == Known::up);  // starts anew
    CHECK(driver.log() == Lines{"Script `chk` now returning 0"});
    CHECK(driver.exits(1) == Known::up);
    CHECK(driver.exits(1) == Known::up);
    CHECK(driver.exits(7) == Known::down);
    CHECK(driver.log() == Lines{"Script `chk` now returning 7", "VRRP_Script(chk) failed (exited with status 7)"});
    CHECK(driver.exits(0) == Known::down);
    CHECK(driver.exits(2) == Known::down);
    CHECK(driver.exits(0) == Known::down);
    CHECK(driver.exits(0) == Known::up);
    CHECK(driver.log() == Lines{"VRRP_Script(chk) succeeded"});
}

TEST_CASE("a script that is killed or outlives its time has failed") {
    Driver driver(script());
    driver.exits(0);
    REQUIRE(driver.runs_within(1s));
    CHECK(driver.ends({How::killed, SIGKILL}) == Known::down);
    CHECK(driver.log() == Lines{"VRRP_Script(chk) failed (due to signal 9)"});
    CHECK(driver.exits(0) == Known::up);
    CHECK(driver.log() == Lines{"VRRP_Script(chk) succeeded"});
    REQUIRE(driver.runs_within(1s));
    CHECK(driver.ends({How::timed_out, SIGTERM}) == Known::down);
    CHECK(driver.log() == Lines{"VRRP_Script(chk) timed_out"});
    REQUIRE(driver.runs_within(1s));
    CHECK(driver.ends({How::timed_out, SIGTERM}) == Known::down);
    CHECK(driver.log().empty());
}

TEST_CASE("one that cannot be started has failed, and says so once") {
    Driver driver(script(1, 2));
    driver.exits(0);
    REQUIRE(driver.runs_within(1s));
    CHECK(driver.ends({How::not_run, ENOENT}) == Known::up);
    CHECK(driver.log() == Lines{"Script `chk` cannot be run: No such file or directory"});
    REQUIRE(driver.runs_within(1s));
    CHECK(driver.ends({How::not_run, ENOENT}) == Known::down);
    CHECK(driver.log() == Lines{"VRRP_Script(chk) failed (No such file or directory)"});
}

TEST_CASE("it runs once at a time") {
    TrackScript config = script();
    config.timeout = 1500ms;
    Driver driver(config);
    REQUIRE(driver.runs_within(0s));
    CHECK_FALSE(driver.runs_within(1s));
    CHECK(driver.log() == Lines{"Track script chk is already running, expect idle - skipping run"});
    CHECK_FALSE(driver.runs_within(5s));
    CHECK(driver.log().size() == 1);  // once for a run
    driver.exits(0);
    REQUIRE(driver.runs_within(1s));
    driver.lines.clear();
    driver.now += 1900ms;  // busy elsewhere: the beat is heard late
    Actions& lines = driver.lines;
    CHECK_FALSE(driver.tracker.expire(driver.now, lines));
    CHECK(driver.log() == Lines{"Track script chk is being timed out, expect idle - skipping run"});
}

TEST_CASE("with init_fail a script has failed until it has risen") {
    TrackScript config = script(2, 1);
    config.init_fail = true;
    Driver driver(config);
    CHECK(driver.tracker.status().known == Known::down);
    CHECK(driver.exits(0) == Known::down);
    CHECK(driver.exits(0) == Known::up);
    CHECK(driver.log() == Lines{"VRRP_Script(chk) succeeded"});
    CHECK(driver.exits(1) == Known::down);
}

TEST_CASE("a reload leaves the result") {
    Driver driver(script(1, 1));
    Actions lines;
    driver.tracker.reconfigure(script(1, 2), driver.now, lines);
    CHECK(lines.empty());
    driver.exits(0);
    driver.lines.clear();
    TrackScript slower = script(1, 2);
    slower.interval = 100s;
    driver.tracker.reconfigure(slower, driver.now, driver.lines);
    CHECK(driver.log() == Lines{"VRRP_Script(chk) considered successful on reload"});
    CHECK(driver.tracker.deadline() == core::TimePoint(1s));  // what was to come next still does
    CHECK(driver.exits(1) == Known::up);
    REQUIRE(driver.runs_within(100s));
    CHECK(driver.exits(1) == Known::down);
    driver.lines.clear();

    SECTION("a shorter interval counts from now on") {
        driver.tracker.reconfigure(script(), driver.now, driver.lines);
        CHECK(driver.log() == Lines{"VRRP_Script(chk) considered unsuccessful on reload"});
        CHECK(driver.tracker.deadline() == driver.now + 1s);
    }
    SECTION("another command is run at once") {
        slower.command.arguments.emplace_back("x");
        driver.tracker.reconfigure(slower, driver.now, driver.lines);
        CHECK(driver.tracker.deadline() == driver.now);
    }
    SECTION("one that the parent will never run counts for nothing, until the next reload") {
        REQUIRE(driver.runs_within(100s));
        CHECK(driver.ends({How::not_run, ENXIO}) == Known::unusable);
        CHECK(driver.log().empty());
        CHECK_FALSE(driver.runs_within(10000s));
        driver.tracker.reconfigure(slower, driver.now, driver.lines);
        CHECK(driver.tracker.status().known == Known::waiting);
        CHECK(driver.runs_within(0s));
    }
    SECTION("a run that a reload has come in the way of is asked for again soon") {
        REQUIRE(driver.runs_within(100s));
        CHECK(driver.ends({How::not_run, ESTALE}) == Known::down);
        CHECK(driver.log().empty());
        CHECK(driver.tracker.deadline() == driver.now + 100ms);
    }
}
