// A child that plays by no rules asks for programs.
#include "daemon/command_desk.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <vector>

#include <catch2/catch.hpp>

using namespace sustain;
using namespace std::chrono_literals;
using core::message::CommandEnded;
using core::message::EndCommand;
using core::message::RunCommand;
using How = core::CommandStatus::How;

namespace {

/// A desk for a configuration with two commands, of which number 1 is not to be run.
struct Desk {
    core::Loop loop;
    daemon::ScriptRunner runner{loop};
    core::Command pause{.arguments = {"/bin/sleep", "60"}, .account = {::geteuid(), ::getegid(), {}}};
    core::Command none;
    std::vector<CommandEnded> answers;
    std::unique_ptr<daemon::CommandDesk> desk = std::make_unique<daemon::CommandDesk>(
        runner, "Test",
        [this](std::uint32_t number) -> std::optional<daemon::Runnable> {
            if (number > 1) {
                return std::nullopt;
            }
            return daemon::Runnable{number == 0 ? &pause : &none, 30s};
        },
        [this](const CommandEnded& answer) { answers.push_back(answer); });

    Desk() { desk->set_generation(5); }
    void run() {
        loop.restart();
        loop.run_for(50ms);
    }
};

}  // namespace

TEST_CASE("a child has only that run which the configuration in force names") {
    Desk desk;
    desk.desk->take(RunCommand{5, 1, 1});
    CHECK(desk.answers == std::vector{CommandEnded{5, 1, {How::not_run, ENXIO}}});
    desk.answers.clear();
    for (const std::uint32_t number : {2U, 1000U, 0xffffffffU}) {
        desk.desk->take(RunCommand{5, 1, number});
    }
    REQUIRE(desk.answers.size() == 3);
    for (const CommandEnded& answer : desk.answers) {
        CHECK(answer == CommandEnded{5, 1, {How::not_run, EPERM}});
    }
    desk.answers.clear();
    desk.desk->take(RunCommand{4, 2, 0});
    desk.desk->take(RunCommand{6, 3, 0});
    CHECK(desk.answers ==
          std::vector{CommandEnded{4, 2, {How::not_run, ESTALE}}, CommandEnded{6, 3, {How::not_run, ESTALE}}});
    desk.run();
    CHECK(desk.runner.running() == 0);
}

TEST_CASE("however often a child asks, a command runs once at a time") {
    Desk desk;
    for (std::uint32_t request = 0; request < 1000; ++request) {
        desk.desk->take(RunCommand{5, request, 0});
        desk.desk->take(RunCommand{5, 0, 0});
    }
    desk.run();
    CHECK(desk.runner.running() == 1);
    CHECK(desk.desk->running() == 1);
    CHECK(desk.answers.size() == 1999);

    SECTION("another configuration has numbers of its own") {
        desk.desk->set_generation(6);
        desk.desk->take(RunCommand{6, 2000, 0});
        desk.desk->take(RunCommand{6, 2001, 0});
        desk.run();
        CHECK(desk.runner.running() == 2);
    }
    SECTION("it can be ended, and run again then") {
        desk.answers.clear();
        desk.desk->take(EndCommand{7});  // none of its runs
        desk.run();
        CHECK(desk.answers.empty());
        desk.desk->take(EndCommand{0});
        desk.run();
        REQUIRE(desk.answers.size() == 1);
        CHECK(desk.answers[0] == CommandEnded{5, 0, {How::killed, SIGTERM}});
        desk.desk->take(RunCommand{5, 0, 0});
        desk.run();
        CHECK(desk.runner.running() == 1);
    }
    SECTION("with the child its programs end, and nobody is told") {
        desk.answers.clear();
        desk.desk.reset();
        desk.run();
        CHECK(desk.runner.running() == 0);
        CHECK(desk.answers.empty());
    }
    if (desk.desk) {
        desk.desk.reset();
        desk.run();
    }
}
