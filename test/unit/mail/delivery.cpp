#include "mail/delivery.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "../run.hpp"

using namespace sustain;
using namespace sustain::mail;
using namespace std::chrono_literals;
using core::asio::ip::tcp;

namespace {

const Envelope kEnvelope{"host", "ka@example.net", {"ops@example.net"}, "Subject: x\r\n\r\n=> x <=\r\n\r\n.\r\n"};

/// A server of one connection. It says its replies one by one, each after it has heard something; after the last one it
/// says nothing any more, but keeps the connection.
class StallingServer {
public:
    StallingServer(core::Loop& loop, std::vector<std::string> replies, core::Duration between_octets = 0s)
        : acceptor_(loop, tcp::endpoint(core::asio::ip::address_v4::loopback(), 0)) {
        core::spawn(loop, "server", serve(loop, std::move(replies), between_octets));
    }
    [[nodiscard]] Server at(core::Duration patience) const {
        return {.host = "127.0.0.1", .port = acceptor_.local_endpoint().port(), .patience = patience};
    }
    [[nodiscard]] const std::string& heard() const { return heard_; }

private:
    core::Awaitable<> serve(core::Loop& loop, std::vector<std::string> replies, core::Duration between_octets) {
        tcp::socket socket = co_await acceptor_.async_accept(core::asio::use_awaitable);
        core::Timer timer(loop);
        std::array<char, 1024> octets;
        for (const std::string& reply : replies) {
            if (!(&reply == &replies.front())) {
                const auto [error, count] =
                    co_await socket.async_read_some(core::asio::buffer(octets), core::as_tuple_awaitable);
                if (error) {
                    co_return;
                }
                heard_.append(octets.data(), count);
            }
            for (std::size_t at = 0; at < reply.size();) {
                const std::size_t size = between_octets > 0s ? 1 : reply.size();
                const auto [error, count] = co_await core::asio::async_write(
                    socket, core::asio::buffer(reply.data() + at, size), core::as_tuple_awaitable);
                if (error) {
                    co_return;
                }
                at += size;
                if (between_octets > 0s) {
                    timer.expires_after(between_octets);
                    co_await timer.async_wait(core::as_tuple_awaitable);
                }
            }
        }
        for (;;) {
            const auto [error, count] =
                co_await socket.async_read_some(core::asio::buffer(octets), core::as_tuple_awaitable);
            if (error) {
                co_return;
            }
            heard_.append(octets.data(), count);
        }
    }

    tcp::acceptor acceptor_;
    std::string heard_;
};

const std::vector<std::string> kGood{"220 a\r\n", "250 b\r\n", "250 c\r\n", "250 d\r\n",
                                     "354 e\r\n", "250 f\r\n", "221 g\r\n"};

}  // namespace

TEST_CASE("a mail is delivered") {
    core::Loop loop;
    const StallingServer server(loop, kGood);
    CHECK(test::run(loop, deliver(loop, server.at(5s), kEnvelope)));
    CHECK(server.heard() ==
          "HELO host\r\nMAIL FROM:<ka@example.net>\r\nRCPT TO:<ops@example.net>\r\nDATA\r\n"
          "Subject: x\r\n\r\n=> x <=\r\n\r\n.\r\nQUIT\r\n");
}

TEST_CASE("a server that stalls at any step costs the patience for one reply") {
    for (std::size_t step = 0; step < kGood.size(); ++step) {
        INFO("after " << step << " replies");
        core::Loop loop;
        const StallingServer server(loop, {kGood.begin(), kGood.begin() + static_cast<std::ptrdiff_t>(step)});
        const auto begin = core::now();
        const auto outcome = test::run(loop, deliver(loop, server.at(200ms), kEnvelope));
        CHECK(core::now() - begin >= 200ms);
        CHECK(core::now() - begin < 2s);
        if (step == kGood.size() - 1) {
            CHECK(outcome);  // it has the letter, and only does not say goodbye
        } else {
            REQUIRE_FALSE(outcome);
            CHECK(outcome.error().what ==
                  "Timeout reading data to remote SMTP server " + to_string(server.at(0s)) + ".");
        }
    }
}

TEST_CASE("a server that drips is given up after the time for a whole mail") {
    core::Loop loop;
    const StallingServer server(loop, {"220-" + std::string(1000, 'x') + "\r\n"}, 20ms);
    const auto begin = core::now();
    CHECK_FALSE(test::run(loop, deliver(loop, server.at(100ms), kEnvelope)));
    CHECK(core::now() - begin >= Server::kWholeMail * 100ms);
    CHECK(core::now() - begin < 3s);
}

TEST_CASE("a server that is not there, and a name that does not exist, are said to be so") {
    core::Loop loop;
    std::uint16_t port = 0;
    {
        const tcp::acceptor taken(loop, tcp::endpoint(core::asio::ip::address_v4::loopback(), 0));
        port = taken.local_endpoint().port();
    }
    const auto refused = test::run(loop, deliver(loop, {"127.0.0.1", port, 5s}, kEnvelope));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().what ==
          "SMTP connection ERROR to [127.0.0.1]:" + std::to_string(port) + ". (Connection refused)");

    const auto unknown = test::run(loop, deliver(loop, {"no.such.host.invalid", 25, 20s}, kEnvelope));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().what.starts_with("Looking up SMTP server no.such.host.invalid: "));
}
