#include "daemon/child.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include <catch2/catch.hpp>

using namespace sustain;
using daemon::Child;

namespace {

Child::Exit run(core::Loop& loop, Child& child) {
    std::optional<Child::Exit> result;
    core::spawn(loop, "test", [](Child& its, std::optional<Child::Exit>& out) -> core::Awaitable<> {
        out = co_await its.exited();
    }(child, result));
    loop.restart();
    while (!result && loop.run_one() > 0) {
    }
    return result.value();
}

}  // namespace

TEST_CASE("the end of a child is seen, with its status or its signal") {
    core::Loop loop;
    auto ends = Child::start(loop, [](core::UniqueFd) { return 42; }, {});
    REQUIRE(ends.has_value());
    const Child::Exit status = run(loop, **ends);
    CHECK_FALSE(status.by_signal);
    CHECK(status.code == 42);

    auto dies = Child::start(loop, [](core::UniqueFd) { return ::raise(SIGKILL); }, {});
    REQUIRE(dies.has_value());
    const Child::Exit signal = run(loop, **dies);
    CHECK(signal.by_signal);
    CHECK(signal.code == SIGKILL);

    auto stuck = Child::start(loop, [](core::UniqueFd) { return ::pause(); }, {});
    REQUIRE(stuck.has_value());
    (*stuck)->kill();
    CHECK(run(loop, **stuck).by_signal);
}

TEST_CASE("a child has the descriptors that it is given and no others") {
    core::Loop loop;
    const core::UniqueFd given(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const core::UniqueFd secret(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int given_number = given.get();
    const int secret_number = secret.get();
    auto child = Child::start(loop,
                              [given_number, secret_number](core::UniqueFd channel) {
                                  const bool right = ::fcntl(given_number, F_GETFD) >= 0 &&
                                                     ::fcntl(channel.get(), F_GETFD) >= 0 &&
                                                     ::fcntl(secret_number, F_GETFD) == -1 && errno == EBADF;
                                  return right ? 0 : 1;
                              },
                              {given_number});
    REQUIRE(child.has_value());
    CHECK(run(loop, **child).code == 0);
}

TEST_CASE("what the child says on its channel arrives") {
    core::Loop loop;
    auto child = Child::start(loop,
                              [](core::UniqueFd channel) {
                                  const auto octets = core::encode(core::message::Ready{3});
                                  return ::send(channel.get(), octets.data(), octets.size(), 0) > 0 ? 0 : 1;
                              },
                              {});
    REQUIRE(child.has_value());
    std::optional<core::Message> message;
    core::spawn(loop, "test", [](Child& its, std::optional<core::Message>& out) -> core::Awaitable<> {
        const auto received = co_await its.channel().receive();
        if (received) {
            out = received->message;
        }
    }(**child, message));
    CHECK(run(loop, **child).code == 0);
    loop.restart();
    loop.poll();
    CHECK(message == core::Message(core::message::Ready{3}));
}

TEST_CASE("an exception that escapes in a child is a crash of that child") {
    core::Loop loop;
    auto child = Child::start(loop,
                              [](core::UniqueFd) -> int {
                                  std::signal(SIGABRT, SIG_DFL);  // Catch would report the child's end as its own
                                  throw std::runtime_error("bug");
                              },
                              {});
    REQUIRE(child.has_value());
    CHECK(run(loop, **child).by_signal);
}
