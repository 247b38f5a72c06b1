#include "vrrp/virtual_router.hpp"

#include <algorithm>
#include <iterator>
#include <set>
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

constexpr std::uint8_t kHighestOfOthers = kOwnerPriority - 1;

/// Those of `from` that are not in `what`, in order.
std::vector<VirtualAddress> without(const std::vector<VirtualAddress>& from, const std::vector<VirtualAddress>& what) {
    // All but what we do about its loss, which makes no difference to the kernel.
    const auto on_interface = [](const VirtualAddress& address) {
        return std::tie(address.prefix, address.device, address.broadcast, address.peer, address.label,
                        address.preferred_lifetime, address.scope, address.home, address.detect_duplicates,
                        address.manage_temporary, address.prefix_route, address.autojoin, address.use_vmac);
    };
    std::set<decltype(on_interface(what.front()))> known;
    std::ranges::transform(what, std::inserter(known, known.end()), on_interface);
    std::vector<VirtualAddress> rest;
    std::ranges::copy_if(from, std::back_inserter(rest),
                         [&](const VirtualAddress& address) { return !known.contains(on_interface(address)); });
    return rest;
}

/// The owner's does not change; nobody else's becomes 0 or that of an owner (8.1).
std::uint8_t effective_priority(std::uint8_t configured, std::int64_t weight) {
    return configured == kOwnerPriority
               ? configured
               : static_cast<std::uint8_t>(std::clamp<std::int64_t>(configured + weight, 1, kHighestOfOthers));
}

}  // namespace

VirtualRouter::VirtualRouter(Instance config, std::size_t mtu, AdvertCodec::WallClock wall_clock)
    : config_(std::move(config)),
      mtu_(mtu),
      codec_(config_, mtu, std::move(wall_clock)),
      announcer_(config_.garp, config_.extra_garp),
      packet_lines_(kPacketLinesBurst, kPacketLinesPeriod),
      answers_(kAnswersBurst, kAnswersPeriod) {
    derive();
    priority_ = effective_priority(config_.priority, tracking_.weight);
    master_interval_ = config_.advert_interval;
}

