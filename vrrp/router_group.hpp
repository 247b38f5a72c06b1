// A sync group: virtual routers that change state as one (spec/vrrp.md 7). It follows its slowest member up and its
// first one down: MASTER once every member's master down time is over, FAULT as long as one has a fault.
//
// It knows no more of the world than VirtualRouter does. Whoever drives the routers calls changed() after everything
// that was done to a member, and performs what it answers. Members stand in the order of the configuration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vrrp/virtual_router.hpp"

namespace sustain::vrrp {

class RouterGroup {
public:
    struct Step {
        std::size_t member = 0;
        Actions actions;
    };
    struct Outcome {
        std::vector<Step> steps;  ///< to be performed in this order, each for its member
        /// The group's new state, to be told after them. INIT: it has left its last one for a moment that is not told
        /// of; the next state is, even if it is the last one again.
        std::optional<State> state{};
    };

    /// The members outlive the group, or leave it. Nothing happens before form().
    RouterGroup(std::string name, std::vector<VirtualRouter*> members);

    /// At the start, and when a reload has made another group of running routers: brings its members, each of them
    /// grouped and started, to one state. A fault of one counts for all. One that is MASTER, or was a moment ago
    /// (`resume`), takes those along that have heard no better router; else it gives in with priority 0. Owners begin
    /// as MASTER where all are. Members whose scripts have not reported hold back all that have not served yet.
    [[nodiscard]] Outcome form(core::TimePoint now);

    /// Something was done to a member, and its own actions have been performed.
    [[nodiscard]] Outcome changed(std::size_t member, core::TimePoint now);

    /// Whether the group becomes MASTER when the down timer of this member fires: what the others have not read yet
    /// should be read before.
    [[nodiscard]] bool is_last(std::size_t member) const;

    /// The member goes away; what that means for the others is for the group to say that is formed next.
    void leave(std::size_t member);

    [[nodiscard]] const std::string& name() const { return name_; }
    void rename(std::string name) { name_ = std::move(name); }
    [[nodiscard]] State state() const { return state_; }
    /// Null: has left.
    [[nodiscard]] const std::vector<VirtualRouter*>& members() const { return members_; }

private:
    /// What we have seen of a member.
    struct View {
        State state = State::init;
        bool wishes_master = false;
        bool faulty = false;
        bool waits = false;
        bool follows_master = false;
        unsigned losing_adverts = 0;

        bool operator==(const View&) const = default;
    };

    [[nodiscard]] View look(std::size_t member) const;
    void note(std::size_t member);
    void count(const View& before, const View& after);
    [[nodiscard]] bool is_held(std::size_t member) const;
    void move(std::size_t member, State state, core::TimePoint now, Outcome& outcome);
    /// All members but the first mover go to `state` in order; the first one goes before.
    void synchronise(std::size_t first, State state, core::TimePoint now, Outcome& outcome);
    void announce_others(std::size_t member, core::TimePoint now, Outcome& outcome);
    void await_mastership(Outcome& outcome);
    void yield_all(core::TimePoint now, Outcome& outcome);
    void after_faults(std::size_t member, core::TimePoint now, Outcome& outcome);
    void level(core::TimePoint now, Outcome& outcome);

    std::string name_;
    std::vector<VirtualRouter*> members_;
    std::vector<View> views_;
    State state_ = State::init;
    bool began_waiting_ = false;  ///< in INIT until scripts have reported
    bool untold_ = false;         ///< BACKUP for a moment that nobody has been told of
    std::size_t size_;            ///< without those that have left
    // Of the views: how many of each.
    std::size_t wishing_ = 0;
    std::size_t faulty_ = 0;
    std::size_t waiting_ = 0;
};

}  // namespace sustain::vrrp
