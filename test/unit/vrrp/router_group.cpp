// Sync groups: spec/vrrp.md 7 and scenarios G of spec/vrrp-scenarios.md.
#include "vrrp/router_group.hpp"

#include <catch2/catch.hpp>

#include <memory>

#include "helpers.hpp"
#include "vrrp/intervals.hpp"

using namespace sustain::vrrp;
using namespace sustain::vrrp::test;
using namespace std::chrono_literals;

namespace {

/// Routers VI_1, VI_2 … (VRID 51, 52 …) on eth0, eth1 …, in one group, and everything that they and it do.
class GroupDriver {
public:
    explicit GroupDriver(const std::vector<std::uint8_t>& priorities,
                         const std::function<void(std::size_t, Instance&)>& change = {}) {
        for (std::size_t i = 0; i < priorities.size(); ++i) {
            Instance config = example(priorities[i]);
            config.name = fmt::format("VI_{}", i + 1);
            config.interface = fmt::format("eth{}", i);
            config.vrid = static_cast<std::uint8_t>(51 + i);
            if (change) {
                change(i, config);
            }
            drivers.push_back(std::make_unique<Driver>(config));
        }
    }

    void start(const std::vector<bool>& resume = {}) {
        for (std::size_t i = 0; i < drivers.size(); ++i) {
            drivers[i]->call(&VirtualRouter::set_grouped, true);
            drivers[i]->start(i < resume.size() && resume[i]);
        }
        form();
    }

    void form() {
        std::vector<VirtualRouter*> routers;
        for (const auto& driver : drivers) {
            routers.push_back(&driver->router);
        }
        group.emplace("G1", routers);
        carry_out(group->form(now));
    }

    template <typename Member, typename... Arguments>
    void call(std::size_t i, Member member, Arguments&&... arguments) {
        drivers[i]->now = now;
        drivers[i]->call(member, std::forward<Arguments>(arguments)...);
        carry_out(group->changed(i, now));
    }

    void hear(std::size_t i, int priority, std::string_view source = "10.0.0.3") {
        drivers[i]->now = now;
        drivers[i]->hear(static_cast<std::uint8_t>(priority), source);
        carry_out(group->changed(i, now));
    }

    void pass(sustain::core::Duration duration) {
        const auto end = now + duration;
        for (;;) {
            std::optional<std::size_t> next;
            for (std::size_t i = 0; i < drivers.size(); ++i) {
                const auto due = drivers[i]->router.deadline();
                if (due && *due <= end && (!next || *due < *drivers[*next]->router.deadline())) {
                    next = i;
                }
            }
            if (!next) {
                break;
            }
            now = std::max(now, *drivers[*next]->router.deadline());
            call(*next, &VirtualRouter::expire);
        }
        now = end;
        for (const auto& driver : drivers) {
            driver->now = now;
        }
    }

    [[nodiscard]] bool all(State state) const {
        return group->state() == state &&
               std::ranges::all_of(drivers, [&](const auto& driver) { return driver->router.state() == state; });
    }

    void forget() {
        for (const auto& driver : drivers) {
            driver->forget();
        }
        states.clear();
        lines.clear();
    }

    std::vector<std::unique_ptr<Driver>> drivers;
    std::optional<RouterGroup> group;
    std::vector<State> states;       ///< the group's, as told
    std::vector<std::string> lines;  ///< that followed from the group's decisions, of all members in order
    sustain::core::TimePoint now{};

private:
    void carry_out(const RouterGroup::Outcome& outcome) {
        for (const auto& step : outcome.steps) {
            Driver& driver = *drivers[step.member];
            driver.now = now;
            driver.take(step.actions);
            for (const Action& action : step.actions) {
                if (const auto* line = std::get_if<action::Log>(&action); line != nullptr && !line->detail) {
                    lines.push_back(line->text);
                }
            }
        }
        if (outcome.state) {
            states.push_back(*outcome.state);
        }
    }
};

using States = std::vector<State>;
using Lines = std::vector<std::string>;
using Priorities = std::vector<int>;

/// Two members, MASTER since a moment ago.
GroupDriver masters() {
    GroupDriver driver({150, 100});
    driver.start();
    driver.pass(master_down_interval(1s, 100));
    REQUIRE(driver.all(State::master));
    driver.forget();
    return driver;
}

}  // namespace

