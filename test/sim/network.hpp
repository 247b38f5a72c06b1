// Network segments in virtual time with routers on them that run the daemon's own state machine, alone or in sync
// groups. They lose, delay, repeat and cut off as told, from one seed; and at every step it is checked what must hold
// always:
//
//  - a router holds its virtual addresses exactly while it is MASTER,
//  - two adverts of a MASTER are never further apart than its interval, whatever it hears,
//  - a MASTER that hears a better one yields at once, and one that hears a losing one says so and announces at once,
//  - all members of a sync group are in the same state.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "vrrp/router_group.hpp"

namespace sustain::sim {

using core::Duration;
using core::TimePoint;
using vrrp::State;

/// What the segment does to each copy of a datagram.
struct Weather {
    double loss = 0;
    double duplication = 0;
    Duration least_delay = std::chrono::microseconds(50);
    Duration most_delay = std::chrono::milliseconds(2);
    bool reordering = false;
};

/// What a router speaks; with addresses to go with it.
enum class Dialect { v2, v3, v3_ipv6 };
void speak(vrrp::Instance& config, Dialect dialect);

class Network {
public:
    using Index = std::size_t;

    explicit Network(std::uint64_t seed) : random_(seed) {}

    /// A router that is not started yet: VRID 51, address 10.0.0.(1 + index) or fe80::(1 + index), one virtual address,
    /// VRRPv2 unless `change` says otherwise. It hears those whose interface has the same name.
    Index add_router(std::uint8_t priority, const std::function<void(vrrp::Instance&)>& change = {});
    /// A sync group of routers, which are started, stopped and crash together: say it to any of them.
    void make_group(const std::vector<Index>& members);

    // What happens to a router.
    void start(Index router);
    void stop(Index router);   ///< SIGTERM
    void crash(Index router);  ///< SIGKILL: its addresses stay
    void set_link(Index router, bool up);
    void lose_address(Index router);                ///< somebody removes its first virtual address
    void move_to_island(Index router, int island);  ///< only routers on one island hear each other

    /// `router` hears this, as if it came from the address 10.0.0.250. It speaks IPv4.
    void inject(Index router, const vrrp::Instance& pretended, std::uint8_t priority);
    void inject_octets(Index router, std::vector<std::uint8_t> datagram);

    void pass(Duration duration);

    Weather weather;
    [[nodiscard]] TimePoint now() const { return now_; }
    [[nodiscard]] double chance() { return std::uniform_real_distribution<>(0, 1)(random_); }
    [[nodiscard]] Index pick(Index count) { return std::uniform_int_distribution<Index>(0, count - 1)(random_); }

    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    [[nodiscard]] bool running(Index router) const { return nodes_[router].machine.has_value(); }
    [[nodiscard]] bool able(Index router) const { return running(router) && nodes_[router].link_up; }
    [[nodiscard]] int island(Index router) const { return nodes_[router].island; }
    [[nodiscard]] bool is_master(Index router) const;
    [[nodiscard]] std::vector<Index> masters(int island = 0) const;
    /// The highest priority among the routers of an island that are able to be MASTER; nothing if none is.
    [[nodiscard]] std::optional<int> highest_priority(int island = 0) const;
    [[nodiscard]] const vrrp::Instance& config(Index router) const { return nodes_[router].config; }
    /// When the router last became MASTER or sent an advert, and how often it became MASTER.
    [[nodiscard]] TimePoint master_since(Index router) const { return nodes_[router].master_since; }
    [[nodiscard]] TimePoint last_advert(Index router) const { return nodes_[router].last_advert; }
    [[nodiscard]] unsigned masterships(Index router) const { return nodes_[router].masterships; }
    /// How often it has announced its addresses.
    [[nodiscard]] unsigned announcements(Index router) const { return nodes_[router].announcements; }
    [[nodiscard]] const vrrp::VirtualRouter& machine(Index router) const { return *nodes_[router].machine; }

    /// The first promise that was broken; empty while all hold.
    [[nodiscard]] const std::string& broken() const { return broken_; }

private:
    struct Node {
        vrrp::Instance config;
        core::Address address;
        std::optional<vrrp::VirtualRouter> machine;
        bool link_up = true;
        int island = 0;
        bool holds_addresses = false;
        bool master = false;  ///< as announced by StateChanged
        TimePoint master_since{};
        TimePoint last_advert{};
        unsigned masterships = 0;
        unsigned announcements = 0;
        std::optional<Index> group;
        Index place = 0;                          ///< in the group
        std::map<Index, TimePoint> last_arrival;  ///< at others, of what this one sent
    };
    struct Delivery {
        Index to = 0;
        Index from = 0;
        std::vector<std::uint8_t> datagram;
    };

    struct Group {
        std::vector<Index> members;
        std::optional<vrrp::RouterGroup> rules;  ///< while they run
    };

    void start_machine(Index router);
    void carry_out(Group& group, const vrrp::RouterGroup::Outcome& outcome);
    void perform(Index router, const vrrp::Actions& actions);
    void perform_alone(Index router, const vrrp::Actions& actions);
    [[nodiscard]] std::vector<Index> together(Index router) const;
    void check_reaction(const Delivery& delivery, const vrrp::Datagram& datagram, State before, unsigned announced);
    void send(Index from, const std::vector<std::uint8_t>& datagram);
    [[nodiscard]] std::optional<vrrp::Datagram> read(const Delivery& delivery) const;
    void deliver(const Delivery& delivery);
    void check(Index router);
    void check_beat(Index router);
    void check_in_step(Index router, Index other);
    void break_promise(Index router, const std::string& what);
    [[nodiscard]] std::optional<Index> next_timer() const;

    std::mt19937_64 random_;
    TimePoint now_ = TimePoint(std::chrono::hours(1));
    std::vector<Node> nodes_;
    std::vector<Group> groups_;
    std::multimap<TimePoint, Delivery> deliveries_;
    std::string broken_;
};

}  // namespace sustain::sim
