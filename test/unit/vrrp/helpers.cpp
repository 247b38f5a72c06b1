#include "helpers.hpp"

#include <charconv>

namespace sustain::vrrp::test {

std::vector<std::uint8_t> octets(std::string_view hex) {
    std::vector<std::uint8_t> result;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        std::uint8_t octet = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, octet, 16);
        result.push_back(octet);
    }
    return result;
}

core::Address address(std::string_view text) {
    return core::Address::parse(text).value();
}

VirtualAddress virtual_address(std::string_view text, std::uint8_t length) {
    VirtualAddress result;
    result.prefix = {address(text), length};
    return result;
}

Instance example(std::uint8_t priority) {
    Instance instance;
    instance.name = "X";
    instance.interface = "eth0";
    instance.vrid = 51;
    instance.priority = priority;
    instance.addresses = {virtual_address("10.0.0.100"), virtual_address("10.0.0.101")};
    return instance;
}

std::vector<std::uint8_t> OtherRouter::advert() const {
    AdvertCodec codec(instance, kUsualMtu, nullptr);
    return codec.encode(instance.priority, source).datagrams.front().octets;
}

Driver::Driver(Instance instance) : router(std::move(instance)) {
    router.source_changed(address("10.0.0.1"), now, actions);
}

void Driver::start(bool resume) {
    call(&VirtualRouter::start, resume);
}

void Driver::take(const Actions& others) {
    const std::size_t before = actions.size();
    actions.insert(actions.end(), others.begin(), others.end());
    note_adverts(before);
}

void Driver::forget() {
    actions.clear();
    advert_times.clear();
    adverts_seen_ = 0;
}

void Driver::pass(core::Duration duration) {
    const core::TimePoint end = now + duration;
    while (router.deadline() && *router.deadline() <= end) {
        now = std::max(now, *router.deadline());
        call(&VirtualRouter::expire);
    }
    now = end;
}

void Driver::receive(const std::vector<std::uint8_t>& datagram) {
    call(&VirtualRouter::receive, read_ipv4(datagram).value());
}

void Driver::hear(std::uint8_t priority, std::string_view source) {
    OtherRouter other;
    other.source = address(source);
    other.instance = router.config();
    other.instance.priority = priority;
    receive(other.advert());
}

void Driver::note_adverts(std::size_t from) {
    for (std::size_t i = from; i < actions.size(); ++i) {
        if (std::holds_alternative<action::SendAdvert>(actions[i])) {
            advert_times.push_back(now.time_since_epoch().count());
        }
    }
}

std::vector<int> Driver::adverts() {
    std::vector<int> priorities;
    for (const auto& sent : all<action::SendAdvert>()) {
        priorities.push_back(sent.datagrams.front().octets[kIpv4HeaderSize + 2]);
    }
    const auto fresh =
        std::vector<int>(priorities.begin() + static_cast<std::ptrdiff_t>(adverts_seen_), priorities.end());
    adverts_seen_ = priorities.size();
    return fresh;
}

int Driver::times_logged(std::string_view text) const {
    int count = 0;
    for (const auto& line : all<action::Log>()) {
        count += line.text == text ? 1 : 0;
    }
    return count;
}

bool Driver::logged(std::string_view text) const {
    return times_logged(text) > 0;
}

}  // namespace sustain::vrrp::test