TEST_CASE("G01, G02: a group follows its slowest member to MASTER") {
    GroupDriver driver({200, 100});
    driver.start();
    CHECK(driver.states == States{State::backup});
    driver.pass(3300ms);
    CHECK(driver.all(State::backup));
    CHECK(driver.drivers[0]->logged("(VI_1) Receive advertisement timeout"));
    CHECK(driver.drivers[0]->advert_times.empty());
    driver.forget();
    driver.pass(320ms);
    CHECK(driver.all(State::master));
    CHECK(driver.states == States{State::master});
    CHECK(driver.drivers[0]->advert_times.at(0) == 3'609'375);
    CHECK(driver.drivers[1]->advert_times.at(0) == 3'609'375);
    CHECK(driver.lines == Lines{"(VI_2) Entering MASTER STATE", "VRRP_Group(G1) Syncing instances to MASTER state",
                                "(VI_1) Entering MASTER STATE"});
}

TEST_CASE("a member that waits for its group repeats the line about its timer once a master down interval") {
    GroupDriver driver({200, 100});
    driver.start();
    for (int i = 0; i < 20; ++i) {
        driver.pass(1s);
        driver.hear(1, 200);
    }
    CHECK(driver.all(State::backup));
    CHECK(driver.drivers[0]->times_logged("(VI_1) Receive advertisement timeout") == 6);
    CHECK(driver.drivers[1]->times_logged("(VI_2) Receive advertisement timeout") == 0);
}

TEST_CASE("a good advert takes the wish of a waiting member back") {
    GroupDriver driver({200, 100});
    driver.start();
    driver.pass(3300ms);
    driver.hear(0, 201);
    driver.pass(1s);  // VI_2's timer has fired, too
    CHECK(driver.all(State::backup));
    driver.pass(3s);
    CHECK(driver.all(State::master));
    SECTION("but a lower one does not") {
        GroupDriver other({200, 100});
        other.start();
        other.pass(3300ms);
        other.hear(0, 150);
        other.pass(320ms);
        CHECK(other.all(State::master));
    }
}

TEST_CASE("G03: a better advert on one member takes all to BACKUP, without priority 0") {
    GroupDriver driver = masters();
    driver.hear(0, 200);
    CHECK(driver.all(State::backup));
    CHECK(driver.drivers[0]->adverts().empty());
    CHECK(driver.drivers[1]->adverts().empty());
    CHECK(driver.states == States{State::backup});
    CHECK(driver.lines == Lines{"VRRP_Group(G1) Syncing instances to BACKUP state", "(VI_2) Entering BACKUP STATE"});
    const auto heard = driver.now;
    for (int i = 0; i < 10; ++i) {
        driver.pass(1s);
        driver.hear(0, 200);
    }
    CHECK(driver.all(State::backup));
    CHECK(driver.drivers[1]->times_logged("(VI_2) Receive advertisement timeout") == 2);
    CHECK(heard < driver.now);
    driver.pass(3609ms);
    CHECK(driver.all(State::master));
}

TEST_CASE("G04: priority 0 on one member changes nothing, on both it is answered within the skew time") {
    GroupDriver driver({100, 100});
    driver.start();
    driver.hear(0, 200);
    driver.hear(1, 200);
    driver.pass(100ms);
    driver.hear(0, 0);
    driver.pass(1s);
    CHECK(driver.all(State::backup));
    driver.hear(1, 0);
    driver.pass(skew_time(100));
    CHECK(driver.all(State::master));
}

