#include "vrrp/process_monitor.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::vrrp;
using namespace std::chrono_literals;

namespace {

std::vector<std::uint8_t> message(std::uint32_t what, std::vector<std::uint32_t> data) {
    std::vector<std::uint8_t> octets(16 + 20 + 16);
    octets[16] = 1;  // CN_IDX_PROC
    octets[20] = 1;  // CN_VAL_PROC
    const auto put = [&](std::size_t offset, std::uint32_t value) { std::memcpy(&octets[offset], &value, 4); };
    put(36, what);
    for (const std::uint32_t value : data) {
        octets.resize(octets.size() + 4);
        put(octets.size() - 4, value);
    }
    return octets;
}

struct Storm {
    core::Loop loop;
    std::vector<ProcessEvent> events;
    int error = 0;

    /// Collects what the monitor says until the condition holds, for 10 s at most.
    template <typename Condition>
    bool until(Condition condition) {
        const auto end = core::now() + 10s;
        while (!condition() && core::now() < end) {
            loop.restart();
            loop.run_for(10ms);
        }
        return condition();
    }
    [[nodiscard]] bool saw(ProcessEvent::Kind kind, pid_t pid) const {
        return std::ranges::any_of(events, [&](const auto& one) { return one.kind == kind && one.pid == pid; });
    }
};

}  // namespace

TEST_CASE("messages of the process connector") {
    using Kind = ProcessEvent::Kind;
    const auto fork = parse_process_event(message(1, {7, 7, 8, 8}));
    REQUIRE(fork);
    CHECK((fork->kind == Kind::fork && fork->parent == 7 && fork->pid == 8));
    CHECK_FALSE(parse_process_event(message(1, {7, 7, 9, 7})));  // a thread
    const auto exec = parse_process_event(message(2, {8, 8}));
    REQUIRE(exec);
    CHECK((exec->kind == Kind::changed && exec->pid == 8));
    REQUIRE(parse_process_event(message(0x200, {8, 8, 0, 0, 0, 0})));
    CHECK_FALSE(parse_process_event(message(0x200, {9, 8, 0, 0, 0, 0})));
    const auto exit = parse_process_event(message(0x80000000, {8, 8, 0, 0}));
    REQUIRE(exit);
    CHECK((exit->kind == Kind::exit && exit->pid == 8));
    CHECK_FALSE(parse_process_event(message(0x80000000, {9, 8, 0, 0})));
    const auto refused = parse_process_event(message(0, {1}));
    REQUIRE(refused);
    CHECK((refused->kind == Kind::confirmed && refused->error == 1));
    CHECK_FALSE(parse_process_event(message(4, {8, 8, 0, 0})));  // of no interest
}

TEST_CASE("whatever comes on that socket is survived") {
    const auto whole = message(1, {7, 7, 8, 8});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        (void)parse_process_event({whole.data(), size});
    }
    CHECK_FALSE(parse_process_event({whole.data(), 40}));
    auto other = whole;
    other[16] = 2;
    CHECK_FALSE(parse_process_event(other));
}

TEST_CASE("what /proc says of a process") {
    char before[16] = {};
    ::prctl(PR_GET_NAME, before);
    ::prctl(PR_SET_NAME, "od) S (d");
    const auto own = read_process(::getpid(), true);
    ::prctl(PR_SET_NAME, before);
    REQUIRE(own);
    CHECK(own->name == "od) S (d");
    CHECK(own->command_line.find("unit-vrrp") != std::string::npos);
    CHECK(read_process(::getpid(), false)->command_line.empty());
    const pid_t zombie = ::fork();
    if (zombie == 0) {
        ::_exit(0);
    }
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(zombie), &info, WEXITED | WNOWAIT);
    CHECK_FALSE(read_process(zombie, true));
    ::waitpid(zombie, nullptr, 0);
    CHECK_FALSE(read_process(zombie, true));
    ProcessScan scan;
    std::vector<pid_t> all;
    for (auto some = scan.step(3); !some.empty(); some = scan.step(3)) {
        CHECK(some.size() <= 3);
        std::ranges::copy(some, std::back_inserter(all));
    }
    CHECK(std::ranges::find(all, ::getpid()) != all.end());
}

TEST_CASE("the kernel tells of forks and exits, and that it had to drop messages") {
    Storm storm;
    auto opened = ProcessMonitor::open(storm.loop, 1, false);  // the smallest buffer that there is
    if (!opened) {
        WARN("no process events here: " << opened.error().what);  // no right to, or not the initial namespace
        return;
    }
    ProcessMonitor& monitor = **opened;
    core::spawn(storm.loop, "test", [](ProcessMonitor& its, Storm& out) -> core::Awaitable<> {
        for (;;) {
            auto events = co_await its.next();
            if (!events) {
                out.error = events.error().code;
                if (out.error != ENOBUFS) {
                    co_return;
                }
                continue;
            }
            std::ranges::copy(*events, std::back_inserter(out.events));
        }
    }(monitor, storm));
    REQUIRE(storm.until([&] { return !storm.events.empty(); }));
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    CHECK(storm.until(
        [&] { return storm.saw(ProcessEvent::Kind::fork, child) && storm.saw(ProcessEvent::Kind::exit, child); }));
    for (int i = 0; i < 500; ++i) {
        const pid_t one = ::fork();
        if (one == 0) {
            ::_exit(0);
        }
        ::waitpid(one, nullptr, 0);
    }
    CHECK(storm.until([&] { return storm.error == ENOBUFS; }));
    monitor.close();
    CHECK(storm.until([&] { return storm.error == ECANCELED; }));
}
