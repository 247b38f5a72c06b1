// Where the adverts of a router come from and go to (spec/vrrp.md 1.9, 14): its source, the sockets that it shares with
// others, and which router a received advert is for (2.2).
#include <algorithm>
#include <cstring>
#include <iterator>

#include "vrrp/routers.hpp"

namespace sustain::vrrp {

namespace {

constexpr unsigned kUnknownBurst = 10;
constexpr auto kUnknownPeriod = std::chrono::seconds(1);

auto with_vrid(auto& by_vrid, std::uint8_t vrid) {
    return std::ranges::equal_range(by_vrid, vrid, {}, [](const auto& one) { return one.first; });
}

}  // namespace

Routers::Port::Port(Transport the_transport)
    : transport(std::move(the_transport)), unknown_lines(kUnknownBurst, kUnknownPeriod) {}

/// A configured source is used as it is, whether it exists or not, unless it is tracked. Otherwise it is an address of
/// the interface that is not a virtual one; of IPv6 the link-local one.
std::optional<core::Address> Routers::source_of(const Entry& entry) const {
    const Instance& config = entry.router.config();
    if (config.source) {
        return config.track_source && !links_.has(*config.source) ? std::nullopt : config.source;
    }
    if (entry.interface == nullptr) {
        return std::nullopt;
    }
    const bool ipv4 = config.address_family == core::Address::Family::ipv4;
    const auto& found = ipv4 ? entry.interface->source : entry.interface->source6;
    return found ? std::optional(found->prefix.address) : std::nullopt;
}

/// Nothing while a unicast router has no address to be reached at.
std::optional<Transport> Routers::transport_of(const Entry& entry, const std::optional<core::Address>& source) const {
    const Instance& config = entry.router.config();
    Transport transport;
    transport.interface = config.interface;
    transport.protocol = config.authentication.type == AuthenticationType::digest ? kAhProtocol : kProtocol;
    transport.unicast = config.unicast.has_value();
    if (!transport.unicast) {
        transport.address = group_of(config);
    } else if (source) {
        transport.address = *source;
    } else {
        return std::nullopt;
    }
    return transport;
}

/// Gives it the sockets that it needs now. \return whether it can send and hear.
bool Routers::connect(Entry& entry, const std::optional<core::Address>& source) {
    const auto wanted = transport_of(entry, source);
    if (entry.port != nullptr && wanted != entry.port->transport) {
        disconnect(entry);
    }
    if (!wanted) {
        return false;
    }
    if (entry.port == nullptr) {
        Port& port = ports_.try_emplace(*wanted, *wanted).first->second;
        entry.port = &port;
        entry.vrid = entry.router.config().vrid;
        port.by_vrid.insert(with_vrid(port.by_vrid, entry.vrid).end(), {entry.vrid, &entry});
    }
    Port& port = *entry.port;
    open(port);
    const std::size_t before = std::exchange(entry.receive_buffer, receive_buffer_for(entry));
    port.receive_buffer += entry.receive_buffer - before;
    if (port.segment && entry.receive_buffer != before) {
        port.segment->set_receive_buffer(port.receive_buffer);
    }
    return port.segment != nullptr;
}

void Routers::disconnect(Entry& entry) {
    Port* const port = std::exchange(entry.port, nullptr);
    if (port == nullptr) {
        return;
    }
    port->receive_buffer -= std::exchange(entry.receive_buffer, 0);
    std::erase_if(port->by_vrid, [&](const auto& one) { return one.second == &entry; });
    if (port->by_vrid.empty()) {
        if (port->segment) {
            port->segment->close();
        }
        ports_.erase(Transport(port->transport));
    }
}

/// An interface that has come back under another index needs other sockets.
void Routers::open(Port& port) {
    const bool needs_link = !port.transport.interface.empty();
    const netlink::Link* link = needs_link ? links_.find(port.transport.interface) : nullptr;
    const int index = link != nullptr ? link->index : 0;
    if (port.segment && index != port.segment->interface_index()) {
        port.segment->close();
        port.segment.reset();
    }
    if (port.segment || (needs_link && link == nullptr)) {
        return;
    }
    auto segment = Segment::open(loop_, port.transport, link, inbox_,
                                 [this, &port](const Datagram& datagram) { receive(port, datagram); });
    if (segment) {
        port.segment = std::move(*segment);
        port.segment->set_receive_buffer(port.receive_buffer);
    } else if (!port.open_failed) {
        core::log::error("{}", segment.error().what);
    }
    port.open_failed = !segment;
}

/// What it adds to the receive buffer of its socket (vrrp_rx_bufs_policy, kernel_rx_buf_size).
std::size_t Routers::receive_buffer_for(const Entry& entry) const {
    const Instance& config = entry.router.config();
    if (config.rare && config.rare->kernel_receive_buffer) {
        return *config.rare->kernel_receive_buffer;
    }
    const std::size_t multiplier = settings_.receive_buffer_multiplier;
    switch (settings_.receive_buffer) {
        case core::ReceiveBufferPolicy::system: break;
        case core::ReceiveBufferPolicy::bytes: return settings_.receive_buffer_bytes;
        case core::ReceiveBufferPolicy::advert: return entry.router.codec().datagram_size() * multiplier;
        case core::ReceiveBufferPolicy::mtu: {
            const netlink::Link* link = links_.find(config.interface);
            return (link != nullptr ? link->mtu : kUsualMtu) * multiplier;
        }
    }
    return 0;
}

// --- Receiving ---

void Routers::receive(Port& port, const Datagram& datagram) {
    const auto vrid = addressed_vrid(datagram);
    if (!vrid) {
        return;
    }
    if (Entry* const entry = addressee(port, *vrid, datagram.source)) {
        entry->last_sender = datagram.source;
        call(*entry, &VirtualRouter::receive, datagram);
    } else if (settings_.log_unknown_vrids && port.unknown_lines.allow(core::now())) {
        core::log::info("Unknown VRID({}) received on interface({}). ignoring...", *vrid,
                        port.transport.interface.empty() ? "any" : port.transport.interface);
    }
}

/// Of several unicast routers with one VRID: the one that this sender has talked to last, else the one that lists it.
Routers::Entry* Routers::addressee(Port& port, std::uint8_t vrid, const core::Address& sender) {
    const auto candidates = with_vrid(port.by_vrid, vrid);
    if (candidates.size() < 2) {
        return candidates.empty() ? nullptr : candidates.front().second;
    }
    const auto find = [&](const auto& fits) -> Entry* {
        const auto found = std::ranges::find_if(candidates, [&](const auto& one) { return fits(*one.second); });
        return found == candidates.end() ? nullptr : found->second;
    };
    Entry* const last = find([&](const Entry& entry) { return entry.last_sender == sender; });
    return last != nullptr ? last : find([&](const Entry& entry) { return entry.router.codec().is_peer(sender); });
}

// --- Sending ---

/// What cannot be sent is said once, until sending works again; the state does not change (1.11). The farewell of a
/// router in FAULT need not get through: its interface may be what is down.
void Routers::send(Entry& entry, const action::SendAdvert& advert) {
    if (entry.port == nullptr || !entry.port->segment) {
        return;
    }
    for (const OutgoingAdvert& datagram : advert.datagrams) {
        const int error = entry.port->segment->send(advert, datagram);
        if (error == 0) {
            if (!entry.unreachable.empty()) {
                entry.unreachable.erase(datagram.destination);
            }
        } else if (entry.router.state() != State::fault && entry.unreachable.insert(datagram.destination).second) {
            if (entry.port->transport.unicast) {
                core::log::info("({}) Cant send advert to {} ({})", entry.router.config().name, datagram.destination,
                                std::strerror(error));
            } else {
                core::log::info("({}): send advert error {} ({})", entry.router.config().name, error,
                                std::strerror(error));
            }
        }
    }
}

}  // namespace sustain::vrrp
