#include "checker/runner.hpp"

#include <catch2/catch.hpp>

#include "kept_log.hpp"
#include "listener.hpp"

using namespace sustain;
using namespace sustain::checker;
using namespace std::chrono_literals;
using test::Listener;

namespace {

Config checks_of(const Listener& listener, unsigned count) {
    Config config;
    for (unsigned i = 0; i < count; ++i) {
        Check& check = config.checks.emplace_back();
        check.identity.endpoint = listener.endpoint();
        check.warmup = 0s;
        check.delay_loop = 1h;
        check.delay_before_retry = core::Duration(i);  // none shares with another
    }
    return config;
}

std::vector<Verdict> first_verdicts(const Config& config) {
    std::vector<Verdict> verdicts;
    for (const Check& check : config.checks) {
        verdicts.push_back(Verdict::at_start(check));
    }
    return verdicts;
}

/// A MISC_CHECK whose status is a weight, made so often.
Config dynamic_script(core::Duration interval) {
    Config config;
    Check& check = config.checks.emplace_back();
    check.identity.kind = core::Boxed(MiscCheck{.arguments = {"/bin/true"}, .dynamic = true, .script = 0});
    check.warmup = 0s;
    check.delay_loop = interval;
    check.delay_before_retry = interval;
    return config;
}

/// What the runner reports, as "0 true" and "0 weighs 7".
Reports noted_in(std::vector<std::string>& reports) {
    return {
        .verdict = [&reports](std::uint32_t check, bool up,
                              const std::string&) { reports.push_back(fmt::format("{} {}", check, up)); },
        .weight = [&reports](std::uint32_t check,
                             std::int32_t weight) { reports.push_back(fmt::format("{} weighs {}", check, weight)); }};
}

/// A runner with a MISC_CHECK that is due every 10 ms, and the parent that tells how its script ended.
class ScriptedCheck {
public:
    ScriptedCheck() {
        commands_.begin(kGeneration);
        Config config = dynamic_script(10ms);
        auto verdicts = first_verdicts(config);
        runner_.start(std::move(config), std::move(verdicts));
    }

    /// Waits until the script is asked for.
    void end_script(core::CommandStatus status) {
        for (int turn = 0; turn < 500 && asked_ == 0; ++turn) {
            run_loop();
        }
        commands_.take({kGeneration, std::exchange(asked_, 0), status});
        run_loop();
    }

    std::vector<std::string> reports;

private:
    static constexpr core::Generation kGeneration = 7;

    void run_loop() {
        loop_.restart();
        loop_.run_for(5ms);
    }

    core::Loop loop_{1};
    std::uint32_t asked_ = 0;
    Commands commands_{
        [this](const core::Message& message) { asked_ = std::get<core::message::RunCommand>(message).request; }};
    Runner runner_{loop_, 100, commands_, noted_in(reports)};
};

}  // namespace

TEST_CASE("more checks than may run at a time wait for one another, and each is made once") {
    const Listener listener(Listener::Mode::listening, 4096);
    constexpr unsigned kChecks = 1000;
    constexpr std::size_t kMostRunning = 7;
    std::vector<unsigned> reports(kChecks);
    unsigned reported = 0;
    std::size_t most_seen = 0;

    core::Loop loop(1);
    const Runner* observed = nullptr;
    Commands commands([](const core::Message&) {});
    Runner runner(loop, kMostRunning, commands, {.verdict = [&](std::uint32_t check, bool up, const std::string&) {
                      most_seen = std::max(most_seen, observed->running() + 1);
                      reports.at(check) += up ? 1 : 1000;
                      if (++reported == kChecks) {
                          loop.stop();
                      }
                  }});
    observed = &runner;
    Config config = checks_of(listener, kChecks);
    auto verdicts = first_verdicts(config);
    runner.start(std::move(config), std::move(verdicts));
    loop.run_for(10s);

    CHECK(reports == std::vector<unsigned>(kChecks, 1));
    CHECK(most_seen <= kMostRunning);
}

TEST_CASE("an attempt that is under way when the configuration changes has no say in the new one") {
    const Listener hole(Listener::Mode::listening, 0);
    const Listener listener;
    std::vector<std::pair<std::uint32_t, bool>> reports;
    core::Loop loop(1);
    Commands commands([](const core::Message&) {});
    Runner runner(loop, 100, commands, {.verdict = [&](std::uint32_t check, bool up, const std::string&) {
                      reports.emplace_back(check, up);
                  }});

    // The first fills the queue of the listener, the others wait for an answer that does not come.
    Config before = checks_of(hole, 3);
    for (Check& check : before.checks) {
        check.identity.connect_timeout = 500ms;
    }
    auto verdicts = first_verdicts(before);
    runner.start(std::move(before), std::move(verdicts));
    loop.run_for(1200ms);
    REQUIRE(runner.running() >= 1);
    reports.clear();

    Config after = checks_of(listener, 3);
    verdicts = first_verdicts(after);
    runner.start(std::move(after), std::move(verdicts));
    loop.run_for(1500ms);
    CHECK(runner.running() == 0);
    CHECK(reports.size() == 3);
    for (const auto& [check, up] : reports) {
        CHECK(up);
    }
}

