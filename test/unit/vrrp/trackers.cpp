// Trackers on this machine: with a parent that the test plays, real files and real processes.
#include "vrrp/trackers.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>

#include "../daemon/temporary_folder.hpp"
#include "helpers.hpp"

using namespace sustain;
using namespace sustain::vrrp;
using namespace std::chrono_literals;
using core::CommandStatus;
using core::message::RunCommand;

namespace {

/// A configuration of instances that track things, and what is told about them.
struct Fixture {
    Fixture() {
        auto ends = core::make_channel_ends();
        REQUIRE(ends);
        child = std::make_unique<core::Channel>(loop, std::move(ends->first));
        parent = std::make_unique<core::Channel>(loop, std::move(ends->second));
        core::spawn(loop, "parent", [](Fixture& its) -> core::Awaitable<> {
            for (;;) {
                const auto received = co_await its.parent->receive();
                if (!received) {
                    co_return;
                }
                its.asked.push_back(received->message);
            }
        }(*this));
        trackers = std::make_unique<Trackers>(
            loop, links, *child, [this](std::uint32_t router, const Tracking& now) { told[router] = now; },
            [](const std::string&) { return false; });
    }
    ~Fixture() {
        child->close();
        parent->close();
        loop.restart();
        loop.run_for(10ms);
    }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    void track(std::vector<Tracker> all) {
        Instance instance = test::example(100);
        instance.trackers = std::move(all);
        config.instances.push_back(std::move(instance));
    }
    void configure(core::Generation generation = 1) { trackers->configure(config, common, generation); }
    template <typename Condition>
    bool until(Condition condition, core::Duration most = 10s) {
        const auto end = core::now() + most;
        while (!condition() && core::now() < end) {
            loop.restart();
            loop.run_for(5ms);
        }
        return condition();
    }
    /// The next thing that the parent is asked for.
    RunCommand request() {
        REQUIRE(until([this] { return !asked.empty(); }));
        const auto* wish = std::get_if<RunCommand>(&asked.front());
        REQUIRE(wish != nullptr);
        const RunCommand result = *wish;
        asked.erase(asked.begin());
        return result;
    }
    /// The next two, which may come in any order, by their numbers.
    std::pair<RunCommand, RunCommand> two_requests() {
        const RunCommand one = request();
        const RunCommand other = request();
        return one.command < other.command ? std::pair(one, other) : std::pair(other, one);
    }
    void answer(const RunCommand& request, CommandStatus status) {
        trackers->take(core::message::CommandEnded{request.generation, request.request, status});
    }

    core::Loop loop;
    netlink::LinkTable links;
    Config config;
    CommonSettings common;
    std::unique_ptr<core::Channel> child;
    std::unique_ptr<core::Channel> parent;
    std::vector<core::Message> asked;
    std::map<std::uint32_t, Tracking> told;
    std::unique_ptr<Trackers> trackers;
};

TrackScript script(std::string name) {
    TrackScript result;
    result.name = std::move(name);
    result.command.arguments = {"/bin/true"};
    result.interval = 100ms;
    return result;
}

Tracker tracker(Tracked kind, std::string name, std::int32_t weight = 0) {
    return {.kind = kind, .weight = weight, .name = std::move(name)};
}

constexpr CommandStatus kGood{};
constexpr CommandStatus kBad{CommandStatus::How::exited, 1};

/// A process of this name that waits to be killed.
pid_t start_named(const char* name) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::prctl(PR_SET_NAME, name);
        for (;;) {
            ::pause();
        }
    }
    return pid;
}

void end(pid_t pid) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

/// So many forks and exits a second, until it is ended.
pid_t start_storm(int a_second) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (auto next = core::now();; next += std::chrono::microseconds(1'000'000 / a_second)) {
            const pid_t one = ::fork();
            if (one == 0) {
                ::_exit(0);
            }
            ::waitpid(one, nullptr, 0);
            if (const auto left = next - core::now(); left > 0us) {
                ::usleep(static_cast<useconds_t>(left.count()));
            }
        }
    }
    return pid;
}

}  // namespace

TEST_CASE("a script is run by the parent, and its result told to all that track it") {
    Fixture fixture;
    fixture.config.track_scripts = {script("unused"), script("a"), script("b")};
    fixture.track({tracker(Tracked::script, "a", -20)});
    fixture.track({tracker(Tracked::script, "a"), tracker(Tracked::script, "b", 5)});
    fixture.configure(7);
    CHECK(fixture.trackers->tracking(1) == Tracking{.waiting = true});
    const auto [first, second] = fixture.two_requests();
    CHECK((first.generation == 7 && first.command == 1 && second.command == 2));
    CHECK(first.request != second.request);
    fixture.answer(first, kGood);
    CHECK(fixture.told == std::map<std::uint32_t, Tracking>{{1, {}}});
    fixture.answer(second, kGood);
    CHECK(fixture.told.at(1) == Tracking{.weight = 5});
    fixture.answer(second, kBad);  // answered already
    CHECK(fixture.told.at(1) == Tracking{.weight = 5});
    const RunCommand third = fixture.request();
    fixture.answer(third, third.command == 1 ? kBad : kGood);
    const RunCommand fourth = fixture.request();
    fixture.answer(fourth, fourth.command == 1 ? kBad : kGood);
    CHECK(fixture.told.at(0) == Tracking{.weight = -20});
    CHECK(fixture.told.at(1) == Tracking{.weight = 5, .faults = 1});
    CHECK(fixture.trackers->faults(1) == std::vector<std::string>{"(X): entering FAULT state due to script a"});
}

