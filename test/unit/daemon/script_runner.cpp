#include "daemon/script_runner.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>

#include <catch2/catch.hpp>

#include "temporary_folder.hpp"

using namespace sustain;
using namespace std::chrono_literals;
using core::CommandStatus;
using daemon::ScriptRunner;
using How = core::CommandStatus::How;

namespace {

core::Account own_account() {
    return {.uid = ::geteuid(), .gid = ::getegid(), .groups = {}};
}

core::Command shell(const std::string& text) {
    return {.arguments = {"/bin/sh", "-c", text}, .account = own_account()};
}

/// Runs the loop until the condition holds, for 10 s at most.
template <typename Condition>
bool run_until(core::Loop& loop, Condition condition) {
    const auto end = core::now() + 10s;
    while (!condition() && core::now() < end) {
        loop.restart();
        loop.run_for(5ms);
    }
    return condition();
}

CommandStatus status_of(core::Loop& loop, ScriptRunner& runner, core::Command command, core::Duration timeout = 5s) {
    std::optional<CommandStatus> result;
    runner.run(std::move(command), timeout, [&](CommandStatus status) { result = status; });
    REQUIRE(run_until(loop, [&] { return result.has_value(); }));
    return *result;
}

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("how a program ended is told once") {
    core::Loop loop;
    ScriptRunner runner(loop);
    CHECK(status_of(loop, runner, shell("exit 0")) == CommandStatus{How::exited, 0});
    CHECK(status_of(loop, runner, shell("exit 0")).succeeded());
    CHECK(status_of(loop, runner, shell("exit 3")) == CommandStatus{How::exited, 3});
    CHECK(status_of(loop, runner, shell("kill -9 $$")) == CommandStatus{How::killed, SIGKILL});
    CHECK(status_of(loop, runner, {.arguments = {"/no/such/program"}, .account = own_account()}) ==
          CommandStatus{How::not_run, ENOENT});
    CHECK(status_of(loop, runner, {}) == CommandStatus{How::not_run, ENOENT});
    CHECK(runner.running() == 0);
}

TEST_CASE("a coroutine can wait for a program") {
    core::Loop loop;
    ScriptRunner runner(loop);
    std::optional<CommandStatus> result;
    core::spawn(loop, "test", [](ScriptRunner& its, std::optional<CommandStatus>& out) -> core::Awaitable<> {
        out = co_await its.run_through(shell("exit 7"), 5s);
    }(runner, result));
    REQUIRE(run_until(loop, [&] { return result.has_value(); }));
    CHECK(*result == CommandStatus{How::exited, 7});
}

TEST_CASE("a program that outlives its time is asked to end") {
    core::Loop loop;
    ScriptRunner runner(loop);
    const auto begin = core::now();
    const CommandStatus status = status_of(loop, runner, shell("exec sleep 60"), 100ms);
    CHECK(status == CommandStatus{How::timed_out, SIGTERM});
    CHECK(core::now() - begin < 2s);
}

TEST_CASE("one that ignores SIGTERM is killed two seconds later, with those that it has started") {
    const TemporaryFolder folder;
    core::Loop loop;
    ScriptRunner runner(loop);
    const auto begin = core::now();
    const std::string pid_file = folder / "pid";
    const CommandStatus status = status_of(
        loop, runner, shell("trap '' TERM; sleep 60 & echo $! > " + pid_file + "; while :; do sleep 60; done"), 100ms);
    CHECK(status == CommandStatus{How::timed_out, SIGKILL});
    CHECK(core::now() - begin >= 2s);
    const pid_t grandchild = std::atoi(text_of(pid_file).c_str());
    REQUIRE(grandchild > 0);
    CHECK(run_until(loop, [&] {
        const std::string stat = text_of("/proc/" + std::to_string(grandchild) + "/stat");
        return stat.empty() || stat.find(") Z ") != std::string::npos;
    }));
}

TEST_CASE("a program can be ended before its time") {
    core::Loop loop;
    ScriptRunner runner(loop);
    std::optional<CommandStatus> result;
    const auto id = runner.run(shell("exec sleep 60"), 0s, [&](CommandStatus status) { result = status; });
    SECTION("before it has begun") {
        runner.end(id);
        REQUIRE(run_until(loop, [&] { return result.has_value(); }));
        CHECK(*result == CommandStatus{How::not_run, ECANCELED});
    }
    SECTION("while it runs") {
        loop.restart();
        loop.run_for(50ms);
        runner.end(id);
        REQUIRE(run_until(loop, [&] { return result.has_value(); }));
        CHECK(*result == CommandStatus{How::killed, SIGTERM});
    }
    SECTION("by force") {
        loop.restart();
        loop.run_for(50ms);
        runner.kill(id);
        REQUIRE(run_until(loop, [&] { return result.has_value(); }));
        CHECK(*result == CommandStatus{How::killed, SIGKILL});
    }
    runner.end(id);  // it has ended: nothing happens
    CHECK(runner.running() == 0);
}

TEST_CASE("what a program finds") {
    const TemporaryFolder folder;
    ::setenv("NOTIFY_SOCKET", "/run/x", 1);
    ::setenv("IFS", ":", 1);
    ::setenv("SUSTAIN_TEST", "kept", 1);
    core::Loop loop;
    ScriptRunner runner(loop);
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("IFS");
    const core::UniqueFd open_file(::open("/dev/null", O_RDONLY));  // not close-on-exec
    std::signal(SIGUSR1, SIG_IGN);
    const std::string out = folder / "out";
    // (grep looks at its own signals: the shell blocks some while it waits.)
    const CommandStatus status = status_of(
        loop, runner,
        shell("exec > " + out +
              " 2>&1; echo ${SUSTAIN_TEST} ${NOTIFY_SOCKET-none} ${LD_PRELOAD-none}; "
              "readlink /proc/$$/fd/0; ls /proc/$$/fd; grep -E 'SigIgn|SigBlk' /proc/self/status; ps -o pgid= -p $$; "
              "echo $$"));
    std::signal(SIGUSR1, SIG_DFL);
    CHECK(status.succeeded());
    std::istringstream text(text_of(out));
    std::string line;
    std::getline(text, line);
    CHECK(line == "kept none none");
    std::getline(text, line);
    CHECK(line == "/dev/null");
    for (const char* descriptor : {"0", "1", "2"}) {
        std::getline(text, line);
        CHECK(line == descriptor);
    }
    std::getline(text, line);
    while (line.find("Sig") == std::string::npos && std::getline(text, line)) {
        FAIL_CHECK("descriptor " << line << " is open");
    }
    CHECK(line.find("0000000000000000") != std::string::npos);
    std::getline(text, line);
    CHECK(line.find("0000000000000000") != std::string::npos);
    int group = 0;
    int pid = 0;
    text >> group >> pid;
    CHECK(group == pid);
    CHECK(pid > 0);
}

TEST_CASE("a text without #! is run by the shell") {
    const TemporaryFolder folder;
    const std::string path = folder / "script";
    std::ofstream(path) << "exit $1\n";
    REQUIRE(::chmod(path.c_str(), 0755) == 0);
    core::Loop loop;
    ScriptRunner runner(loop);
    CHECK(status_of(loop, runner, {.arguments = {path, "9"}, .account = own_account()}) ==
          CommandStatus{How::exited, 9});
}

TEST_CASE("a program runs with the rights of its account and no others") {
    if (::geteuid() != 0) {
        return;
    }
    const TemporaryFolder folder;
    core::Loop loop;
    ScriptRunner runner(loop);
    const std::string out = folder / "out";
    std::ofstream(out) << "";
    REQUIRE(::chmod(out.c_str(), 0666) == 0);
    REQUIRE(::chmod((folder / "").c_str(), 0755) == 0);
    core::Command command = shell("{ id -u; id -g; id -G; grep CapEff /proc/self/status; } > " + out);
    command.account = {.uid = 65534, .gid = 65533, .groups = {65532, 65531}};
    CHECK(status_of(loop, runner, command).succeeded());
    CHECK(text_of(out) == "65534\n65533\n65533 65531 65532\nCapEff:\t0000000000000000\n");
}

TEST_CASE("a thousand programs a second do not hold the loop up, however large this process is") {
    // As large as a parent with tens of thousands of servers: a fork would have to copy the page tables of all that.
    constexpr std::size_t kSize = 512U << 20;
    void* const memory = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    ::madvise(memory, kSize, MADV_NOHUGEPAGE);
    for (std::size_t i = 0; i < kSize; i += 4096) {
        static_cast<volatile char*>(memory)[i] = 1;
    }
    core::Loop loop;
    ScriptRunner runner(loop);
    constexpr int kPrograms = 1000;
    int ended = 0;
    for (int i = 0; i < kPrograms; ++i) {
        runner.run({.arguments = {"/bin/true"}, .account = own_account()}, 30s,
                   [&](CommandStatus status) { ended += status.succeeded() ? 1 : 0; });
    }
    std::vector<core::Duration> turns;
    core::Duration longest{};  // of the processor's time
    const auto end = core::now() + 60s;
    while (ended < kPrograms && core::now() < end) {
        const auto begin = core::now();
        const std::clock_t used = std::clock();
        loop.restart();
        loop.run_one_for(100ms);
        turns.push_back(core::now() - begin);
        longest = std::max(longest, core::Duration((std::clock() - used) * (1'000'000 / CLOCKS_PER_SEC)));
    }
    CHECK(ended == kPrograms);
    CHECK(longest < 10ms);
    // By the clock, which shows waiting for exec(), too, but also what else the machine does: what most turns took.
    std::ranges::sort(turns);
    CHECK(turns[turns.size() * 3 / 4] < 10ms);
    ::munmap(memory, kSize);
}