/// Everything that follows from the configuration alone.
void VirtualRouter::derive() {
    addresses_ = config_.addresses;
    addresses_.insert(addresses_.end(), config_.excluded.begin(), config_.excluded.end());

    const auto known = std::exchange(interfaces_, {});
    const auto add_interface = [&](const std::string& name, bool tracked) {
        if (const auto there = std::ranges::find(interfaces_, name, &Interface::name); there != interfaces_.end()) {
            there->tracked |= tracked;
        } else {
            const auto before = std::ranges::find(known, name, &Interface::name);
            interfaces_.push_back({name, tracked, before == known.end() || before->up});
        }
    };
    if (!config_.interface.empty()) {
        add_interface(config_.interface, config_.track_primary);
    }
    for (VirtualAddress& address : addresses_) {
        if (address.device.empty()) {
            address.device = config_.interface;
        } else if (address.track) {
            add_interface(address.device, true);
        }
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
    detail(actions, "Netlink reflector reports IP {} removed from {}", prefix.address, interface);
    yield(now, actions);
}

// --- Life ---

void VirtualRouter::start(bool resume, core::TimePoint now, Actions& actions) {
    if (codec_.addresses().size() < config_.addresses.size()) {
        log(actions,
            "({}) Number of VIPs ({}) exceeds maximum/space available in packet (max {} addresses) - excess moved to "
            "eVIPs",
            config_.name, config_.addresses.size(), codec_.addresses().size());
    }
    resume_ = resume;
    waited_ = tracking_.waiting;
    if (faulty()) {
        for (const std::string& reason : faults()) {
            log(actions, "{}", reason);
        }
        log(actions, "({}) entering FAULT state", config_.name);
        enter_fault(false, now, actions);
    } else if (grouped_ || (tracking_.waiting && !resume)) {
        held_ = true;
    } else if (resume) {
        become_master(now, actions);
    } else if (starts_as_master(now)) {
        detail(actions, "({}) Receive advertisement timeout", config_.name);
        become_master(now, actions);
    } else if (awaits_mastership(now)) {
        await_mastership();
    } else {
        log(actions, "({}) Entering BACKUP STATE (init)", config_.name);
        enter_backup(now, master_down(), actions);
    }
}

void VirtualRouter::reconfigure(Instance config, core::TimePoint now, Actions& actions) {
    const std::vector<VirtualAddress> old_addresses = addresses_;
    const Instance old = std::exchange(config_, std::move(config));
    derive();
    codec_.configure(config_, mtu_);
    announcer_.set(config_.garp, config_.extra_garp, now);
    if (!is_owner()) {
        owner_fallen_ = false;
        other_owner_.reset();
    }
    update_priority(now, actions);
    begin_preempt_delay_anew();
    const bool other_interval = old.advert_interval != config_.advert_interval || old.version != config_.version;
    if (other_interval) {
        master_interval_ = config_.advert_interval;
    }
    if (state_ == State::backup && (other_interval || old.down_timer_adverts != config_.down_timer_adverts)) {
        timer_ = begin(now) + master_down();  // what is left of another interval means nothing
    }
    if (state_ == State::master) {
        const auto removed = without(old_addresses, addresses_);
        const auto added = without(addresses_, old_addresses);
        for (const VirtualAddress& address : removed) {
            log(actions, "({}) ip address {}/{} dev {}, no longer exist", config_.name, address.prefix.address,
                address.prefix.length, address.device);
        }
        if (!removed.empty()) {
            actions.emplace_back(action::RemoveAddresses{removed});
        }
        if (!added.empty()) {
            detail(actions, "({}) setting VIPs.", config_.name);
            actions.emplace_back(action::SetAddresses{added});
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
    wish_ = false;
    state_ = State::init;
}

// --- Transitions ---

void VirtualRouter::expire(core::TimePoint now, Actions& actions) {
    if (timer_ && *timer_ <= now) {
        if (state_ == State::backup) {
            detail(actions, "({}) Receive advertisement timeout", config_.name);
            if (grouped_) {
                wish_ = true;
                timer_ = now + master_down();
            } else {
                become_master(now, actions);
            }
        } else if (!gives_up_late(now, actions)) {
            forget_other_owner(now, actions);
            // Keeping to the beat, not to the moment at which a busy machine let us run, keeps the average interval
            // exact. Only after a whole missed beat a new one begins.
            const core::TimePoint due = *timer_;
            send_own_advert(due + config_.advert_interval > now ? due : now, actions);
        }
    }
    const Announcer::Due due = announcer_.expire(now);
    announce(due.rounds, actions);
    if (due.extra) {
        actions.push_back(action::AnnounceExtra{});
    }
}

std::optional<core::TimePoint> VirtualRouter::deadline() const {
    const auto announcement = announcer_.deadline();
    if (!timer_ || !announcement) {
        return timer_ ? timer_ : announcement;
    }
    return std::min(*timer_, *announcement);
}

core::Duration VirtualRouter::longest_link_delay() const {
    return vrrp::longest_link_delay(std::min(config_.advert_interval, master_interval_), config_.down_timer_adverts);
}

std::vector<std::string> VirtualRouter::interfaces() const {
    std::vector<std::string> names;
    for (const Interface& interface : interfaces_) {
        names.push_back(interface.name);
    }
    return names;
}

/// Of an owner that has fallen to 254, too, the skew time stays that of an owner (3.1).
core::Duration VirtualRouter::skew() const {
    return skew_time(is_owner() ? config_.priority : priority_, config_.version, master_interval_);
}

core::Duration VirtualRouter::master_down() const {
    return config_.down_timer_adverts * master_interval_ + skew();
}

std::vector<std::string> VirtualRouter::faults() const {
    std::vector<std::string> reasons;
    for (const Interface& interface : interfaces_) {
        if (interface.tracked && !interface.up) {
            reasons.push_back(
                fmt::format("({}): entering FAULT state (interface {} down)", config_.name, interface.name));
        }
    }
    if (!has_source_) {
        reasons.push_back(fmt::format("({}) entering FAULT state (no {} address for interface)", config_.name,
                                      config_.address_family == core::Address::Family::ipv4 ? "IPv4" : "IPv6"));
    }
    if (config_.faulty) {
        reasons.push_back(fmt::format("({}) held in FAULT state by its configuration", config_.name));
    }
    return reasons;
}

bool VirtualRouter::faulty() const {
    return !has_source_ || config_.faulty || tracking_.faults > 0 ||
           std::ranges::any_of(interfaces_, [](const Interface& one) { return one.tracked && !one.up; });
}

/// After a change of the configured priority or of the trackers' weight. What is left of a running master down time
/// changes by as much as the whole does; a MASTER says it with its next advert.
void VirtualRouter::update_priority(core::TimePoint now, Actions& actions) {
    const std::uint8_t priority =
        owner_fallen_ ? kHighestOfOthers : effective_priority(config_.priority, tracking_.weight);
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
    actions.emplace_back(action::PriorityChanged{priority});
}

void VirtualRouter::set_owner_fallen(bool fallen, core::TimePoint now, Actions& actions) {
    owner_fallen_ = fallen;
    other_owner_.reset();
    update_priority(now, actions);
}

void VirtualRouter::faults_changed(core::TimePoint now, Actions& actions) {
    if (faulty()) {
        if (state_ == State::backup || state_ == State::master || held_) {
            log(actions, "({}) Entering FAULT STATE", config_.name);
            enter_fault(true, now, actions);
        }
    } else if (!grouped_) {
        leave_init_or_fault(now, actions);
    }
}

/// For the first time, or after the last fault: an owner, too, goes by way of BACKUP (3.8).
void VirtualRouter::leave_init_or_fault(core::TimePoint now, Actions& actions) {
    if ((held_ || state_ == State::fault) && !tracking_.waiting) {
        announce_source(actions);
        log(actions, "({}) Entering BACKUP STATE", config_.name);
        master_interval_ = config_.advert_interval;
        enter_backup(now, master_down(), actions);
    }
}

void VirtualRouter::enter_fault(bool twice, core::TimePoint /*now*/, Actions& actions) {
    if (state_ == State::master) {
        if (twice) {  // as keepalived does: the one may be lost that spares the backup its whole down time
            send_advert(0, actions);
        }
        send_priority_zero(actions);
        release(actions);
    } else if (resume_) {
        actions.emplace_back(action::RemoveAddresses{addresses_});
    }
    resume_ = false;
    held_ = false;
    wish_ = false;
    timer_.reset();
    change_state(State::fault, actions);
}

void VirtualRouter::enter_backup(core::TimePoint now, core::Duration timeout, Actions& actions) {
    if (resume_) {
        actions.emplace_back(action::RemoveAddresses{addresses_});
    }
    resume_ = false;
    held_ = false;
    wish_ = false;
    yielded_ = false;
    heard_master_ = false;
    timer_ = begin(now) + timeout;
    preemption_allowed_.reset();
    change_state(State::backup, actions);
}

void VirtualRouter::become_master(core::TimePoint now, Actions& actions) {
    resume_ = false;
    held_ = false;
    wish_ = false;
    noted_.reset();
    ++counters_.became_master;
    codec_.become_master();
    if (owner_fallen_) {
        set_owner_fallen(false, now, actions);
    }
    if (master_interval_ != config_.advert_interval) {
        log(actions, "({}) changing advert interval from {}ms to locally configured {}ms", config_.name,
            master_interval_.count() / 1000, config_.advert_interval.count() / 1000);
        master_interval_ = config_.advert_interval;
    }
    send_own_advert(now, actions);
    log(actions, "({}) Entering MASTER STATE", config_.name);
    detail(actions, "({}) setting VIPs.", config_.name);
    actions.emplace_back(action::SetAddresses{addresses_});
    announce(announcer_.master(now), actions);
    change_state(State::master, actions);
}

/// timer_expired_backup (3.7): after a pause of this process that was long enough for the others to take over, a MASTER
/// that must not preempt does not do so by going on.
bool VirtualRouter::gives_up_late(core::TimePoint now, Actions& actions) {
    const std::uint8_t up_to = config_.rare ? config_.rare->timer_expired_priority : std::uint8_t{0};
    if (up_to == 0 || config_.preempt || highest_heard_ == 0) {
        return false;
    }
    const core::Duration takeover = master_down_interval(config_.advert_interval, std::min(highest_heard_, up_to),
                                                         config_.version, config_.down_timer_adverts);
    if (now - last_advert_ <= takeover) {
        return false;
    }
    log(actions, "({}) VRRP thread timer expired {:.6f} seconds ago", config_.name,
        static_cast<double>((now - *timer_).count()) / 1e6);
    log(actions, "({}) Entering BACKUP STATE", config_.name);
    release(actions);
    enter_backup(now, master_down(), actions);
    return true;
}

/// What every way out of MASTER has in common.
void VirtualRouter::release(Actions& actions) {
    noted_.reset();
    ++counters_.released_master;
    announcer_.stop();
    actions.emplace_back(action::StopAnnouncing{});
    detail(actions, "({}) removing VIPs.", config_.name);
    actions.emplace_back(action::RemoveAddresses{addresses_});
}

void VirtualRouter::change_state(State state, Actions& actions) {
    state_ = state;
    actions.emplace_back(action::StateChanged{state});
}

void VirtualRouter::send_advert(std::uint8_t priority, Actions& actions) {
    actions.emplace_back(codec_.encode(priority, source_.value_or(core::Address())));
    ++counters_.sent;
}

/// `now` is the beginning of the interval that this advert opens.
void VirtualRouter::send_own_advert(core::TimePoint now, Actions& actions) {
    send_advert(priority_, actions);
    last_advert_ = now;
    timer_ = now + config_.advert_interval;
}

void VirtualRouter::send_priority_zero(Actions& actions) {
    send_advert(0, actions);
    ++counters_.priority_zero_sent;
    detail(actions, "({}) sent 0 priority", config_.name);
}

/// On leaving FAULT: after a while without a link the others' entries for us are old (3.8).
void VirtualRouter::announce_source(Actions& actions) {
    if (state_ == State::fault && config_.unicast && source_) {
        actions.push_back(action::AnnounceSource{*source_});
    }
}

void VirtualRouter::announce(unsigned rounds, Actions& actions) {
    if (rounds > 0 && !addresses_.empty()) {
        actions.emplace_back(action::Announce{rounds});
    }
}

}  // namespace sustain::vrrp
