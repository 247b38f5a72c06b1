#include "vrrp/router_group.hpp"

#include <algorithm>
#include <string_view>

#include "vrrp/log_action.hpp"

namespace sustain::vrrp {

namespace {

std::string_view word(State state) {
    return state == State::master ? "MASTER" : state == State::backup ? "BACKUP" : "FAULT";
}

}  // namespace

RouterGroup::RouterGroup(std::string name, std::vector<VirtualRouter*> members)
    : name_(std::move(name)), members_(std::move(members)), views_(members_.size()), size_(members_.size()) {}

RouterGroup::Outcome RouterGroup::form(core::TimePoint now) {
    Outcome outcome;
    for (std::size_t member = 0; member < members_.size(); ++member) {
        note(member);
    }
    level(now, outcome);
    return outcome;
}

RouterGroup::Outcome RouterGroup::changed(std::size_t member, core::TimePoint now) {
    Outcome outcome;
    const View before = views_[member];
    if (before == look(member)) {
        return outcome;
    }
    note(member);
    const View after = views_[member];
    if (before.faulty != after.faulty || before.waits != after.waits) {
        after_faults(member, now, outcome);
    } else if (state_ == State::master && before.state == State::master && after.state == State::backup) {
        if (members_[member]->has_yielded()) {
            yield_all(now, outcome);
            state_ = State::backup;  // for a moment that, as with keepalived, nobody is told of
            outcome.state = State::init;
            untold_ = true;
        } else {
            synchronise(member, State::backup, now, outcome);
        }
    } else if (state_ == State::backup && wishing_ == size_) {
        synchronise(member, State::master, now, outcome);
    }
    if (untold_ && state_ == State::backup && after.follows_master) {  // somebody has taken the offer
        outcome.state = State::backup;
        untold_ = false;
    }
    if (before.losing_adverts != after.losing_adverts) {
        announce_others(member, now, outcome);
    }
    return outcome;
}

bool RouterGroup::is_last(std::size_t member) const {
    return state_ == State::backup && wishing_ + (views_[member].wishes_master ? 0 : 1) == size_;
}

void RouterGroup::leave(std::size_t member) {
    count(views_[member], {});
    views_[member] = {};
    members_[member] = nullptr;
    --size_;
}

// --- Transitions ---

void RouterGroup::after_faults(std::size_t member, core::TimePoint now, Outcome& outcome) {
    if (faulty_ > 0) {
        if (state_ != State::fault) {
            synchronise(member, State::fault, now, outcome);
        }
    } else if (waiting_ == 0) {
        if (state_ == State::fault) {
            synchronise(member, State::backup, now, outcome);
        } else {
            level(now, outcome);  // the last script has reported
        }
    }
}

/// Whatever states the members are in, they get into one.
void RouterGroup::level(core::TimePoint now, Outcome& outcome) {
    std::optional<std::size_t> first;  // of those that are to be in step
    std::optional<std::size_t> fault;
    std::optional<std::size_t> master;
    bool all_begin = true;
    bool all_await = true;
    bool all_may_serve = true;
    for (std::size_t member = 0; member < members_.size(); ++member) {
        if (members_[member] == nullptr) {
            continue;
        }
        const VirtualRouter& router = *members_[member];
        const View& view = views_[member];
        fault = view.faulty && !fault ? member : fault;
        if (is_held(member)) {
            continue;
        }
        first = first ? first : member;
        master = view.state == State::master && !master ? member : master;
        all_begin &= view.state == State::init && (router.resumes() || router.starts_as_master(now));
        all_await &= view.state == State::init && router.awaits_mastership(now);
        all_may_serve &= view.state != State::fault && !router.follows_master();
    }
    if (fault) {
        synchronise(*fault, State::fault, now, outcome);
    } else if (!first) {
        began_waiting_ = true;
        return;  // all wait for scripts
    } else if (all_begin || (master && all_may_serve)) {
        synchronise(master.value_or(*first), State::master, now, outcome);
    } else if (all_await) {
        await_mastership(outcome);
    } else {
        yield_all(now, outcome);
        synchronise(*first, State::backup, now, outcome);
    }
}

/// Owners in their startup delay.
void RouterGroup::await_mastership(Outcome& outcome) {
    for (std::size_t member = 0; member < members_.size(); ++member) {
        if (members_[member] != nullptr) {
            outcome.steps.emplace_back(Step{member, {}});
            members_[member]->await_mastership();
            note(member);
        }
    }
    state_ = State::backup;
    untold_ = true;
}

/// Those that are MASTER offer their places to others.
void RouterGroup::yield_all(core::TimePoint now, Outcome& outcome) {
    for (std::size_t member = 0; member < members_.size(); ++member) {
        if (members_[member] != nullptr && views_[member].state == State::master) {
            Step& step = outcome.steps.emplace_back(Step{member, {}});
            members_[member]->yield(now, step.actions);
            note(member);
        }
    }
}

/// Whoever has taken the loser of one election for the MASTER does so with its whole group (5.3).
void RouterGroup::announce_others(std::size_t member, core::TimePoint now, Outcome& outcome) {
    for (std::size_t other = 0; other < members_.size(); ++other) {
        if (other != member && members_[other] != nullptr) {
            Step& step = outcome.steps.emplace_back(Step{other, {}});
            members_[other]->announce_again(now, step.actions);
        }
    }
}

/// `first` goes first, the others follow in order.
void RouterGroup::synchronise(std::size_t first, State state, core::TimePoint now, Outcome& outcome) {
    const State before = std::exchange(state_, state);
    move(first, state, now, outcome);
    Actions& lines = outcome.steps.back().actions;
    if (before != State::init || began_waiting_) {
        log(lines, "VRRP_Group({}) Syncing instances to {} state", name_, word(state));
    } else if (state == State::fault) {
        log(lines, "VRRP_Group({}): Syncing {} to FAULT state", name_, members_[first]->config().name);
    }
    began_waiting_ = false;
    for (std::size_t member = 0; member < members_.size(); ++member) {
        if (member != first && members_[member] != nullptr && (state == State::fault || !is_held(member))) {
            move(member, state, now, outcome);
        }
    }
    if (before != state) {
        outcome.state = state;
        untold_ = false;
    }
}

void RouterGroup::move(std::size_t member, State state, core::TimePoint now, Outcome& outcome) {
    Step& step = outcome.steps.emplace_back(Step{member, {}});
    members_[member]->follow(state, now, step.actions);
    note(member);
}

// --- Views ---

/// Newly started while somebody's scripts have not reported: waits for them, too.
bool RouterGroup::is_held(std::size_t member) const {
    return waiting_ > 0 && views_[member].state == State::init;
}

RouterGroup::View RouterGroup::look(std::size_t member) const {
    const VirtualRouter& router = *members_[member];
    return {router.state(), router.wishes_master(),  router.has_faults(),
            router.waits(), router.follows_master(), router.losing_adverts()};
}

void RouterGroup::note(std::size_t member) {
    const View before = std::exchange(views_[member], look(member));
    count(before, views_[member]);
}

void RouterGroup::count(const View& before, const View& after) {
    const auto replace = [](std::size_t& counter, bool was, bool is) {
        counter = counter + (is ? 1 : 0) - (was ? 1 : 0);
    };
    replace(wishing_, before.wishes_master, after.wishes_master);
    replace(faulty_, before.faulty, after.faulty);
    replace(waiting_, before.waits, after.waits);
}

}  // namespace sustain::vrrp
