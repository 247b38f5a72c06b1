#include "network.hpp"

namespace sustain::sim {

using vrrp::State;

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
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
}

// --- What happens to a router ---

void Network::start(Index router) {
    Node& node = nodes_[router];
    if (node.machine) {
        return;
    }
    node.master = false;
    node.holds_addresses = false;  // the child removes what a crash has left before it starts
    node.machine.emplace(node.config);
    vrrp::Actions actions;
    node.machine->source_changed(node.address, now_, actions);
    node.machine->interface_changed("eth0", node.link_up, now_, actions);
    node.machine->start(false, now_, actions);
    perform(router, std::move(actions));
}

void Network::stop(Index router) {
    Node& node = nodes_[router];
    if (node.machine) {
        vrrp::Actions actions;
        node.machine->stop(now_, actions);
        perform(router, std::move(actions));
        node.machine.reset();
        if (node.holds_addresses) {
            break_promise(router, "has kept its addresses after stop");
        }
    }
}

void Network::crash(Index router) {
    nodes_[router].machine.reset();
}

void Network::set_link(Index router, bool up) {
    Node& node = nodes_[router];
    node.link_up = up;
    if (node.machine) {
        vrrp::Actions actions;
        node.machine->interface_changed("eth0", up, now_, actions);
        perform(router, std::move(actions));
    }
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
            perform(*timer, std::move(actions));
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

void Network::perform(Index router, vrrp::Actions actions) {
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
        } else if (const auto* changed = std::get_if<vrrp::action::StateChanged>(&action)) {
            node.master = changed->state == State::master;
            if (node.master) {
                node.master_since = now_;
                ++node.masterships;
            }
        }
    }
    check(router);
}

// --- The segment ---

void Network::send(Index from, const std::vector<std::uint8_t>& datagram) {
    if (!nodes_[from].link_up) {
        return;
    }
    for (Index to = 0; to < nodes_.size(); ++to) {
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

void Network::deliver(const Delivery& delivery) {
    Node& node = nodes_[delivery.to];
    if (!node.machine || !node.link_up || nodes_[delivery.from].island != node.island) {
        return;
    }
    const auto datagram = vrrp::read_ipv4(delivery.datagram);
    if (!datagram || vrrp::addressed_vrid(*datagram) != node.config.vrid) {
        return;
    }
    vrrp::Actions actions;
    node.machine->receive(*datagram, now_, actions);
    perform(delivery.to, std::move(actions));
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
