// What the tests of this room share: octets from hex text, the router of spec/vrrp.md 1.10, and a driver that keeps
// the time and sorts the actions of a VirtualRouter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vrrp/virtual_router.hpp"

namespace sustain::vrrp::test {

std::vector<std::uint8_t> octets(std::string_view hex);
core::Address address(std::string_view text);
VirtualAddress virtual_address(std::string_view text, std::uint8_t length = 24);

/// VRID 51 on eth0 with 10.0.0.100 and .101.
Instance example(std::uint8_t priority);

/// An advert as another router sends it; the fields may be spoilt before it is turned into a datagram.
struct OtherRouter {
    core::Address source = address("10.0.0.3");
    Instance instance = example(100);

    [[nodiscard]] std::vector<std::uint8_t> advert() const;
};

/// Drives a router in virtual time that starts at 0, on an interface that is up with 10.0.0.1.
class Driver {
public:
    explicit Driver(Instance instance);

    void start(bool resume = false);
    /// Lets `duration` pass; deadlines within it are met exactly.
    void pass(core::Duration duration);
    void receive(const std::vector<std::uint8_t>& datagram);
    void hear(std::uint8_t priority, std::string_view source = "10.0.0.3");

    /// Calls a member of the router with the present time and our actions after `arguments`.
    template <typename Member, typename... Arguments>
    void call(Member member, Arguments&&... arguments) {
        const std::size_t before = actions.size();
        (router.*member)(std::forward<Arguments>(arguments)..., now, actions);
        note_adverts(before);
    }
    /// What the router's group had it do.
    void take(const Actions& others);
    /// Everything so far.
    void forget();

    /// Priorities of the adverts sent since the last call.
    std::vector<int> adverts();
    [[nodiscard]] bool logged(std::string_view text) const;
    [[nodiscard]] int times_logged(std::string_view text) const;
    template <typename T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const Action& action : actions) {
            if (const T* wanted = std::get_if<T>(&action)) {
                found.push_back(*wanted);
            }
        }
        return found;
    }
    /// Microseconds since the beginning of adverts sent, in order.
    std::vector<std::int64_t> advert_times;

    VirtualRouter router;
    core::TimePoint now{};
    Actions actions;

private:
    void note_adverts(std::size_t from);
    std::size_t adverts_seen_ = 0;
};

}  // namespace sustain::vrrp::test
