#include "tools/genhash/fetch.hpp"

#include <boost/asio/post.hpp>

#include "checker/connect.hpp"
#include "checker/http_reply.hpp"
#include "checker/http_request.hpp"
#include "checker/md5.hpp"
#include "checker/stream.hpp"
#include "tools/genhash/dump.hpp"

namespace sustain::genhash {

namespace {

using checker::HttpReply;
using checker::Stream;

Fetched failed(std::string_view stage) {
    return {.digest = {}, .failure = std::string(stage), .no_data = false};
}

std::span<const std::uint8_t> octets_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void show_step(const std::function<void(std::string_view)>& show, HttpReply::Step step, const HttpReply& reply) {
    if (step == HttpReply::Step::reading_body) {
        show(hex_dump(reply.counted_piece()));
        return;
    }
    show(heading("HTTP Header Buffer"));
    if (step == HttpReply::Step::header_complete) {
        show(hex_dump(octets_of(reply.header())));
        show(heading("HTTP Header Ascii Buffer"));
        show(reply.header());
        show("\n");
        if (!reply.counted_piece().empty()) {
            show(heading("HTML Buffer"));
            show(hex_dump(reply.counted_piece()));
        }
    }
}

void show_digest(const std::function<void(std::string_view)>& show, const checker::Md5::Digest& digest) {
    show("\n");
    show(heading("HTML hash resulting"));
    show(hex_dump(digest));
    show(heading("HTML hash final resulting"));
}

std::string_view stage_of(Stream::State state, bool has_header) {
    if (state == Stream::State::timed_out) {
        return has_header ? "Timeout HTTP read" : "Timeout WEB read";
    }
    return "Read error with";
}

}  // namespace

core::Awaitable<Fetched> fetch(core::Loop& loop, const Options& options, std::function<void(std::string_view)> show) {
    const checker::Endpoint endpoint{.address = *options.server,
                                     .port = *options.port,
                                     .bind_address = std::nullopt,
                                     .bind_port = 0,
                                     .bind_interface = {},
                                     .fwmark = options.fwmark};
    const core::TimePoint connected_by = core::now() + options.timeout;
    checker::Connection connection = co_await checker::connect(loop, endpoint, connected_by);
    if (connection.outcome != checker::Outcome::success) {
        co_return failed("Connection failed");
    }
    Stream stream(std::move(connection.socket));
    if (options.tls) {
        auto client = checker::TlsClient::make(std::nullopt).client;
        auto session = client->session(stream.fd(), options.sni ? options.virtualhost : std::string());
        if (!session) {
            co_return failed(session.error().what);
        }
        const auto state = co_await stream.shake_hands(std::move(*session), connected_by);
        if (state != Stream::State::open) {
            co_return failed(state == Stream::State::timed_out ? "Timeout connecting"
                                                               : "SSL handshake/communication error connecting to");
        }
    }
    const std::string host =
        options.virtualhost.empty() ? checker::host_of(endpoint.address, endpoint.port) : options.virtualhost;
    const std::string request = checker::http_request(*options.url, host, options.protocol);
    const auto written = co_await stream.write(request, core::now() + options.timeout);
    if (written != Stream::State::open) {
        co_return failed(stage_of(written, false));
    }

    HttpReply reply;
    checker::Md5 digest;
    core::TimePoint limit = core::now() + options.timeout;
    for (bool first = true;; first = false) {
        std::size_t count = 0;
        const auto state = co_await stream.read(reply.room(), count, limit);
        if (state == Stream::State::ended) {
            break;
        }
        if (state != Stream::State::open) {
            co_return failed(stage_of(state, reply.has_header()));
        }
        const HttpReply::Step step = reply.received(count);
        if (options.verbose) {
            show_step(show, step, reply);
        }
        if (step == HttpReply::Step::header_too_long) {
            break;
        }
        if (reply.has_header()) {
            digest.add(reply.counted_piece());
        }
        if (first || !options.tls) {
            limit = core::now() + options.timeout;
        }
    }
    const auto result = digest.finish();
    if (options.verbose) {
        show_digest(show, result);  // of nothing where there was no header, as keepalived shows it
    }
    if (!reply.has_header()) {
        co_return Fetched{.digest = {}, .failure = {}, .no_data = true};
    }
    co_return Fetched{.digest = checker::to_string(result), .failure = {}, .no_data = false};
}

}  // namespace sustain::genhash
