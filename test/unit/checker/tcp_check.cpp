#include "checker/tcp_check.hpp"

#include <dirent.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <memory>

#include "core/loop.hpp"
#include "listener.hpp"

using namespace sustain;
using namespace sustain::checker;
using namespace std::chrono_literals;
using test::Listener;

namespace {

core::Awaitable<> keep(core::Loop& loop, core::Awaitable<Attempt> check, std::optional<Outcome>& outcome) {
    outcome = (co_await std::move(check)).outcome;
    loop.stop();
}

Outcome check(const Endpoint& endpoint, core::Duration timeout = 5s) {
    core::Loop loop(1);
    std::optional<Outcome> outcome;
    const Identity identity{TcpCheck{}, endpoint, timeout};
    core::spawn(loop, "test", keep(loop, tcp_check(loop, identity, core::now()), outcome));
    loop.run();
    REQUIRE(outcome.has_value());
    return *outcome;
}

std::size_t open_descriptors() {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
    std::size_t count = 0;
    while (::readdir(directory.get()) != nullptr) {
        ++count;
    }
    return count;
}

/// A listener on which no further connection is answered, because nobody accepts those that wait.
struct BlackHole {
    Listener listener{Listener::Mode::listening, 0};
    std::vector<core::UniqueFd> waiting;

    BlackHole() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(listener.port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (int i = 0; i < 4; ++i) {
            waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            (void)::connect(waiting.back().get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
        }
    }
};

sockaddr_in peer_of(int fd) {
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    REQUIRE(::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) == 0);
    return peer;
}

}  // namespace

TEST_CASE("a real server that accepts is up, and sees a connection that ends without data or reset") {
    const Listener listener;
    CHECK(check(listener.endpoint()) == Outcome::success);
    const core::UniqueFd accepted = listener.accept();
    char octet = 0;
    CHECK(::recv(accepted.get(), &octet, 1, 0) == 0);
}

TEST_CASE("a real server that refuses is down") {
    const Listener bound(Listener::Mode::bound_only);
    CHECK(check(bound.endpoint()) == Outcome::failure);
}

TEST_CASE("a real server that does not answer is down after connect_timeout, neither earlier nor much later") {
    const BlackHole hole;
    const auto begin = std::chrono::steady_clock::now();
    CHECK(check(hole.listener.endpoint(), 200ms) == Outcome::failure);
    const auto taken = std::chrono::steady_clock::now() - begin;
    CHECK(taken >= 200ms);
    CHECK(taken < 1s);
}

TEST_CASE("a network that cannot be reached is a failed check") {
    CHECK(check({*core::Address::parse("224.0.0.1"), 80, std::nullopt, 0, {}, 0}) == Outcome::failure);
}

TEST_CASE("the source is the address and port of bindto, over the interface of bind_if, with the mark") {
    const Listener listener;
    const Listener free_port(Listener::Mode::bound_only);
    const std::uint16_t source_port = free_port.port();
    Endpoint endpoint = listener.endpoint();
    endpoint.bind_address = core::Address::ipv4(0x7f000002);
    endpoint.bind_port = source_port;
    endpoint.bind_interface = "lo";
    if (::geteuid() == 0) {
        endpoint.fwmark = 7;
    }
    REQUIRE(check(endpoint) == Outcome::success);
    core::UniqueFd accepted = listener.accept();
    const sockaddr_in peer = peer_of(accepted.get());
    CHECK(ntohl(peer.sin_addr.s_addr) == 0x7f000002);
    CHECK(ntohs(peer.sin_port) == source_port);

    SECTION("and again, although the port is in TIME_WAIT") {
        for (int i = 0; i < 3; ++i) {
            accepted.reset();
            CHECK(check(endpoint) == Outcome::success);
            accepted = listener.accept();
        }
    }
}

TEST_CASE("an attempt that this machine prevents is abandoned") {
    const Listener listener;
    Endpoint endpoint = listener.endpoint();
    SECTION("no such interface") {
        endpoint.bind_interface = "nosuch0";
    }
    SECTION("a source address that is not ours") {
        endpoint.bind_address = core::Address::parse("192.0.2.1");
    }
    SECTION("a source address of the other family") {
        endpoint.bind_address = core::Address::parse("::1");
    }
    SECTION("a source port in use") {
        endpoint.bind_address = endpoint.address;
        endpoint.bind_port = listener.port();
    }
    CHECK(check(endpoint) == Outcome::abandoned);
}

TEST_CASE("every outcome closes its socket") {
    const Listener listener;
    const Listener bound(Listener::Mode::bound_only);
    const BlackHole hole;
    Endpoint impossible = listener.endpoint();
    impossible.bind_interface = "nosuch0";
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 5; ++i) {
        (void)check(listener.endpoint());
        (void)check(bound.endpoint());
        (void)check(hole.listener.endpoint(), 10ms);
        (void)check(impossible);
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("IPv6 is checked like IPv4") {
    const core::UniqueFd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = IN6ADDR_LOOPBACK_INIT;
    socklen_t length = sizeof address;
    if (!socket || ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), length) != 0) {
        WARN("no IPv6 on this machine");
        return;
    }
    REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    const Endpoint endpoint{*core::Address::parse("::1"), ntohs(address.sin6_port), std::nullopt, 0, {}, 0};
    CHECK(check(endpoint) == Outcome::failure);
    REQUIRE(::listen(socket.get(), 8) == 0);
    CHECK(check(endpoint) == Outcome::success);
}

TEST_CASE("a loop that ends in the middle of checks leaves nothing behind") {
    const BlackHole hole;
    const std::size_t before = open_descriptors();
    {
        const Identity identity{TcpCheck{}, hole.listener.endpoint(), 5s};
        core::Loop loop(1);
        std::optional<Outcome> outcome;
        for (int i = 0; i < 10; ++i) {
            core::spawn(loop, "test", keep(loop, tcp_check(loop, identity, core::now()), outcome));
        }
        loop.run_for(20ms);
        CHECK(open_descriptors() > before + 9);
        CHECK_FALSE(outcome.has_value());
    }
    CHECK(open_descriptors() == before);
}
