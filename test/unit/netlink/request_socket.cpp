#include "netlink/request_socket.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <set>

#include "netlink/attributes.hpp"
#include "netlink/generic.hpp"
#include "own_network.hpp"
#include "run.hpp"

using namespace sustain;
using namespace sustain::netlink;
using sustain::test::OwnNetwork;
using sustain::test::run;

namespace {

/// 10.0.x.y/32 on the loopback interface.
Message address_message(std::uint16_t type, std::uint16_t flags, std::uint32_t number) {
    Message message(type, flags);
    ifaddrmsg header{};
    header.ifa_family = AF_INET;
    header.ifa_prefixlen = 32;
    header.ifa_index = 1;
    message.append(header);
    message.put_u32(IFA_LOCAL, htonl(0x0a000000 + number));
    return message;
}

std::vector<Message> addresses(std::uint32_t count) {
    std::vector<Message> messages;
    for (std::uint32_t number = 1; number <= count; ++number) {
        messages.push_back(address_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, number));
    }
    return messages;
}

core::Result<Replies> dump_addresses(core::Loop& loop, RequestSocket& socket) {
    Message question(RTM_GETADDR, NLM_F_DUMP);
    ifaddrmsg header{};
    header.ifa_family = AF_INET;
    question.append(header);
    return run(loop, socket.query(std::move(question), "reading the addresses"));
}

std::size_t count_addresses(core::Loop& loop, RequestSocket& socket) {
    const auto replies = dump_addresses(loop, socket);
    REQUIRE(replies.has_value());
    return replies->messages().size();
}

std::unique_ptr<RequestSocket> open_route_socket(core::Loop& loop, RequestLimits limits = {}) {
    auto socket = RequestSocket::open(loop, NETLINK_ROUTE, limits);
    REQUIRE(socket.has_value());
    return std::move(*socket);
}

}  // namespace

TEST_CASE("many requests are done in few sends, and each has its own outcome") {
    const OwnNetwork network;
    if (!network.made()) {
        WARN("needs the right to make a network namespace");
        return;
    }
    core::Loop loop;
    const auto socket = open_route_socket(loop);

    auto messages = addresses(1000);
    messages.push_back(address_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, 500));  // a second time
    messages.push_back(address_message(RTM_DELADDR, 0, 5000));                         // not there
    messages.emplace_back(RTM_NEWADDR, 0);                                             // no address
    ifaddrmsg header{};
    header.ifa_family = AF_INET;
    messages.back().append(header);
    const auto outcomes = run(loop, socket->transact(std::move(messages)));

    REQUIRE(outcomes.size() == 1003);
    CHECK(std::ranges::all_of(std::span(outcomes).first(1000), &Outcome::done));
    CHECK(outcomes[1000].code == EEXIST);
    CHECK(outcomes[1001].code == EADDRNOTAVAIL);
    CHECK(outcomes[1002].code == EINVAL);
    CHECK(count_addresses(loop, *socket) == 1000);
    CHECK(run(loop, socket->transact(address_message(RTM_DELADDR, 0, 7))).code == 0);
    CHECK(count_addresses(loop, *socket) == 999);
}

TEST_CASE("refusals that the kernel drops are asked for again, and silence is not taken for success") {
    const OwnNetwork network;
    if (!network.made()) {
        WARN("needs the right to make a network namespace");
        return;
    }
    core::Loop loop;
    RequestLimits limits;
    limits.receive_buffer.octets = 1;  // the kernel's minimum: room for a handful of answers, not for a hundred
    const auto socket = open_route_socket(loop, limits);
    for (const Outcome& outcome : run(loop, socket->transact(addresses(300)))) {
        CHECK(outcome.done());
    }
    CHECK(count_addresses(loop, *socket) == 300);
    for (const Outcome& outcome : run(loop, socket->transact(addresses(300)))) {
        CHECK(outcome.code == EEXIST);
    }
    CHECK(count_addresses(loop, *socket) == 300);
}

