// What a received advert does to a virtual router (RFC 3768 6.4.2 and 6.4.3, spec/vrrp.md 2.5 and 3.3 to 3.5).
//
// A rejected advert touches no timer. Neither does a losing one, except that a MASTER answers it, which opens a new
// interval: nothing that others send can make two adverts of a MASTER lie further apart than its interval.
#include "vrrp/intervals.hpp"
#include "vrrp/log_action.hpp"
#include "vrrp/virtual_router.hpp"

namespace sustain::vrrp {

void VirtualRouter::receive(const Datagram& datagram, core::TimePoint now, Actions& actions) {
    if (state_ != State::backup && state_ != State::master) {
        return;
    }
    const auto advert = validate(datagram, expectation_);
    if (!advert) {
        counters_.count(advert.error().check);
        note(advert.error(), datagram.source, actions);
        return;
    }
    ++counters_.received;
    if (advert->priority == 0) {
        ++counters_.priority_zero_received;
    }
    if (state_ == State::backup) {
        receive_as_backup(*advert, now, actions);
    } else {
        receive_as_master(*advert, now, actions);
    }
    // After the transition: a new master's other addresses are news.
    if (const auto finding = compare_addresses(*advert, expectation_)) {
        counters_.count(finding->check);
        note(*finding, datagram.source, actions);
    }
}

void VirtualRouter::receive_as_backup(const Advert& advert, core::TimePoint now, Actions& actions) {
    if (advert.priority == 0) {
        if (packet_lines_.allow(now)) {
            detail(actions, "({}) Backup received priority 0 advertisement", config_.name);
        }
        timer_ = now + skew_time(priority());
        return;
    }
    const bool higher = advert.priority >= priority();
    if (higher && preemption_allowed_) {
        preemption_allowed_.reset();
        log(actions, "({}) stop preempt delay", config_.name);
    }
    if (higher || !config_.preempt || delays_preemption(now, actions)) {
        timer_ = now + master_down();
        record_master(advert.source, now, actions);
    } else if (packet_lines_.allow(now)) {
        log(actions, "({}) received lower priority ({}) advert from {} - discarding", config_.name, advert.priority,
            advert.source);
    }
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
    const bool equal = advert.priority == priority();
    if (equal && advert.source == source_) {
        if (may_log) {
            log(actions, "({}) WARNING - equal priority advert received from remote host with our IP address.",
                config_.name);
        }
        return;
    }
    if (equal && is_owner() && may_log) {
        log(actions,
            "({}) CONFIGURATION ERROR: local instance and {} are both configured as address owner, please resolve",
            config_.name, advert.source);
    }
    if (advert.priority < priority() || (equal && advert.source < source_)) {
        if (may_log) {
            log(actions, "({}) Received advert from {} with lower priority {}, ours {}, forcing new election",
                config_.name, advert.source, advert.priority, priority());
        }
        if (answers_.allow(now)) {
            send_own_advert(now, actions);
            announce(announcer_.losing_advert(now), actions);
        }
        return;
    }
    if (equal) {
        log(actions, "({}) Master received advert from {} with same priority {} but higher IP address than ours",
            config_.name, advert.source, advert.priority);
    } else {
        log(actions, "({}) Master received advert from {} with higher priority {}, ours {}", config_.name,
            advert.source, advert.priority, priority());
    }
    log(actions, "({}) Entering BACKUP STATE", config_.name);
    release(actions);
    enter_backup(now, master_down(), actions);
    record_master(advert.source, now, actions);
}

/// The router that an accepted advert comes from. Rejected ones never get here (spec/vrrp.md 19, 11).
void VirtualRouter::record_master(const core::Address& source, core::TimePoint now, Actions& actions) {
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
void VirtualRouter::note(const Finding& finding, const core::Address& source, Actions& actions) {
    const auto kind = static_cast<std::size_t>(finding.check);
    if (!noted_[kind]) {
        noted_.set(kind);
        log(actions, "{}", describe(finding, config_.name, config_.vrid, source));
    }
}

}  // namespace sustain::vrrp