TEST_CASE("G05, G06: a fault of one member is the fault of all, and the last one that ends frees all") {
    GroupDriver driver = masters();
    driver.call(1, &VirtualRouter::interface_changed, "eth1", false);
    CHECK(driver.all(State::fault));
    CHECK(driver.states == States{State::fault});
    CHECK(driver.drivers[1]->adverts() == Priorities{0, 0});
    CHECK(driver.drivers[0]->adverts() == Priorities{0});
    CHECK(driver.lines == Lines{"VRRP_Group(G1) Syncing instances to FAULT state", "(VI_1) Entering FAULT STATE"});
    driver.forget();

    SECTION("one fault") {
        driver.call(1, &VirtualRouter::interface_changed, "eth1", true);
        CHECK(driver.all(State::backup));
        CHECK(driver.states == States{State::backup});
        CHECK(driver.lines == Lines{"(VI_2) Entering BACKUP STATE", "VRRP_Group(G1) Syncing instances to BACKUP state",
                                    "(VI_1) Entering BACKUP STATE"});
        driver.pass(master_down_interval(1s, 100));
        CHECK(driver.all(State::master));
    }
    SECTION("two") {
        driver.call(0, &VirtualRouter::interface_changed, "eth0", false);
        CHECK(driver.lines.empty());
        driver.call(1, &VirtualRouter::interface_changed, "eth1", true);
        CHECK(driver.all(State::fault));
        CHECK(driver.lines.empty());
        CHECK(driver.drivers[1]->all<action::StateChanged>().empty());
        driver.call(0, &VirtualRouter::interface_changed, "eth0", true);
        CHECK(driver.all(State::backup));
    }
    SECTION("a script that has not reported holds them") {
        driver.call(0, &VirtualRouter::tracking_changed, Tracking{.waiting = true});
        driver.call(1, &VirtualRouter::interface_changed, "eth1", true);
        CHECK(driver.all(State::fault));
        driver.call(0, &VirtualRouter::tracking_changed, Tracking{});
        CHECK(driver.all(State::backup));
    }
}

TEST_CASE("G07: an address that somebody removes makes all members offer their places") {
    GroupDriver driver = masters();
    driver.call(0, &VirtualRouter::address_removed, "eth0", sustain::core::Prefix{address("10.0.0.100"), 24});
    CHECK(driver.drivers[0]->router.state() == State::backup);
    CHECK(driver.drivers[1]->router.state() == State::backup);
    CHECK(driver.drivers[0]->adverts() == Priorities{0});
    CHECK(driver.drivers[1]->adverts() == Priorities{0});
    CHECK(driver.states == States{State::init});
    SECTION("nobody takes them: MASTER is told once more") {
        driver.pass(skew_time(100));
        CHECK(driver.all(State::master));
        CHECK(driver.states == States{State::init, State::master});
    }
    SECTION("somebody does") {
        driver.hear(0, 200);
        driver.hear(1, 200);
        CHECK(driver.all(State::backup));
        CHECK(driver.states == States{State::init, State::backup});
    }
}

TEST_CASE("5.3: a losing advert on one member has the addresses of all announced") {
    GroupDriver driver = masters();
    driver.hear(0, 50);
    CHECK(driver.drivers[0]->adverts() == Priorities{150});
    CHECK(driver.drivers[1]->adverts().empty());
    CHECK(driver.drivers[0]->all<action::Announce>().size() == 1);
    CHECK(driver.drivers[1]->all<action::Announce>().size() == 1);
}