TEST_CASE("a script is not asked for again before it has ended") {
    Fixture fixture;
    fixture.config.track_scripts = {script("a")};
    fixture.track({tracker(Tracked::script, "a", -20)});
    fixture.configure();
    (void)fixture.request();
    CHECK_FALSE(fixture.until([&] { return !fixture.asked.empty(); }, 350ms));
}

TEST_CASE("at a reload results stay, numbers are the new ones, and what is gone is ended") {
    Fixture fixture;
    fixture.config.track_scripts = {script("a"), script("b")};
    fixture.track({tracker(Tracked::script, "a", 20), tracker(Tracked::script, "b", 3)});
    fixture.configure(1);
    const auto [first, second] = fixture.two_requests();
    fixture.answer(first, kGood);
    fixture.config.track_scripts = {script("c"), script("a")};
    fixture.config.instances.clear();
    fixture.track({});
    fixture.track({tracker(Tracked::script, "a", 40), tracker(Tracked::script, "c", 1)});
    fixture.configure(2);
    CHECK(fixture.trackers->tracking(1) == Tracking{.weight = 40});
    REQUIRE(fixture.until([&] { return !fixture.asked.empty(); }));
    CHECK(fixture.asked.front() == core::Message(core::message::EndCommand{second.request}));
    fixture.asked.erase(fixture.asked.begin());
    fixture.answer(second, kBad);  // it is told, and nobody cares
    std::map<std::uint32_t, RunCommand> requests;
    while (requests.size() < 2) {
        const RunCommand request = fixture.request();
        CHECK(request.generation == 2);
        requests[request.command] = request;
    }
    fixture.answer(requests.at(1), kBad);
    CHECK(fixture.told.at(1) == Tracking{});
    fixture.answer(requests.at(0), kGood);
    CHECK(fixture.told.at(1) == Tracking{.weight = 1});
}

TEST_CASE("a file of a script line is only opened") {
    const TemporaryFolder folder;
    Fixture fixture;
    TrackScript test_only = script("flag");
    test_only.command = {};
    test_only.file = folder / "flag";
    fixture.config.track_scripts = {test_only};
    fixture.track({tracker(Tracked::script, "flag", 9)});
    fixture.configure();
    std::ofstream(folder / "flag") << "";
    CHECK(fixture.until([&] { return fixture.told[0] == Tracking{.weight = 9}; }));
    CHECK(fixture.asked.empty());
}

TEST_CASE("the number of a file is there from the start and followed") {
    const TemporaryFolder folder;
    std::ofstream(folder / "f") << "3";
    Fixture fixture;
    fixture.common.track_files = {{.name = "f", .path = folder / "f", .init = {}},
                                  {.name = "f", .path = folder / "second of that name", .init = {}}};
    fixture.track({tracker(Tracked::file, "f", 2)});
    fixture.configure();
    CHECK(fixture.trackers->tracking(0) == Tracking{.weight = 6});
    CHECK(fixture.told.empty());
    std::ofstream(folder / "f") << "-200";
    CHECK(fixture.until([&] { return fixture.told[0] == Tracking{.weight = 6, .faults = 1}; }));
    std::ofstream(folder / "f") << "99999999999";
    std::ofstream(folder / "g") << "8";
    fixture.common.track_files[0].path = folder / "g";
    fixture.configure(2);
    CHECK(fixture.trackers->tracking(0) == Tracking{.weight = 16});
}

TEST_CASE("an interface that is not there is down") {
    Fixture fixture;
    fixture.track({tracker(Tracked::interface, "nosuchif0", -5), tracker(Tracked::interface, "nosuchif1")});
    fixture.configure();
    CHECK(fixture.trackers->tracking(0) == Tracking{.weight = -5, .faults = 1});
}

TEST_CASE("a BFD neighbour is down until it is up") {
    Fixture fixture;
    fixture.track({tracker(Tracked::bfd, "n")});
    fixture.configure();
    CHECK(fixture.trackers->tracking(0) == Tracking{.faults = 1});
    fixture.trackers->neighbor_changed("n", true);
    CHECK(fixture.told.at(0) == Tracking{});
}

TEST_CASE("processes are counted right in a storm of others, whether messages get lost or not") {
    constexpr const char* kName = "sustain-probe)";
    const std::uint32_t buffer = GENERATE(1U << 20, 1U);
    Fixture fixture;
    {
        auto monitor = ProcessMonitor::open(fixture.loop, 0, false);
        if (!monitor) {
            WARN("no process events here: " << monitor.error().what);
            return;
        }
    }
    fixture.common.netlink.process_monitor = buffer;
    fixture.common.netlink.process_monitor_force = buffer > 1;
    std::vector<Tracker> all;
    for (unsigned quorum = 1; quorum <= 8; ++quorum) {
        TrackProcess process;
        process.name = std::to_string(quorum);
        process.process = kName;
        process.quorum = quorum;
        fixture.config.track_processes.push_back(process);
        all.push_back(tracker(Tracked::process, process.name, 1));
    }
    fixture.track(std::move(all));
    std::vector<pid_t> alive{start_named(kName)};
    ::usleep(50'000);  // until it has its name
    fixture.configure();
    CHECK(fixture.trackers->tracking(0) == Tracking{.weight = 1});
    const pid_t storm = start_storm(2000);
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 2; ++i) {
            alive.push_back(start_named(kName));
        }
        end(alive.front());
        alive.erase(alive.begin());
        (void)fixture.until([] { return false; }, 400ms);
    }
    const auto expected = static_cast<std::int32_t>(alive.size());
    CHECK(expected == 5);
    CHECK(fixture.until([&] { return fixture.trackers->tracking(0) == Tracking{.weight = expected}; }, 3s));
    end(storm);
    for (const pid_t pid : alive) {
        end(pid);
    }
    CHECK(fixture.until([&] { return fixture.trackers->tracking(0) == Tracking{}; }, 3s));
}
