// What a sync group asks of its members (spec/vrrp.md 7).
#include "vrrp/log_action.hpp"
#include "vrrp/virtual_router.hpp"

namespace sustain::vrrp {

void VirtualRouter::set_grouped(bool grouped, core::TimePoint now, Actions& actions) {
    grouped_ = grouped;
    if (!grouped && !faulty()) {
        leave_init_or_fault(now, actions);  // the others' faults are none of ours any more
    }
}

void VirtualRouter::await_mastership() {
    held_ = false;
    state_ = State::backup;
    timer_ = delayed_until_;
}

void VirtualRouter::follow(State state, core::TimePoint now, Actions& actions) {
    if (state == state_) {
        return;
    }
    switch (state) {
        case State::master: become_master(now, actions); break;
        case State::fault:
            log(actions, "({}) {}", config_.name, held_ ? "entering FAULT state" : "Entering FAULT STATE");
            enter_fault(false, now, actions);
            break;
        case State::backup: {
            const bool first = held_ && !waited_;
            announce_source(actions);
            log(actions, "({}) Entering BACKUP STATE{}", config_.name, first ? " (init)" : "");
            if (state_ == State::master) {
                release(actions);
            } else {
                master_interval_ = config_.advert_interval;
            }
            enter_backup(now, first && begins_as_master() ? core::Duration{} : master_down(), actions);
            break;
        }
        case State::init: break;
    }
}

void VirtualRouter::yield(core::TimePoint now, Actions& actions) {
    if (state_ != State::master) {
        return;
    }
    // Another router may take over now; if none does, we put everything back after the skew time.
    log(actions, "({}) Entering BACKUP STATE", config_.name);
    send_priority_zero(actions);
    release(actions);
    enter_backup(now, skew(), actions);
    yielded_ = true;
}

void VirtualRouter::announce_again(core::TimePoint now, Actions& actions) {
    if (state_ == State::master) {
        announce(announcer_.losing_advert(now), actions);
    }
}

}  // namespace sustain::vrrp
