#include "vrrp/virtual_router.hpp"

#include <algorithm>
#include <tuple>

#include "vrrp/intervals.hpp"
#include "vrrp/log_action.hpp"

namespace sustain::vrrp {

namespace {

// Enough for every honest network; a flood is answered and logged at this pace instead of its own.
constexpr unsigned kPacketLinesBurst = 30;
constexpr auto kPacketLinesPeriod = std::chrono::milliseconds(200);
constexpr unsigned kAnswersBurst = 25;
constexpr auto kAnswersPeriod = std::chrono::milliseconds(200);

/// Those of `from` that are not in `what`, in order.
std::vector<VirtualAddress> without(const std::vector<VirtualAddress>& from, const std::vector<VirtualAddress>& what) {
    const auto less = [](const VirtualAddress& a, const VirtualAddress& b) {
        return std::tie(a.prefix, a.device, a.label, a.broadcast, a.scope) <
               std::tie(b.prefix, b.device, b.label, b.broadcast, b.scope);
    };
    std::vector<VirtualAddress> sorted = what;
    std::ranges::sort(sorted, less);
    std::vector<VirtualAddress> rest;
    for (const VirtualAddress& address : from) {
        if (!std::ranges::binary_search(sorted, address, less)) {
            rest.push_back(address);
        }
    }
    return rest;
}

/// The owner's does not change; nobody else's becomes 0 or that of an owner (8.1).
std::uint8_t effective_priority(std::uint8_t configured, std::int64_t weight) {
    return configured == kOwnerPriority
               ? configured
               : static_cast<std::uint8_t>(std::clamp<std::int64_t>(configured + weight, 1, kOwnerPriority - 1));
}

}  // namespace

VirtualRouter::VirtualRouter(Instance config, std::size_t mtu)
    : config_(std::move(config)),
      mtu_(mtu),
      announcer_(config_.garp),
      packet_lines_(kPacketLinesBurst, kPacketLinesPeriod),
      answers_(kAnswersBurst, kAnswersPeriod) {
    derive();
    priority_ = effective_priority(config_.priority, tracking_.weight);
}

/// Everything that follows from the configuration alone.
void VirtualRouter::derive() {
    addresses_ = config_.addresses;
    addresses_.insert(addresses_.end(), config_.excluded.begin(), config_.excluded.end());

    const auto known = std::exchange(interfaces_, {});
    const auto add_interface = [&](const std::string& name) {
        if (std::ranges::find(interfaces_, name, &Interface::name) == interfaces_.end()) {
            const auto before = std::ranges::find(known, name, &Interface::name);
            interfaces_.push_back({name, before == known.end() || before->up});
        }
    };
    add_interface(config_.interface);
    for (VirtualAddress& address : addresses_) {
        if (address.device.empty()) {
            address.device = config_.interface;
        } else if (address.track) {
            add_interface(address.device);
        }
    }

    expectation_ = {};
    expectation_.vrid = config_.vrid;
    expectation_.authentication = config_.authentication.type;
    expectation_.data = authentication_data(config_.authentication);
    expectation_.interval = static_cast<std::uint8_t>(
        std::clamp<std::int64_t>(std::chrono::round<std::chrono::seconds>(config_.advert_interval).count(), 1, 255));
    for (const VirtualAddress& address : config_.addresses) {
        if (expectation_.addresses.size() == advertised_addresses_limit(mtu_)) {
            break;
        }
        expectation_.addresses.push_back(address.prefix.address);
    }
}

// --- The machine ---

void VirtualRouter::interface_changed(std::string_view interface, bool up, core::TimePoint now, Actions& actions) {
    const auto found = std::ranges::find(interfaces_, interface, &Interface::name);
    if (found != interfaces_.end() && found->up != up) {
        found->up = up;
        faults_changed(now, actions);
    }
}

void VirtualRouter::source_changed(const std::optional<core::Address>& source, core::TimePoint now, Actions& actions) {
    if (source) {
        source_ = source;
        has_source_ = true;
    } else {
        has_source_ = false;  // source_ stays: priority 0 is still sent from it
    }
    faults_changed(now, actions);
}

void VirtualRouter::tracking_changed(const Tracking& tracking, core::TimePoint now, Actions& actions) {
    if (tracking_ == tracking) {
        return;
    }
    tracking_ = tracking;
    update_priority(now, actions);
    faults_changed(now, actions);
}

void VirtualRouter::address_removed(std::string_view interface, const core::Prefix& prefix, core::TimePoint now,
                                    Actions& actions) {
    if (state_ != State::master) {
        return;
    }
    const bool held = std::ranges::any_of(addresses_, [&](const VirtualAddress& address) {
        return address.track && address.prefix == prefix && address.device == interface;
    });
    if (!held) {
        return;
    }
    // Another router may take over now; if none does, we put everything back after the skew time.
    detail(actions, "Netlink reflector reports IP {} removed from {}", prefix.address, interface);
    log(actions, "({}) Entering BACKUP STATE", config_.name);
    send_priority_zero(actions);
    release(actions);
    enter_backup(now, skew_time(priority()), actions);
}

// --- Life ---

void VirtualRouter::start(bool resume, core::TimePoint now, Actions& actions) {
    if (expectation_.addresses.size() < config_.addresses.size()) {
        log(actions,
            "({}) Number of VIPs ({}) exceeds maximum/space available in packet (max {} addresses) - excess moved to "
            "eVIPs",
            config_.name, config_.addresses.size(), expectation_.addresses.size());
    }
    if (faulty()) {
        for (const Interface& interface : interfaces_) {
            if (!interface.up) {
                log(actions, "({}): entering FAULT state (interface {} down)", config_.name, interface.name);
            }
        }
        if (!has_source_) {
            log(actions, "({}) entering FAULT state (no IPv4 address for interface)", config_.name);
        }
        log(actions, "({}) entering FAULT state", config_.name);
        if (resume) {
            actions.push_back(action::RemoveAddresses{addresses_});
        }
        change_state(State::fault, actions);
    } else if (resume) {
        become_master(now, actions);
    } else if (tracking_.waiting) {
        held_ = true;
    } else if (is_owner() && config_.initial_state != State::backup) {
        detail(actions, "({}) Receive advertisement timeout", config_.name);
        become_master(now, actions);
    } else {
        log(actions, "({}) Entering BACKUP STATE (init)", config_.name);
        enter_backup(now, master_down(), actions);
    }
}

void VirtualRouter::reconfigure(Instance config, core::TimePoint now, Actions& actions) {
    const std::vector<VirtualAddress> old_addresses = addresses_;
    const Instance old = std::exchange(config_, std::move(config));
    derive();
    announcer_.set(config_.garp, now);
    update_priority(now, actions);

    if (state_ == State::backup && timer_) {
        if (old.advert_interval != config_.advert_interval) {
            timer_ = now + master_down();  // what is left of another interval means nothing
        }
    }
    if (state_ == State::master) {
        const auto removed = without(old_addresses, addresses_);
        const auto added = without(addresses_, old_addresses);
        for (const VirtualAddress& address : removed) {
            log(actions, "({}) ip address {}/{} dev {}, no longer exist", config_.name, address.prefix.address,
                address.prefix.length, address.device);
        }
        if (!removed.empty()) {
            actions.push_back(action::RemoveAddresses{removed});
        }
        if (!added.empty()) {
            detail(actions, "({}) setting VIPs.", config_.name);
            actions.push_back(action::SetAddresses{added});
        }
        if (!(old == config_)) {
            send_own_advert(now, actions);  // with the new content, and at the pace of the new interval
        }
        if (!added.empty()) {
            announce(config_.garp.repeat, actions);
        }
    }
    faults_changed(now, actions);
}

void VirtualRouter::stop(core::TimePoint /*now*/, Actions& actions) {
    if (state_ == State::master) {
        send_priority_zero(actions);
        release(actions);
    }
    timer_.reset();
    held_ = false;
    state_ = State::init;
}

// --- Transitions ---

void VirtualRouter::expire(core::TimePoint now, Actions& actions) {
    if (timer_ && *timer_ <= now) {
        if (state_ == State::backup) {
            detail(actions, "({}) Receive advertisement timeout", config_.name);
            become_master(now, actions);
        } else {
            // Keeping to the beat, not to the moment at which a busy machine let us run, keeps the average interval
            // exact. Only after a whole missed beat a new one begins.
            const core::TimePoint due = *timer_;
            send_own_advert(due + config_.advert_interval > now ? due : now, actions);
        }
    }
    if (const unsigned rounds = announcer_.expire(now); rounds > 0) {
        announce(rounds, actions);
    }
}

std::optional<core::TimePoint> VirtualRouter::deadline() const {
    const auto announcement = announcer_.deadline();
    if (!timer_ || !announcement) {
        return timer_ ? timer_ : announcement;
    }
    return std::min(*timer_, *announcement);
}

std::vector<std::string> VirtualRouter::interfaces() const {
    std::vector<std::string> names;
    for (const Interface& interface : interfaces_) {
        names.push_back(interface.name);
    }
    return names;
}

core::Duration VirtualRouter::master_down() const {
    return master_down_interval(config_.advert_interval, priority());
}

bool VirtualRouter::faulty() const {
    return !has_source_ || tracking_.faults > 0 || !std::ranges::all_of(interfaces_, &Interface::up);
}

/// After a change of the configured priority or of the trackers' weight. What is left of a running master down time
/// changes by as much as the whole does; a MASTER says it with its next advert.
void VirtualRouter::update_priority(core::TimePoint now, Actions& actions) {
    const std::uint8_t priority = effective_priority(config_.priority, tracking_.weight);
    if (priority == priority_) {
        return;
    }
    const core::Duration before = master_down();
    if (state_ != State::init || held_) {
        log(actions, "({}) Changing effective priority from {} to {}", config_.name, priority_, priority);
    }
    priority_ = priority;
    if (state_ == State::backup && timer_) {
        timer_ = std::max(*timer_ + (master_down() - before), now);
    }
    actions.push_back(action::PriorityChanged{priority});
}

void VirtualRouter::faults_changed(core::TimePoint now, Actions& actions) {
    const bool fault = faulty();
    if (state_ == State::init) {
        if (held_ && (fault || !tracking_.waiting)) {
            held_ = false;
            if (fault) {
                log(actions, "({}) Entering FAULT STATE", config_.name);
                change_state(State::fault, actions);
            } else {
                log(actions, "({}) Entering BACKUP STATE", config_.name);
                enter_backup(now, master_down(), actions);
            }
        }
        return;
    }
    if (fault && (state_ == State::backup || state_ == State::master)) {
        log(actions, "({}) Entering FAULT STATE", config_.name);
        if (state_ == State::master) {
            // Twice, as keepalived does: the one may be lost that spares the backup its whole down time.
            send_advert(0, actions);
            send_priority_zero(actions);
            release(actions);
        }
        timer_.reset();
        change_state(State::fault, actions);
    } else if (!fault && !tracking_.waiting && state_ == State::fault) {
        log(actions, "({}) Entering BACKUP STATE", config_.name);
        enter_backup(now, master_down(), actions);
    }
}

void VirtualRouter::enter_backup(core::TimePoint now, core::Duration timeout, Actions& actions) {
    timer_ = now + timeout;
    preemption_allowed_.reset();
    change_state(State::backup, actions);
}

void VirtualRouter::become_master(core::TimePoint now, Actions& actions) {
    noted_.reset();
    ++counters_.became_master;
    send_own_advert(now, actions);
    log(actions, "({}) Entering MASTER STATE", config_.name);
    detail(actions, "({}) setting VIPs.", config_.name);
    actions.push_back(action::SetAddresses{addresses_});
    announce(announcer_.master(now), actions);
    change_state(State::master, actions);
}

/// What every way out of MASTER has in common.
void VirtualRouter::release(Actions& actions) {
    noted_.reset();
    ++counters_.released_master;
    announcer_.stop();
    actions.push_back(action::StopAnnouncing{});
    detail(actions, "({}) removing VIPs.", config_.name);
    actions.push_back(action::RemoveAddresses{addresses_});
}

void VirtualRouter::change_state(State state, Actions& actions) {
    state_ = state;
    actions.push_back(action::StateChanged{state});
}

void VirtualRouter::send_advert(std::uint8_t priority, Actions& actions) {
    Advert advert;
    advert.vrid = config_.vrid;
    advert.priority = priority;
    advert.authentication = config_.authentication.type;
    advert.interval = expectation_.interval;
    advert.addresses = expectation_.addresses;
    const Envelope envelope{source_.value_or(core::Address()), multicast_group(), ++identification_};
    actions.push_back(action::SendAdvert{write_ipv4(envelope, encode_v2(advert, expectation_.data))});
    ++counters_.sent;
}

/// `now` is the beginning of the interval that this advert opens.
void VirtualRouter::send_own_advert(core::TimePoint now, Actions& actions) {
    send_advert(priority(), actions);
    timer_ = now + config_.advert_interval;
}

void VirtualRouter::send_priority_zero(Actions& actions) {
    send_advert(0, actions);
    ++counters_.priority_zero_sent;
    detail(actions, "({}) sent 0 priority", config_.name);
}

void VirtualRouter::announce(unsigned rounds, Actions& actions) {
    if (rounds > 0 && !addresses_.empty()) {
        actions.push_back(action::Announce{rounds});
    }
}

}  // namespace sustain::vrrp