TEST_CASE("7.1: how a group starts") {
    const auto owner = [](State state) {
        return [state](std::size_t, Instance& config) { config.initial_state = state; };
    };
    SECTION("owners: MASTER at once, and the group says so") {
        GroupDriver driver({255, 255}, owner(State::master));
        driver.start();
        CHECK(driver.all(State::master));
        CHECK(driver.states == States{State::master});
        CHECK(driver.drivers[0]->advert_times.at(0) == 0);
        CHECK(driver.drivers[1]->advert_times.at(0) == 0);
    }
    SECTION("owners that wait for vrrp_startup_delay: MASTER is the first that anybody is told of") {
        GroupDriver driver({255, 255}, owner(State::master));
        for (const auto& one : driver.drivers) {
            one->router.delay_until(one->now + 3s);
        }
        driver.start();
        CHECK(driver.drivers[1]->router.state() == State::backup);
        CHECK(driver.states.empty());
        driver.pass(4s);
        CHECK(driver.all(State::master));
        CHECK(driver.states == States{State::master});
        CHECK(driver.drivers[0]->all<action::StateChanged>().size() == 1);
        CHECK(driver.drivers[0]->advert_times.at(0) == 3'000'000);
        CHECK(driver.drivers[1]->advert_times.at(0) == 3'000'000);
    }
    SECTION("owners with state BACKUP") {
        GroupDriver driver({255, 255}, owner(State::backup));
        driver.start();
        CHECK(driver.states == States{State::backup});
        driver.pass(4s);
        CHECK(driver.drivers[1]->advert_times.at(0) == 3'003'906);
    }
    SECTION("one owner: waits for the other") {
        GroupDriver driver({255, 100});
        driver.start();
        CHECK(driver.states == States{State::backup});
        driver.pass(4s);
        CHECK(driver.drivers[0]->advert_times.at(0) == 3'609'375);
        CHECK(driver.drivers[1]->advert_times.at(0) == 3'609'375);
    }
    SECTION("a fault of one") {
        GroupDriver driver({255, 255});
        driver.drivers[1]->call(&VirtualRouter::interface_changed, "eth1", false);
        driver.start();
        CHECK(driver.all(State::fault));
        CHECK(driver.states == States{State::fault});
        CHECK(driver.lines == Lines{"VRRP_Group(G1): Syncing VI_2 to FAULT state", "(VI_1) entering FAULT state"});
    }
    SECTION("scripts of one that have not reported") {
        GroupDriver driver({200, 100});
        driver.drivers[1]->call(&VirtualRouter::tracking_changed, Tracking{.waiting = true});
        driver.start();
        driver.pass(60s);
        CHECK(driver.all(State::init));
        CHECK(driver.states.empty());
        SECTION("success") {
            driver.call(1, &VirtualRouter::tracking_changed, Tracking{});
            CHECK(driver.all(State::backup));
            CHECK(driver.states == States{State::backup});
            CHECK(driver.lines == Lines{"(VI_1) Entering BACKUP STATE (init)",
                                        "VRRP_Group(G1) Syncing instances to BACKUP state",
                                        "(VI_2) Entering BACKUP STATE"});
        }
        SECTION("failure") {
            driver.call(1, &VirtualRouter::tracking_changed, Tracking{.faults = 1});
            CHECK(driver.all(State::fault));
            CHECK(driver.lines ==
                  Lines{"VRRP_Group(G1) Syncing instances to FAULT state", "(VI_1) entering FAULT state"});
        }
        SECTION("a fault of the other meanwhile") {
            driver.call(0, &VirtualRouter::interface_changed, "eth0", false);
            CHECK(driver.all(State::fault));
            driver.call(0, &VirtualRouter::interface_changed, "eth0", true);
            CHECK(driver.all(State::fault));
            driver.call(1, &VirtualRouter::tracking_changed, Tracking{});
            CHECK(driver.all(State::backup));
        }
    }
    SECTION("all were MASTER in a process that crashed") {
        GroupDriver driver({150, 100});
        driver.start({true, true});
        CHECK(driver.all(State::master));
        CHECK(driver.drivers[0]->all<action::RemoveAddresses>().empty());
    }
    SECTION("only one was") {
        GroupDriver driver({150, 100});
        driver.start({true, false});
        CHECK(driver.all(State::backup));
        CHECK(driver.drivers[0]->all<action::RemoveAddresses>().size() == 1);
    }
}

