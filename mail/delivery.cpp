#include "mail/delivery.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <utility>

#include "core/address.hpp"

// GCC 12 at -O2 inlines Asio's operator new of a coroutine frame but not its operator delete, and sees a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace sustain::mail {

namespace {

using core::asio::ip::tcp;
using Endpoints = std::vector<tcp::endpoint>;

/// A socket with a deadline. The timer's handler may come after the conversation is over.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(core::Loop& loop, const Server& server)
        : resolver_(loop),
          socket_(loop),
          timer_(loop),
          patience_(server.patience),
          end_(core::now() + Server::kWholeMail * server.patience) {}

    /// What is waited for next has this long; then everything that is under way is cancelled.
    void set_deadline() {
        timer_.expires_at(std::min(core::now() + patience_, end_));
        timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            // (One that had expired already when a new deadline was set comes all the same.)
            if (self && !error && self->timer_.expiry() <= core::Clock::now()) {
                self->late_ = true;
                self->resolver_.cancel();
                boost::system::error_code ignored;
                self->socket_.close(ignored);
            }
        });
    }

    [[nodiscard]] bool late() const { return late_; }
    [[nodiscard]] tcp::resolver& resolver() { return resolver_; }
    [[nodiscard]] tcp::socket& socket() { return socket_; }

private:
    tcp::resolver resolver_;
    tcp::socket socket_;
    core::Timer timer_;
    core::Duration patience_;
    core::TimePoint end_;
    bool late_ = false;
};

core::asio::ip::address to_asio(const core::Address& address) {
    if (address.is_ipv4()) {
        return core::asio::ip::address_v4(address.ipv4_value());
    }
    core::asio::ip::address_v6::bytes_type octets{};
    std::ranges::copy(address.octets(), octets.begin());
    return core::asio::ip::address_v6(octets);
}

core::Awaitable<core::Result<Endpoints>> resolve(std::shared_ptr<Connection> connection, Server server) {
    Endpoints endpoints;
    if (const auto address = core::Address::parse(server.host)) {
        endpoints.emplace_back(to_asio(*address), server.port);
        co_return endpoints;
    }
    const auto [error, found] = co_await connection->resolver().async_resolve(
        server.host, std::to_string(server.port), tcp::resolver::numeric_service, core::as_tuple_awaitable);
    if (error) {
        co_return std::unexpected(core::Error{fmt::format("Looking up SMTP server {}: {}", server.host,
                                                          connection->late() ? "no answer in time" : error.message()),
                                              0});
    }
    for (const auto& entry : found) {
        endpoints.push_back(entry.endpoint());
    }
    co_return endpoints;
}

core::Awaitable<core::Result<>> connect(std::shared_ptr<Connection> connection, Server server) {
    const auto endpoints = co_await resolve(connection, server);
    if (!endpoints) {
        co_return std::unexpected(endpoints.error());
    }
    std::string reason = "it has no address";
    for (const tcp::endpoint& endpoint : *endpoints) {
        boost::system::error_code ignored;
        connection->socket().close(ignored);
        const auto [error] = co_await connection->socket().async_connect(endpoint, core::as_tuple_awaitable);
        if (connection->late()) {
            co_return std::unexpected(
                core::Error{fmt::format("Timeout opening connection to remote SMTP server {}.", to_string(server)), 0});
        }
        if (!error) {
            co_return core::Result<>();
        }
        reason = error.message();
    }
    co_return std::unexpected(
        core::Error{fmt::format("SMTP connection ERROR to {}. ({})", to_string(server), reason), 0});
}

}  // namespace

std::string to_string(const Server& server) {
    return fmt::format("[{}]:{}", server.host, server.port);
}

core::Awaitable<core::Result<>> deliver(core::Loop& loop, Server server, Envelope envelope) {
    const auto connection = std::make_shared<Connection>(loop, server);
    connection->set_deadline();
    const auto connected = co_await connect(connection, server);
    if (!connected) {
        co_return connected;
    }
    core::log::detail("Remote SMTP server {} connected.", to_string(server));

    SmtpDialogue dialogue(std::move(envelope), to_string(server));
    std::array<char, 4096> octets;
    while (!dialogue.over()) {
        connection->set_deadline();
        const auto [error, count] =
            co_await connection->socket().async_read_some(core::asio::buffer(octets), core::as_tuple_awaitable);
        if (error) {
            dialogue.closed();
            break;
        }
        const std::string answer = dialogue.receive({octets.data(), count});
        if (!answer.empty()) {
            const auto [failed, written] = co_await core::asio::async_write(
                connection->socket(), core::asio::buffer(answer), core::as_tuple_awaitable);
            if (failed && !dialogue.over()) {
                dialogue.closed();
            }
        }
    }
    for (const std::string& refusal : dialogue.refusals()) {
        core::log::error("SMTP server {}: recipient {}", to_string(server), refusal);
    }
    if (dialogue.sent()) {
        co_return core::Result<>();
    }
    co_return std::unexpected(core::Error{
        connection->late() ? fmt::format("Timeout reading data to remote SMTP server {}.", to_string(server))
                           : dialogue.failure(),
        0});
}

}  // namespace sustain::mail
