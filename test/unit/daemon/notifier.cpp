#include "daemon/notifier.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <fstream>
#include <iterator>

#include "../run.hpp"
#include "core/unique_fd.hpp"
#include "temporary_folder.hpp"

using namespace sustain;
using namespace sustain::daemon;
using namespace std::chrono_literals;

namespace {

core::Account own_account() {
    return {.uid = ::geteuid(), .gid = ::getegid(), .groups = {}};
}

core::Command shell(const std::string& text) {
    return {.arguments = {"/bin/sh", "-c", text, "sh"}, .account = own_account()};
}

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string read_now(const std::string& fifo) {
    const core::UniqueFd reader(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    std::array<char, 65536> octets;
    const ssize_t count = ::read(reader.get(), octets.data(), octets.size());
    return {octets.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

/// Lets the loop run until `done`, or for ten seconds.
template <typename Condition>
bool run_until(core::Loop& loop, Condition done) {
    const auto end = core::now() + 10s;
    while (!done() && core::now() < end) {
        loop.restart();
        loop.run_for(std::chrono::milliseconds(10));
    }
    return done();
}

core::Fifo fifo_at(const std::string& path, core::Command script = {}) {
    return {.path = path, .owner = own_account(), .script = std::move(script)};
}

/// A notifier for VRRP, and a file for what its scripts write.
struct Notifying {
    Notifying() { notifier.configure({}, true, false); }
    const TemporaryFolder folder;
    const std::string log = folder / "log";
    const Options options;
    core::Loop loop;
    ScriptRunner runner{loop};
    Notifier notifier{loop, runner, options};

    void finish() {
        struct Done {};
        test::run(loop, [](Notifier& its) -> core::Awaitable<Done> {
            co_await its.finish();
            co_return Done{};
        }(notifier));
    }
};

}  // namespace

TEST_CASE("lines go to the FIFOs of their subsystem and to the one of all, once each") {
    const TemporaryFolder folder;
    core::Loop loop;
    ScriptRunner runner(loop);
    Fifos fifos(loop, runner);
    const std::string all = folder / "all";
    const std::string vrrp = folder / "vrrp";
    const std::string lvs = folder / "lvs";
    core::FifoSettings settings;
    settings.global = {fifo_at(all)};
    settings.vrrp = {fifo_at(vrrp)};
    settings.lvs = {fifo_at(lvs)};
    fifos.configure(settings, true, true);
    fifos.write(Subsystem::vrrp, "V");
    fifos.write(Subsystem::lvs, "L");
    CHECK_FALSE(fifos.all_read());
    CHECK(read_now(all) == "V\nL\n");
    CHECK(read_now(vrrp) == "V\n");
    CHECK(read_now(lvs) == "L\n");
    CHECK(fifos.all_read());

    settings.lvs = {fifo_at(vrrp)};  // both subsystems into one
    fifos.configure(settings, true, true);
    CHECK(::access(lvs.c_str(), F_OK) != 0);
    fifos.write(Subsystem::vrrp, "V");
    fifos.write(Subsystem::lvs, "L");
    CHECK(read_now(vrrp) == "V\nL\n");

    settings.vrrp = {fifo_at(all)};  // named twice: the global one counts
    fifos.configure(settings, true, true);
    (void)read_now(all);
    fifos.write(Subsystem::vrrp, "V");
    CHECK(read_now(all) == "V\n");

    fifos.configure(settings, false, false);  // nothing to say
    CHECK(::access(all.c_str(), F_OK) != 0);
}

TEST_CASE("a reader is started with the path, started anew at a reload, and ended") {
    const TemporaryFolder folder;
    const std::string path = folder / "fifo";
    const std::string log = folder / "log";
    core::Loop loop;
    ScriptRunner runner(loop);
    Fifos fifos(loop, runner);
    core::FifoSettings settings;
    settings.global = {fifo_at(path, shell("echo start $1 >>" + log + "; while read line; do echo $line >>" + log +
                                           "; test $line = die && exit; done <\"$1\""))};
    fifos.configure(settings, true, false);
    fifos.write(Subsystem::vrrp, "one");
    const std::string start = "start " + path + "\n";
    CHECK(run_until(loop, [&] { return content(log) == start + "one\n"; }));
    fifos.configure(settings, true, false);
    fifos.write(Subsystem::vrrp, "two");
    CHECK(run_until(loop, [&] { return content(log).find(start, 1) != std::string::npos; }));
    CHECK(run_until(loop, [&] { return content(log).ends_with("two\n"); }));
    fifos.write(Subsystem::vrrp, "die");
    CHECK(run_until(loop, [&] { return runner.running() == 0; }));
    fifos.write(Subsystem::vrrp, "three");  // for the next reader
    fifos.configure(settings, true, false);
    CHECK(run_until(loop, [&] { return content(log).ends_with(start + "three\n"); }));
    fifos.end_readers();
    CHECK(run_until(loop, [&] { return runner.running() == 0; }));
}

TEST_CASE("a notice is carried out: scripts with their arguments, then the line") {
    Notifying its;
    core::GlobalConfig config;
    config.fifos.global = {fifo_at(its.folder / "fifo")};
    its.notifier.configure(config, true, false);
    core::Command script = shell("echo $* >>" + its.log);
    for (const char* const word : {"INSTANCE", "V1", "MASTER", "100"}) {
        script.arguments.emplace_back(word);
    }
    its.notifier.deliver({.scripts = {script}, .line = "INSTANCE \"V1\" MASTER 100"});
    CHECK(read_now(its.folder / "fifo") == "INSTANCE \"V1\" MASTER 100\n");
    CHECK(run_until(its.loop, [&] { return content(its.log) == "INSTANCE V1 MASTER 100\n"; }));
}

TEST_CASE("a thousand notices in a burst are all carried out, and the loop stays awake") {
    Notifying its;
    for (int number = 0; number < 1000; ++number) {
        its.notifier.deliver({.scripts = {shell("echo x >>" + its.log)}});
    }
    // What counts is the time that a turn takes of the processor: the machine that runs this may be busy with others.
    core::Duration longest{};
    const auto end = core::now() + 30s;
    while (content(its.log).size() < 2000 && core::now() < end) {
        const std::clock_t begin = std::clock();
        its.loop.restart();
        its.loop.run_one_for(10ms);
        longest = std::max(longest, core::Duration((std::clock() - begin) * (1'000'000 / CLOCKS_PER_SEC)));
    }
    CHECK(content(its.log).size() == 2000);
    CHECK(longest < 10ms);
}

TEST_CASE("however many the last scripts are, each is started") {
    Notifying its;
    constexpr int kScripts = 500;
    for (int i = 0; i < kScripts; ++i) {
        its.notifier.deliver({.scripts = {shell("echo >>" + its.log)}, .at_stop = true});
    }
    its.finish();
    CHECK(content(its.log).size() == kScripts);
}

TEST_CASE("the last scripts have a second") {
    Notifying its;
    its.notifier.deliver({.scripts = {shell("sleep 0.2; echo quick >>" + its.log)}, .at_stop = true});
    its.notifier.deliver({.scripts = {shell("trap '' TERM; sleep 3; echo slow >>" + its.log)}, .at_stop = true});
    const auto begin = core::now();
    its.finish();
    CHECK(core::now() - begin >= 1s);
    CHECK(core::now() - begin < 2500ms);
    CHECK(run_until(its.loop, [&] { return its.runner.running() == 0; }));
    CHECK(content(its.log) == "quick\n");
}
