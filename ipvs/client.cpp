#include "ipvs/client.hpp"

#include <linux/ip_vs.h>

#include <cerrno>

#include "core/log.hpp"
#include "ipvs/codec.hpp"
#include "ipvs/global_codec.hpp"
#include "ipvs/module.hpp"
#include "netlink/generic.hpp"
#include "netlink/network_namespace.hpp"

namespace sustain::ipvs {

namespace {

/// Bounds the memory for messages when a large table is programmed.
constexpr std::size_t kEditsAtOnce = 1000;

core::Result<std::unique_ptr<netlink::RequestSocket>> open_socket(core::Loop& loop, netlink::RequestLimits limits,
                                                                  const std::string& network_namespace) {
    if (network_namespace.empty()) {
        return netlink::RequestSocket::open(loop, NETLINK_GENERIC, limits);
    }
    const auto visit = netlink::NamespaceVisit::enter(network_namespace);
    if (!visit) {
        return std::unexpected(visit.error());
    }
    return netlink::RequestSocket::open(loop, NETLINK_GENERIC, limits);
}

}  // namespace

core::Awaitable<core::Result<std::unique_ptr<Client>>> Client::open(core::Loop& loop, netlink::RequestLimits limits,
                                                                    std::string network_namespace) {
    auto socket = open_socket(loop, limits, network_namespace);
    if (!socket) {
        co_return std::unexpected(std::move(socket.error()));
    }
    auto family = co_await netlink::resolve_family(**socket, IPVS_GENL_NAME);
    if (!family) {
        const auto loaded = co_await load_module(loop, "ip_vs");
        family = co_await netlink::resolve_family(**socket, IPVS_GENL_NAME);
        if (!family && !loaded) {
            co_return std::unexpected(
                core::Error{"the kernel has no IPVS: " + loaded.error().what, family.error().code});
        }
    }
    if (!family) {
        co_return std::unexpected(core::Error{"the kernel has no IPVS: " + family.error().what, family.error().code});
    }
    auto info = co_await (*socket)->query(ask_info(*family), "asking the kernel about IPVS");
    if (!info) {  // the first request after the module was loaded may fail
        info = co_await (*socket)->query(ask_info(*family), "asking the kernel about IPVS");
    }
    if (!info) {
        co_return std::unexpected(std::move(info.error()));
    }
    co_return std::unique_ptr<Client>(new Client(std::move(*socket), *family));
}

core::Awaitable<core::Result<std::map<ServiceKey, ServiceSettings>>> Client::services() {
    const auto replies = co_await socket_->query(ask_services(family_), "reading the virtual servers of the kernel");
    if (!replies) {
        co_return std::unexpected(replies.error());
    }
    std::map<ServiceKey, ServiceSettings> services;
    for (const nlmsghdr* message : replies->messages()) {
        if (auto service = decode_service(message)) {
            services.insert(std::move(*service));
        }
    }
    co_return services;
}

core::Awaitable<core::Result<std::optional<Entry>>> Client::service(ServiceKey key) {
    const auto replies = co_await socket_->query(ask_service(family_, key), "reading virtual server " + to_string(key));
    if (!replies && (replies.error().code == ESRCH || replies.error().code == ENOENT)) {
        co_return std::optional<Entry>();
    }
    if (!replies) {
        co_return std::unexpected(replies.error());
    }
    for (const nlmsghdr* message : replies->messages()) {
        if (auto service = decode_service(message); service && service->first == key) {
            auto found = co_await destinations(key);
            if (!found) {
                co_return std::unexpected(std::move(found.error()));
            }
            co_return Entry{std::move(service->second), std::move(*found)};
        }
    }
    co_return std::optional<Entry>();
}

core::Awaitable<core::Result<std::map<DestinationKey, DestinationSettings>>> Client::destinations(ServiceKey key) {
    const auto replies =
        co_await socket_->query(ask_destinations(family_, key), "reading the real servers of " + to_string(key));
    if (!replies) {
        co_return std::unexpected(replies.error());
    }
    std::map<DestinationKey, DestinationSettings> destinations;
    for (const nlmsghdr* message : replies->messages()) {
        if (const auto destination = decode_destination(message, key.address.family())) {
            destinations.emplace(destination->key, destination->settings);
        }
    }
    co_return destinations;
}

core::Awaitable<std::vector<netlink::Outcome>> Client::perform(std::span<const Edit> edits) {
    std::vector<netlink::Outcome> outcomes;
    outcomes.reserve(edits.size());
    while (!edits.empty()) {
        const auto chunk = edits.first(std::min(edits.size(), kEditsAtOnce));
        std::vector<netlink::Message> messages;
        messages.reserve(chunk.size());
        for (const Edit& edit : chunk) {
            messages.push_back(encode(family_, edit));
        }
        auto chunk_outcomes = co_await socket_->transact(std::move(messages));
        std::ranges::move(chunk_outcomes, std::back_inserter(outcomes));
        edits = edits.subspan(chunk.size());
    }
    co_return outcomes;
}

core::Awaitable<core::Result<core::LvsTimeouts>> Client::timeouts() {
    constexpr const char* kAttempt = "reading the timeouts of connections";
    const auto replies = co_await socket_->query(ask_timeouts(family_), kAttempt);
    if (!replies) {
        co_return std::unexpected(replies.error());
    }
    for (const nlmsghdr* message : replies->messages()) {
        if (const auto timeouts = decode_timeouts(message)) {
            co_return *timeouts;
        }
    }
    co_return core::failure(kAttempt, EBADMSG);
}

core::Awaitable<core::Result<std::vector<SyncDaemon>>> Client::daemons() {
    const auto replies = co_await socket_->query(ask_daemons(family_), "reading the sync daemons of the kernel");
    if (!replies) {
        co_return std::unexpected(replies.error());
    }
    std::vector<SyncDaemon> daemons;
    for (const nlmsghdr* message : replies->messages()) {
        if (auto daemon = decode_daemon(message)) {
            daemons.push_back(std::move(*daemon));
        }
    }
    co_return daemons;
}

core::Awaitable<netlink::Outcome> Client::send(netlink::Message message) {
    co_return co_await socket_->transact(std::move(message));
}

}  // namespace sustain::ipvs
