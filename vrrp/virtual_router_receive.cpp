// What a received advert does to a virtual router (RFC 9568 6.4.2 and 6.4.3, spec/vrrp.md 2.5 and 3.3 to 3.5).
//
// A rejected advert touches no timer. Neither does a losing one, except that a MASTER answers it, which opens a new
// interval: nothing that others send can make two adverts of a MASTER lie further apart than its interval.
#include "vrrp/intervals.hpp"
#include "vrrp/log_action.hpp"
#include "vrrp/virtual_router.hpp"

namespace sustain::vrrp {

void VirtualRouter::receive(const Datagram& datagram, core::TimePoint now, Actions& actions) {
    if ((state_ != State::backup && state_ != State::master) || now < delayed_until_) {
        return;
    }
    const Verdict verdict = codec_.judge(datagram, state_ == State::backup ? master_address_ : std::nullopt);
    if (verdict.received) {
        ++counters_.received;
    }
    if (verdict.advert) {
        if (verdict.advert->priority == 0) {
            ++counters_.priority_zero_received;
        }
        act_upon(*verdict.advert, std::min(datagram.arrived.value_or(now), now), now, actions);
    }
    // After the transition: what is wrong with a new master is news.
    for (const Finding& finding : verdict.findings) {
        counters_.count(finding.check);
        note(finding, datagram.source, now, actions);
    }
}

void VirtualRouter::act_upon(const Advert& advert, core::TimePoint arrived, core::TimePoint now, Actions& actions) {
    highest_heard_ = std::max(highest_heard_, advert.priority);
    if (owner_fallen_ && (advert.priority != kOwnerPriority || advert.source != fallen_before_)) {
        set_owner_fallen(false, now, actions);
    }
    if (state_ == State::backup || gives_up_late(now, actions)) {
        receive_as_backup(advert, arrived, now, actions);
    } else {
        receive_as_master(advert, now, actions);
    }
}

/// The timer runs from the moment at which the advert arrived, not from that at which a busy machine let us read it.
void VirtualRouter::receive_as_backup(const Advert& advert, core::TimePoint arrived, core::TimePoint now,
                                      Actions& actions) {
    if (advert.priority == 0) {
        if (packet_lines_.allow(now)) {
            detail(actions, "({}) Backup received priority 0 advertisement", config_.name);
        }
        timer_ = arrived + skew();
        return;
    }
    const bool higher = advert.priority >= priority_;
    if (higher && preemption_allowed_) {
        preemption_allowed_.reset();
        log(actions, "({}) stop preempt delay", config_.name);
    }
    if (higher || !config_.preempt || delays_preemption(now, actions)) {
        learn_interval(advert, actions);
        timer_ = arrived + master_down();
        wish_ = false;
        record_master(advert.source, now, actions);
    } else if (packet_lines_.allow(now)) {
        log(actions, "({}) received lower priority ({}) advert from {} - discarding", config_.name, advert.priority,
            advert.source);
    }
}

/// VRRPv3: the MASTER says how long it is to be waited for (RFC 9568 6.4.2 (460)).
void VirtualRouter::learn_interval(const Advert& advert, Actions& actions) {
    const core::Duration interval = advert.interval;
    if (config_.version == 2 || interval == master_interval_ || interval.count() == 0) {
        return;
    }
    detail(actions, "({}) advertisement interval updated from {}ms to {}ms by master", config_.name,
           master_interval_.count() / 1000, interval.count() / 1000);
    master_interval_ = interval;
}

/// Whether a lower master may stay because the preempt delay is not over; its first advert starts the delay.
bool VirtualRouter::delays_preemption(core::TimePoint now, Actions& actions) {
    if (config_.preempt_delay.count() == 0) {
        return false;
    }
    if (!preemption_allowed_) {
        preemption_allowed_ = now + config_.preempt_delay;
        log(actions, "({}) start preempt delay ({}.{:06})", config_.name, config_.preempt_delay.count() / 1'000'000,
            config_.preempt_delay.count() % 1'000'000);
    }
    return now < *preemption_allowed_;
}

void VirtualRouter::receive_as_master(const Advert& advert, core::TimePoint now, Actions& actions) {
    const bool may_log = packet_lines_.allow(now);
    if (advert.priority == 0) {
        if (may_log) {
            detail(actions, "({}) Master received priority 0 message", config_.name);
        }
        if (answers_.allow(now)) {
            send_own_advert(now, actions);
        }
        return;
    }
    if (advert.priority == priority_ && advert.source == source_) {
        if (may_log) {
            log(actions, "({}) WARNING - equal priority advert received from remote host with our IP address.",
                config_.name);
        }
        return;
    }
    if (advert.priority == kOwnerPriority && is_owner()) {
        if (may_log) {
            log(actions,
                "({}) CONFIGURATION ERROR: local instance and {} are both configured as address owner, please resolve",
                config_.name, advert.source);
        }
        meet_other_owner(advert, now, actions);
    }
    const bool equal = advert.priority == priority_;
    if (advert.priority < priority_ || (equal && advert.source < source_)) {
        if (may_log) {
            log(actions, "({}) Received advert from {} with lower priority {}, ours {}{}", config_.name, advert.source,
                advert.priority, priority_, config_.lower_prio_no_advert ? "" : ", forcing new election");
        }
        if (answers_.allow(now)) {
            answer(now, actions);
        }
        return;
    }
    if (config_.higher_prio_send_advert) {
        send_advert(priority_, actions);
    }
    if (equal) {
        log(actions, "({}) Master received advert from {} with same priority {} but higher IP address than ours",
            config_.name, advert.source, advert.priority);
    } else {
        log(actions, "({}) Master received advert from {} with higher priority {}, ours {}", config_.name,
            advert.source, advert.priority, priority_);
    }
    log(actions, "({}) Entering BACKUP STATE", config_.name);
    release(actions);
    learn_interval(advert, actions);
    enter_backup(now, master_down(), actions);
    record_master(advert.source, now, actions);
}

/// To a losing advert: so that its sender stops, and whoever has learned its addresses learns ours again.
void VirtualRouter::answer(core::TimePoint now, Actions& actions) {
    if (!config_.lower_prio_no_advert) {
        if (codec_.step_over_losing_advert() && packet_lines_.allow(now)) {
            log(actions, "({}) IPSEC-AH : Syncing seq_num - Increment seq", config_.name);
        }
        send_own_advert(now, actions);
    }
    ++losing_adverts_;
    announce_again(now, actions);
    actions.emplace_back(action::HeardLowerPriority{});
}

/// One with a higher address wins at once. One with a lower address should have stopped at our first answer; if it
/// goes on, it does not hear or heed us, and rather than be two we give in (3.5).
void VirtualRouter::meet_other_owner(const Advert& advert, core::TimePoint now, Actions& actions) {
    if (!(advert.source < source_)) {
        return;
    }
    if (!other_owner_ || other_owner_->source != advert.source) {
        const core::Duration longest = std::max(config_.advert_interval, advert.interval);
        other_owner_ = OtherOwner{advert.source, now, now, longest * 6 / 5};
        return;
    }
    other_owner_->last = now;
    if (now - other_owner_->first >= 2 * config_.advert_interval + other_owner_->patience) {
        fallen_before_ = advert.source;
        set_owner_fallen(true, now, actions);
    }
}

void VirtualRouter::forget_other_owner(core::TimePoint now, Actions& actions) {
    if (other_owner_ && now - other_owner_->last > other_owner_->patience) {
        other_owner_.reset();
        log(actions, "({}): rogue address owner appears to have stopped advertising", config_.name);
    }
}

/// The router that an accepted advert comes from. Rejected ones never get here (spec/vrrp.md 19, 11).
void VirtualRouter::record_master(const core::Address& source, core::TimePoint now, Actions& actions) {
    heard_master_ = true;
    if (master_address_ == source) {
        return;
    }
    noted_.reset();
    if (packet_lines_.allow(now)) {
        if (master_address_) {
            detail(actions, "({}) master changed from {} to {}", config_.name, *master_address_, source);
        } else {
            detail(actions, "({}) master set to {}", config_.name, source);
        }
    }
    master_address_ = source;
}

/// Each kind of finding is logged once until the master changes (2.6).
void VirtualRouter::note(const Finding& finding, const core::Address& source, core::TimePoint now, Actions& actions) {
    const auto kind = static_cast<std::size_t>(finding.check);
    if (!noted_[kind] && packet_lines_.allow(now)) {
        noted_.set(kind);
        log(actions, "{}", describe(finding, config_.name, config_.vrid, source));
    }
}

}  // namespace sustain::vrrp
