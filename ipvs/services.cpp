#include "ipvs/services.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace sustain::ipvs {

namespace {

using core::Address;

/// Of services that have no address.
Address any(Address::Family family) {
    return family == Address::Family::ipv4 ? Address() : Address(std::array<std::uint8_t, 16>{});
}

Address next(const Address& address) {
    std::array<std::uint8_t, 16> octets{};
    std::ranges::copy(address.octets(), octets.begin());
    for (std::size_t index = address.octets().size(); index-- > 0 && ++octets[index] == 0;) {
    }
    return Address(std::span(octets).first(address.octets().size()));
}

ServiceKey of_mark(std::uint32_t mark, std::optional<Address::Family> family) {
    return {
        .fwmark = mark, .protocol = Protocol::none, .address = any(family.value_or(Address::Family::ipv4)), .port = 0};
}

}  // namespace

std::uint64_t size_of(const AddressRange& range) {
    std::uint64_t difference = 0;
    const auto first = range.first.octets();
    const auto last = range.last.octets();
    // Schoolbook subtraction in base 256, from the left: what does not fit saturates.
    for (std::size_t index = 0; index < first.size(); ++index) {
        if (difference > (std::numeric_limits<std::uint64_t>::max() >> 9)) {
            return std::numeric_limits<std::uint64_t>::max();
        }
        difference = difference * 256 + last[index] - first[index];  // never negative on the whole: first <= last
    }
    return difference + 1;
}

std::vector<ServiceKey> services_of(const VirtualServer& server, const Group* group) {
    switch (server.selector) {
        case Selector::address:
            return {{.fwmark = 0, .protocol = server.protocol, .address = server.address, .port = server.port}};
        case Selector::fwmark: return {of_mark(server.fwmark, server.family)};
        case Selector::group: break;
    }
    std::vector<ServiceKey> keys;
    std::set<ServiceKey> known;
    const auto add = [&](const ServiceKey& key) {
        if (known.insert(key).second) {
            keys.push_back(key);
        }
    };
    for (const AddressRange& range : group->ranges) {
        const std::uint64_t most = range.first.is_ipv4() ? kMostAddressesIpv4 : kMostAddressesIpv6;
        const std::uint64_t count = std::min(size_of(range), most);
        Address address = range.first;
        for (std::uint64_t number = 0; number < count; ++number) {
            add({.fwmark = 0, .protocol = server.protocol, .address = address, .port = range.port});
            address = next(address);
        }
    }
    for (const Mark& mark : group->marks) {
        if (mark.value != 0) {  // marks no packet: the parser has said so
            add(of_mark(mark.value, mark.family ? mark.family : server.family));
        }
    }
    return keys;
}

}  // namespace sustain::ipvs