TEST_CASE("a reload forms a group of running routers") {
    GroupDriver driver({150, 100});
    const auto group_all = [&] {
        for (const auto& one : driver.drivers) {
            one->now = driver.now;
            one->call(&VirtualRouter::set_grouped, true);
        }
        driver.forget();
        driver.form();
    };
    for (const auto& one : driver.drivers) {
        one->start();
        one->pass(1s);
    }
    SECTION("19, 15: with one in FAULT a MASTER says priority 0") {
        driver.drivers[0]->pass(3s);
        driver.drivers[1]->pass(3s);
        driver.drivers[1]->call(&VirtualRouter::interface_changed, "eth1", false);
        driver.now += 4s;
        group_all();
        CHECK(driver.all(State::fault));
        CHECK(driver.drivers[0]->adverts() == Priorities{0});
    }
    SECTION("a MASTER takes along who has heard nobody better") {
        driver.drivers[0]->pass(2500ms);
        driver.drivers[1]->pass(2500ms);
        REQUIRE(driver.drivers[0]->router.state() == State::master);
        REQUIRE(driver.drivers[1]->router.state() == State::backup);
        driver.now += 3500ms;
        group_all();
        CHECK(driver.all(State::master));
        CHECK(driver.drivers[0]->all<action::StateChanged>().empty());
    }
    SECTION("a MASTER gives in, with priority 0, if the other follows a better one") {
        driver.drivers[0]->pass(2500ms);
        driver.drivers[1]->hear(200);
        driver.drivers[1]->pass(2500ms);
        driver.now += 3500ms;
        group_all();
        CHECK(driver.all(State::backup));
        CHECK(driver.drivers[0]->adverts() == Priorities{0});
    }
    SECTION("a newcomer whose scripts have not reported disturbs nobody") {
        driver.drivers[0]->pass(3500ms);
        driver.now += 4500ms;
        driver.drivers[1] = std::make_unique<Driver>(driver.drivers[1]->router.config());
        driver.drivers[1]->now = driver.now;
        driver.drivers[1]->call(&VirtualRouter::tracking_changed, Tracking{.waiting = true});
        driver.drivers[1]->call(&VirtualRouter::set_grouped, true);
        driver.drivers[1]->start();
        group_all();
        CHECK(driver.drivers[0]->router.state() == State::master);
        CHECK(driver.drivers[1]->router.state() == State::init);
        SECTION("and joins when they succeed") {
            driver.call(1, &VirtualRouter::tracking_changed, Tracking{});
            CHECK(driver.all(State::master));
        }
        SECTION("and takes all to FAULT when they fail") {
            driver.call(1, &VirtualRouter::tracking_changed, Tracking{.faults = 1});
            CHECK(driver.all(State::fault));
        }
    }
}

TEST_CASE("a router that leaves its group is not held by its faults") {
    GroupDriver driver = masters();
    driver.call(1, &VirtualRouter::interface_changed, "eth1", false);
    REQUIRE(driver.all(State::fault));
    driver.group->leave(0);
    driver.drivers[0]->call(&VirtualRouter::set_grouped, false);
    CHECK(driver.drivers[0]->router.state() == State::backup);
    driver.drivers[0]->pass(4s);
    CHECK(driver.drivers[0]->router.state() == State::master);
    SECTION("and the group goes on without it") {
        driver.call(1, &VirtualRouter::interface_changed, "eth1", true);
        CHECK(driver.group->state() == State::backup);
    }
}

TEST_CASE("which down timer makes a group MASTER is known before it fires") {
    GroupDriver driver({200, 100});
    driver.start();
    CHECK_FALSE(driver.group->is_last(0));
    driver.pass(3300ms);
    CHECK(driver.group->is_last(1));
    CHECK_FALSE(driver.group->is_last(0));
}
