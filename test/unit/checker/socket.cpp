#include "checker/socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace sustain;
using namespace sustain::checker;
using namespace std::chrono_literals;

namespace {

struct Pair {
    core::UniqueFd ours;
    core::UniqueFd theirs;

    Pair() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
        ours.reset(ends[0]);
        theirs.reset(ends[1]);
    }
};

core::Awaitable<> wait_to_read(core::Loop& loop, Socket& socket, core::Duration patience, std::optional<bool>& ready) {
    ready = co_await socket.readable(core::now() + patience);
    loop.stop();
}

std::optional<bool> readable(core::Loop& loop, Socket& socket, core::Duration patience) {
    std::optional<bool> ready;
    loop.restart();
    core::spawn(loop, "test", wait_to_read(loop, socket, patience, ready));  // both outlive the run
    loop.run_for(5s);
    return ready;
}

}  // namespace

TEST_CASE("a socket is ready when something has come, before or after it is waited for") {
    core::Loop loop(1);
    Pair pair;
    Socket socket = Socket::watch(loop, std::move(pair.ours)).value();
    const auto begin = core::now();
    CHECK(readable(loop, socket, 50ms) == false);
    CHECK(core::now() - begin >= 50ms);
    REQUIRE(::write(pair.theirs.get(), "a", 1) == 1);
    CHECK(readable(loop, socket, 1s) == true);
    std::array<char, 8> buffer{};
    REQUIRE(::read(socket.fd(), buffer.data(), buffer.size()) == 1);

    REQUIRE(::write(pair.theirs.get(), "b", 1) == 1);
    loop.restart();
    loop.run_for(20ms);  // the event comes while nobody waits
    CHECK(readable(loop, socket, 1s) == true);
    REQUIRE(::read(socket.fd(), buffer.data(), buffer.size()) == 1);
    CHECK(readable(loop, socket, 20ms) == false);
    pair.theirs.reset();
    CHECK(readable(loop, socket, 1s) == true);
}

TEST_CASE("waits with deadlines in any order, thousands of times on one socket") {
    core::Loop loop(1);
    Pair pair;
    Socket socket = Socket::watch(loop, std::move(pair.ours)).value();
    CHECK(readable(loop, socket, 30ms) == false);
    CHECK(readable(loop, socket, 10ms) == false);
    for (int i = 0; i < 5000; ++i) {
        REQUIRE(::write(pair.theirs.get(), "a", 1) == 1);
        REQUIRE(readable(loop, socket, 1h) == true);
        std::array<char, 8> buffer{};
        REQUIRE(::read(socket.fd(), buffer.data(), buffer.size()) == 1);
    }
    const auto begin = core::now();
    CHECK(readable(loop, socket, 20ms) == false);  // although a later deadline was set before
    CHECK(core::now() - begin < 1s);
}

TEST_CASE("what was meant for a closed socket does not reach the next one") {
    core::Loop loop(1);
    for (int i = 0; i < 100; ++i) {
        Pair first;
        Socket closed = Socket::watch(loop, std::move(first.ours)).value();
        REQUIRE(::write(first.theirs.get(), "a", 1) == 1);
        closed.close();
        CHECK_FALSE(closed.is_open());
        Pair second;
        Socket socket = Socket::watch(loop, std::move(second.ours)).value();
        CHECK(readable(loop, socket, 1ms) == false);
        Socket moved = std::move(socket);
        REQUIRE(::write(second.theirs.get(), "b", 1) == 1);
        CHECK(readable(loop, moved, 1s) == true);
    }
}

TEST_CASE("what cannot be watched is an error") {
    core::Loop loop(1);
    CHECK_FALSE(Socket::watch(loop, core::UniqueFd(::open("/etc/hostname", O_RDONLY | O_CLOEXEC))).has_value());
}

namespace {

core::Awaitable<> count_ready(Socket& socket, core::Duration patience, unsigned& ready, unsigned& late) {
    const bool in_time = co_await socket.readable(core::now() + patience);
    ++(in_time ? ready : late);
}

}  // namespace

TEST_CASE("what came while the process was held up came in time, however many there are") {
    constexpr std::size_t kSockets = 400;
    core::Loop loop(1);
    std::vector<Pair> pairs(kSockets);
    std::vector<Socket> sockets;
    for (Pair& pair : pairs) {
        sockets.push_back(Socket::watch(loop, std::move(pair.ours)).value());
    }
    unsigned ready = 0;
    unsigned late = 0;
    for (Socket& socket : sockets) {
        core::spawn(loop, "test", count_ready(socket, 50ms, ready, late));  // all outlive the run
    }
    core::asio::post(loop, [&pairs] {
        for (const Pair& pair : pairs) {
            REQUIRE(::write(pair.theirs.get(), "a", 1) == 1);
        }
        std::this_thread::sleep_for(200ms);
    });
    loop.run_for(1s);
    CHECK(ready == kSockets);
    CHECK(late == 0);
}