TEST_CASE("a runner without checks waits, and takes up those that come later") {
    const Listener listener;
    unsigned reported = 0;
    core::Loop loop(1);
    Commands commands([](const core::Message&) {});
    Runner runner(loop, 1, commands, {.verdict = [&](std::uint32_t, bool, const std::string&) {
                      ++reported;
                      loop.stop();
                  }});
    loop.run_for(10ms);
    Config config = checks_of(listener, 1);
    auto verdicts = first_verdicts(config);
    runner.start(std::move(config), std::move(verdicts));
    loop.run_for(5s);
    CHECK(reported == 1);
}

TEST_CASE("checks that share are made once, and each has its verdict") {
    const Listener listener;
    std::vector<std::pair<std::uint32_t, bool>> reports;
    core::Loop loop(1);
    Commands commands([](const core::Message&) {});
    Runner runner(loop, 100, commands, {.verdict = [&](std::uint32_t check, bool up, const std::string&) {
                      reports.emplace_back(check, up);
                      if (reports.size() == 3) {
                          loop.stop();
                      }
                  }});
    Config config = checks_of(listener, 1);
    config.checks.resize(3, config.checks[0]);
    auto verdicts = first_verdicts(config);
    runner.start(std::move(config), std::move(verdicts));
    loop.run_for(5s);
    CHECK(reports == std::vector<std::pair<std::uint32_t, bool>>{{0, true}, {1, true}, {2, true}});
    (void)listener.accept();
    CHECK(listener.pending() == 0);
}

TEST_CASE("a script is asked for by the number of its check, and its weight comes before the verdict") {
    std::vector<core::Message> asked;
    std::vector<std::string> reports;
    core::Loop loop(1);
    Commands commands([&](const core::Message& message) {
        asked.push_back(message);
        loop.stop();
    });
    commands.begin(7);
    Runner runner(loop, 100, commands, noted_in(reports));
    Config config = dynamic_script(1h);
    auto verdicts = first_verdicts(config);
    runner.start(std::move(config), std::move(verdicts));
    loop.run_for(5s);
    REQUIRE(asked == std::vector<core::Message>{core::message::RunCommand{7, 1, 0}});
    CHECK(runner.running() == 1);
    commands.take({7, 2, {}});  // not asked for
    CHECK(reports.empty());
    commands.take({7, 1, {core::CommandStatus::How::exited, 10}});
    loop.restart();
    loop.run_for(20ms);
    CHECK(reports == std::vector<std::string>{"0 weighs 7", "0 true"});
    CHECK(runner.running() == 0);
}

TEST_CASE("a script that fails takes the weight back with its verdict, not before") {
    ScriptedCheck check;
    for (const std::uint8_t status : std::initializer_list<std::uint8_t>{10, 1, 1, 10}) {
        check.end_script({core::CommandStatus::How::exited, status});
    }
    CHECK(check.reports == std::vector<std::string>{"0 weighs 7", "0 true", "0 false", "0 weighs 7", "0 true"});
}

TEST_CASE("that a script cannot be run is said when it changes") {
    const test::KeptLog kept;
    ScriptedCheck check;
    using How = core::CommandStatus::How;
    const core::CommandStatus absent{How::not_run, ENOENT};
    for (const core::CommandStatus status : {absent, absent, absent, core::CommandStatus{How::not_run, EACCES},
                                             core::CommandStatus{How::exited, 0}, absent}) {
        check.end_script(status);
    }
    const std::string not_made = "Check of  not made: /bin/true could not be run: ";
    std::vector<std::string> lines = kept.lines;
    std::erase_if(lines, [&](const std::string& line) { return !line.starts_with(not_made); });
    CHECK(lines == std::vector<std::string>{not_made + "No such file or directory", not_made + "Permission denied",
                                            not_made + "No such file or directory"});
    CHECK(check.reports == std::vector<std::string>{"0 weighs 0", "0 true"});
}

TEST_CASE("a suspended check is not made") {
    const Listener listener;
    unsigned reported = 0;
    core::Loop loop(1);
    Commands commands([](const core::Message&) {});
    Runner runner(loop, 100, commands, {.verdict = [&](std::uint32_t, bool, const std::string&) { ++reported; }});
    Config config = checks_of(listener, 1);
    config.checks[0].suspendable = true;
    config.checks[0].delay_loop = 100ms;
    auto verdicts = first_verdicts(config);
    runner.start(std::move(config), std::move(verdicts));
    runner.suspend(0, true);
    runner.suspend(1, true);  // there is none
    loop.run_for(1300ms);
    CHECK(reported == 0);
    CHECK(listener.pending() == 0);
    runner.suspend(0, false);
    loop.run_for(500ms);
    CHECK(reported == 1);
}
