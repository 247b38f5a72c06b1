#include "network.hpp"

namespace sustain::sim {

void speak(vrrp::Instance& config, Dialect dialect) {
    config.version = dialect == Dialect::v2 ? 2 : 3;
    if (dialect == Dialect::v3_ipv6) {
        config.address_family = core::Address::Family::ipv6;
        config.addresses.clear();
        config.addresses.emplace_back().prefix = {core::Address::parse("fe80::100").value(), 64};
    }
}

Network::Index Network::add_router(std::uint8_t priority, const std::function<void(vrrp::Instance&)>& change) {
    Node node;
    node.address = core::Address::ipv4(0x0a000001 + static_cast<std::uint32_t>(nodes_.size()));
    node.config.name = fmt::format("R{}", nodes_.size());
    node.config.interface = "eth0";
    node.config.vrid = 51;
    node.config.priority = priority;
    node.config.addresses.emplace_back().prefix = {core::Address::ipv4(0x0a000064), 24};
    if (change) {
        change(node.config);
    }
    if (node.config.address_family == core::Address::Family::ipv6) {
        node.address = core::Address::parse(fmt::format("fe80::{:x}", nodes_.size() + 1)).value();
    }
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
}

// --- What happens to a router ---

void Network::make_group(const std::vector<Index>& members) {
    for (Index place = 0; place < members.size(); ++place) {
        nodes_[members[place]].group = groups_.size();
        nodes_[members[place]].place = place;
    }
    groups_.push_back({members, {}});
}

std::vector<Network::Index> Network::together(Index router) const {
    return nodes_[router].group ? groups_[*nodes_[router].group].members : std::vector{router};
}

void Network::start(Index router) {
    if (nodes_[router].machine) {
        return;
    }
    const auto members = together(router);
    for (const Index member : members) {
        start_machine(member);
    }
    if (nodes_[router].group) {
        Group& group = groups_[*nodes_[router].group];
        std::vector<vrrp::VirtualRouter*> machines;
        for (const Index member : members) {
            machines.push_back(&*nodes_[member].machine);
        }
        group.rules.emplace("G", std::move(machines));
        carry_out(group, group.rules->form(now_));
    }
    for (const Index member : members) {
        check(member);
        check_in_step(member, router);
    }
}

void Network::start_machine(Index router) {
    Node& node = nodes_[router];
    node.master = false;
    node.holds_addresses = false;  // the child removes what a crash has left before it starts
    node.machine.emplace(node.config);
    vrrp::Actions actions;
    node.machine->source_changed(node.address, now_, actions);
    node.machine->interface_changed(node.config.interface, node.link_up, now_, actions);
    node.machine->set_grouped(node.group.has_value(), now_, actions);
    node.machine->start(false, now_, actions);
    perform_alone(router, actions);
}

void Network::stop(Index router) {
    if (!nodes_[router].machine) {
        return;
    }
    if (nodes_[router].group) {
        groups_[*nodes_[router].group].rules.reset();
    }
    for (const Index member : together(router)) {
        Node& node = nodes_[member];
        vrrp::Actions actions;
        node.machine->stop(now_, actions);
        perform_alone(member, actions);
        node.machine.reset();
        if (node.holds_addresses) {
            break_promise(member, "has kept its addresses after stop");
        }
    }
}

void Network::crash(Index router) {
    if (nodes_[router].group) {
        groups_[*nodes_[router].group].rules.reset();
    }
    for (const Index member : together(router)) {
        nodes_[member].machine.reset();
    }
}

void Network::set_link(Index router, bool up) {
    Node& node = nodes_[router];
    node.link_up = up;
    if (node.machine) {
        vrrp::Actions actions;
        node.machine->interface_changed(node.config.interface, up, now_, actions);
        perform(router, actions);
    }
}

void Network::lose_address(Index router) {
    Node& node = nodes_[router];
    vrrp::Actions actions;
    node.machine->address_removed(node.config.interface, node.config.addresses.front().prefix, now_, actions);
    perform(router, actions);
}

void Network::move_to_island(Index router, int island) {
    nodes_[router].island = island;
}

void Network::inject(Index router, const vrrp::Instance& pretended, std::uint8_t priority) {
    vrrp::Instance sender = pretended;
    sender.priority = priority;
    vrrp::AdvertCodec codec(sender, vrrp::kUsualMtu, nullptr);
    inject_octets(router, std::move(codec.encode(priority, core::Address::ipv4(0x0a0000fa)).datagrams.front().octets));
}

void Network::inject_octets(Index router, std::vector<std::uint8_t> datagram) {
    deliver({router, router, std::move(datagram)});
}

// --- Time ---

void Network::pass(Duration duration) {
    const TimePoint end = now_ + duration;
    for (;;) {
        const auto timer = next_timer();
        const TimePoint timer_due = timer ? *nodes_[*timer].machine->deadline() : TimePoint::max();
        const TimePoint delivery_due = deliveries_.empty() ? TimePoint::max() : deliveries_.begin()->first;
        if (std::min(timer_due, delivery_due) > end) {
            break;
        }
        now_ = std::max(now_, std::min(timer_due, delivery_due));
        if (delivery_due <= timer_due) {
            const Delivery delivery = std::move(deliveries_.extract(deliveries_.begin()).mapped());
            deliver(delivery);
        } else {
            vrrp::Actions actions;
            nodes_[*timer].machine->expire(now_, actions);
            perform(*timer, actions);
        }
    }
    now_ = end;
    for (Index router = 0; router < nodes_.size(); ++router) {
        check(router);
    }
}

std::optional<Network::Index> Network::next_timer() const {
    std::optional<Index> next;
    for (Index router = 0; router < nodes_.size(); ++router) {
        const auto& machine = nodes_[router].machine;
        if (machine && machine->deadline() && (!next || *machine->deadline() < *nodes_[*next].machine->deadline())) {
            next = router;
        }
    }
    return next;
}

/// What a router does, and what that makes its group do.
void Network::perform(Index router, const vrrp::Actions& actions) {
    perform_alone(router, actions);
    const Node& node = nodes_[router];
    check(router);
    if (node.group && groups_[*node.group].rules) {
        Group& group = groups_[*node.group];
        carry_out(group, group.rules->changed(node.place, now_));
        for (const Index member : group.members) {
            check(member);
            check_in_step(member, router);
        }
    }
}

void Network::carry_out(Group& group, const vrrp::RouterGroup::Outcome& outcome) {
    for (const auto& step : outcome.steps) {
        perform_alone(group.members[step.member], step.actions);
    }
}

void Network::perform_alone(Index router, const vrrp::Actions& actions) {
    Node& node = nodes_[router];
    for (const vrrp::Action& action : actions) {
        if (const auto* advert = std::get_if<vrrp::action::SendAdvert>(&action)) {
            check_beat(router);
            node.last_advert = now_;
            send(router, advert->datagrams.front().octets);
        } else if (std::holds_alternative<vrrp::action::SetAddresses>(action)) {
            node.holds_addresses = true;
        } else if (std::holds_alternative<vrrp::action::RemoveAddresses>(action)) {
            node.holds_addresses = false;
        } else if (std::holds_alternative<vrrp::action::Announce>(action)) {
            ++node.announcements;
        } else if (const auto* changed = std::get_if<vrrp::action::StateChanged>(&action)) {
            node.master = changed->state == State::master;
            if (node.master) {
                node.master_since = now_;
                ++node.masterships;
            }
        }
    }
}

// --- The segment ---

void Network::send(Index from, const std::vector<std::uint8_t>& datagram) {
    if (!nodes_[from].link_up) {
        return;
    }
    for (Index to = 0; to < nodes_.size(); ++to) {
        if (nodes_[to].config.interface != nodes_[from].config.interface) {
            continue;
        }
        const int copies = to == from || chance() < weather.loss ? 0 : chance() < weather.duplication ? 2 : 1;
        for (int copy = 0; copy < copies; ++copy) {
            const Duration delay(std::uniform_int_distribution<Duration::rep>(weather.least_delay.count(),
                                                                              weather.most_delay.count())(random_));
            TimePoint& last_arrival = nodes_[from].last_arrival[to];
            const TimePoint arrival = weather.reordering ? now_ + delay : std::max(now_ + delay, last_arrival);
            last_arrival = std::max(last_arrival, arrival);
            deliveries_.emplace(arrival, Delivery{to, from, datagram});
        }
    }
}

std::optional<vrrp::Datagram> Network::read(const Delivery& delivery) const {
    const Node& from = nodes_[delivery.from];
    if (from.config.address_family == core::Address::Family::ipv4) {
        return vrrp::read_ipv4(delivery.datagram);
    }
    return vrrp::received_ipv6(from.address, vrrp::multicast_group(from.config.address_family), vrrp::kAdvertTtl,
                               delivery.datagram);
}

void Network::deliver(const Delivery& delivery) {
    Node& node = nodes_[delivery.to];
    if (!node.machine || !node.link_up || nodes_[delivery.from].island != node.island) {
        return;
    }
    const auto datagram = read(delivery);
    if (!datagram || vrrp::addressed_vrid(*datagram) != node.config.vrid) {
        return;
    }
    const State before = node.machine->state();
    const unsigned announced = node.announcements;
    vrrp::Actions actions;
    node.machine->receive(*datagram, now_, actions);
    perform(delivery.to, actions);
    check_reaction(delivery, *datagram, before, announced);
}

// --- Promises ---

void Network::check(Index router) {
    const Node& node = nodes_[router];
    if (!node.machine) {
        return;
    }
    const bool master = node.machine->state() == State::master;
    if (master != node.holds_addresses) {
        break_promise(router, master ? "is MASTER without addresses" : "holds addresses without being MASTER");
    }
    check_beat(router);
}

void Network::check_in_step(Index router, Index other) {
    if (nodes_[router].machine->state() != nodes_[other].machine->state()) {
        break_promise(router, "is in another state than the rest of its group");
    }
}

/// A MASTER has heard another router: the worse of both reacts at once, or the better one to the worse one. (How often
/// it does so in a flood is limited.)
void Network::check_reaction(const Delivery& delivery, const vrrp::Datagram& datagram, State before,
                             unsigned announced) {
    const Node& node = nodes_[delivery.to];
    constexpr std::size_t kPriorityAt = 2;
    const std::uint8_t priority = datagram.payload[kPriorityAt];
    if (before != State::master || delivery.from == delivery.to || priority == 0) {
        return;
    }
    const std::uint8_t own = node.config.priority;
    if (priority > own || (priority == own && nodes_[delivery.from].address > node.address)) {
        if (node.machine->state() == State::master) {
            break_promise(delivery.to, "is MASTER beside a better one that it has heard");
        }
    } else if (!node.config.lower_prio_no_advert && node.last_advert != now_) {
        break_promise(delivery.to, "does not answer a losing advert");
    } else if (node.announcements == announced) {
        break_promise(delivery.to, "does not announce its addresses after a losing advert");
    }
}

void Network::check_beat(Index router) {
    const Node& node = nodes_[router];
    if (node.master && now_ - node.last_advert > node.config.advert_interval) {
        break_promise(router, "is a silent MASTER");
    }
}

void Network::break_promise(Index router, const std::string& what) {
    if (broken_.empty()) {
        broken_ = fmt::format("at {} s {} {}", static_cast<double>(now_.time_since_epoch().count()) / 1e6,
                              nodes_[router].config.name, what);
    }
}

// --- For tests ---

bool Network::is_master(Index router) const {
    return nodes_[router].machine && nodes_[router].machine->state() == State::master;
}

std::vector<Network::Index> Network::masters(int island) const {
    std::vector<Index> found;
    for (Index router = 0; router < nodes_.size(); ++router) {
        if (is_master(router) && nodes_[router].island == island) {
            found.push_back(router);
        }
    }
    return found;
}

std::optional<int> Network::highest_priority(int island) const {
    std::optional<int> highest;
    for (Index router = 0; router < nodes_.size(); ++router) {
        if (able(router) && nodes_[router].island == island) {
            highest = std::max<int>(highest.value_or(0), nodes_[router].config.priority);
        }
    }
    return highest;
}

}  // namespace sustain::sim