TEST_CASE("between two batches others run, or only when they are in a hurry") {
    const OwnNetwork network;
    if (!network.made()) {
        WARN("needs the right to make a network namespace");
        return;
    }
    core::Loop loop;
    RequestLimits limits;
    limits.messages = 10;
    int turns_of_others = 0;
    int least = 0;
    int most = 0;
    SECTION("always") {
        least = 9;
        most = 1000;
    }
    SECTION("nobody is in a hurry: at most now and then, for a long transaction") {
        limits.others_wait = [] { return false; };
        most = 5;
    }
    SECTION("somebody is, all the time") {
        limits.others_wait = [] { return true; };
        least = 9;
        most = 1000;
    }
    const auto socket = open_route_socket(loop, limits);
    bool over = false;
    core::spawn(loop, "others", [](core::Loop& shared, bool& done, int& turns) -> core::Awaitable<> {
        co_await core::asio::post(shared, core::asio::use_awaitable);
        while (!done) {
            ++turns;
            co_await core::asio::post(shared, core::asio::use_awaitable);
        }
    }(loop, over, turns_of_others));
    int before = 0;
    core::spawn(loop, "adding", [](RequestSocket& own, bool& done, int& turns, int& at_first) -> core::Awaitable<> {
        at_first = turns;
        for (const Outcome& outcome : co_await own.transact(addresses(100))) {
            CHECK(outcome.done());
        }
        done = true;
    }(*socket, over, turns_of_others, before));
    loop.run();
    CHECK(turns_of_others - before >= least);
    CHECK(turns_of_others - before <= most);
    loop.restart();
    CHECK(count_addresses(loop, *socket) == 100);
}

TEST_CASE("the kernel's explanation of a refusal comes with its code") {
    core::Loop loop;
    const auto socket = open_route_socket(loop);
    Message message(RTM_GETLINK, 0);
    message.append(ifinfomsg{});
    message.put_u32(IFLA_MASTER, 1);  // not to be asked for a single link
    message.put_string(IFLA_IFNAME, std::string(40, 'x'));
    const Outcome outcome = run(loop, socket->transact(std::move(message)));
    CHECK(outcome.code != 0);
    CHECK_FALSE(outcome.explanation.empty());
}

TEST_CASE("transactions of several coroutines on one socket run one after another") {
    core::Loop loop;
    const auto socket = open_route_socket(loop);
    int running = 10;
    for (int count = 0; count < 10; ++count) {
        core::spawn(loop, "test", [](RequestSocket& shared, int& open) -> core::Awaitable<> {
            Message question(RTM_GETLINK, NLM_F_DUMP);
            question.append(ifinfomsg{});
            const auto replies = co_await shared.query(std::move(question), "reading the links");
            REQUIRE(replies.has_value());
            std::set<std::string> names;
            for (const nlmsghdr* message : replies->messages()) {
                const auto attributes = Attributes<IFLA_IFNAME>::of(message, sizeof(ifinfomsg), {});
                REQUIRE(attributes.has_value());
                names.emplace(attributes->text(IFLA_IFNAME));
            }
            CHECK(names.contains("lo"));
            --open;
        }(*socket, running));
    }
    loop.run();
    CHECK(running == 0);
}

TEST_CASE("a loop that ends in the middle of transactions takes them with it") {
    auto loop = std::make_unique<core::Loop>();
    auto socket = open_route_socket(*loop);
    for (int count = 0; count < 3; ++count) {
        core::spawn(*loop, "test", [](RequestSocket& shared) -> core::Awaitable<> {
            (void)co_await shared.transact(addresses(300));
        }(*socket));
    }
    loop->poll_one();
    loop->poll_one();
    socket.reset();
    loop.reset();
}

TEST_CASE("an answer that never comes is waited for with patience, not for ever") {
    core::Loop loop;
    RequestLimits limits;
    limits.patience = std::chrono::milliseconds(50);
    auto socket = RequestSocket::open(loop, NETLINK_FIB_LOOKUP, limits);  // does not answer what it does not understand
    REQUIRE(socket.has_value());

    const auto begin = core::now();
    const auto outcomes = run(loop, (*socket)->transact(addresses(2)));
    CHECK(outcomes[0].code == ETIMEDOUT);
    CHECK(outcomes[1].code == ETIMEDOUT);
    const auto replies = run(loop, (*socket)->query(Message(RTM_GETLINK, NLM_F_DUMP), "reading the links"));
    REQUIRE_FALSE(replies.has_value());
    CHECK(replies.error().what == "reading the links: Connection timed out");
    CHECK(core::now() - begin >= 2 * limits.patience);
    CHECK(core::now() - begin < std::chrono::seconds(2));
}

TEST_CASE("families of generic netlink are looked up by name") {
    core::Loop loop;
    auto socket = RequestSocket::open(loop, NETLINK_GENERIC);
    REQUIRE(socket.has_value());
    CHECK(run(loop, resolve_family(**socket, "nlctrl")).value() == 16);
    const auto unknown = run(loop, resolve_family(**socket, "no-such-thing"));
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == ENOENT);
    CHECK(unknown.error().what == "looking up the netlink family no-such-thing: No such file or directory");
}
