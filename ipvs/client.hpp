// The kernel's IPVS table over generic netlink: reading it and editing it, many edits in one send.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/loop.hpp"
#include "ipvs/edit.hpp"
#include "ipvs/sync_daemon.hpp"
#include "netlink/request_socket.hpp"

namespace sustain::ipvs {

class Client {
public:
    /// Finds the family "IPVS", loading the module ip_vs if need be (spec/lvs.md 8.1).
    /// \param limits of the socket: how large its receive buffer is
    /// \param network_namespace whose table it is: a file in /run/netns; empty: our own
    [[nodiscard]] static core::Awaitable<core::Result<std::unique_ptr<Client>>> open(
        core::Loop& loop, netlink::RequestLimits limits = {}, std::string network_namespace = {});

    /// All services that the kernel has, whoever made them, without their destinations.
    [[nodiscard]] core::Awaitable<core::Result<std::map<ServiceKey, ServiceSettings>>> services();
    /// One service with its destinations; nothing if it is not there.
    [[nodiscard]] core::Awaitable<core::Result<std::optional<Entry>>> service(ServiceKey key);
    /// The destinations of a service, none if it is not there.
    [[nodiscard]] core::Awaitable<core::Result<std::map<DestinationKey, DestinationSettings>>> destinations(
        ServiceKey key);

    /// Sends the edits in their order. \return how each ended; the caller keeps them until then.
    [[nodiscard]] core::Awaitable<std::vector<netlink::Outcome>> perform(std::span<const Edit> edits);

    /// The timeouts of connections, in seconds.
    [[nodiscard]] core::Awaitable<core::Result<core::LvsTimeouts>> timeouts();
    /// The sync daemons that run, whoever started them.
    [[nodiscard]] core::Awaitable<core::Result<std::vector<SyncDaemon>>> daemons();
    /// Any other request.
    [[nodiscard]] core::Awaitable<netlink::Outcome> send(netlink::Message message);
    [[nodiscard]] std::uint16_t family() const { return family_; }

private:
    Client(std::unique_ptr<netlink::RequestSocket> socket, std::uint16_t family)
        : socket_(std::move(socket)), family_(family) {}

    std::unique_ptr<netlink::RequestSocket> socket_;
    std::uint16_t family_;
};

}  // namespace sustain::ipvs
