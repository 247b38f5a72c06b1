// One virtual router: the state machine of RFC 3768 6.4 and RFC 9568 6.4 as keepalived runs it (spec/vrrp.md 3 and 4).
// It knows no socket, no clock and no kernel: events come in with the time, actions come out. The daemon's child and
// test/sim drive the same class.
//
// Whoever drives it calls expire() when deadline() has come, and performs the actions in order. In a sync group
// (router_group.hpp) a router gives up by itself, but becomes MASTER and leaves FAULT or INIT only with its group.
#pragma once

#include <algorithm>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "vrrp/action.hpp"
#include "vrrp/advert_codec.hpp"
#include "vrrp/announcer.hpp"
#include "vrrp/config.hpp"
#include "vrrp/counters.hpp"
#include "vrrp/datagram.hpp"
#include "vrrp/finding.hpp"
#include "vrrp/rate_limit.hpp"
#include "vrrp/tracking.hpp"

namespace sustain::vrrp {

constexpr std::uint8_t kOwnerPriority = 255;

class VirtualRouter {
public:
    /// `mtu` of the interface bounds the number of advertised addresses (1.12). `wall_clock` is for auth_hmac.
    explicit VirtualRouter(Instance config, std::size_t mtu = kUsualMtu, AdvertCodec::WallClock wall_clock = nullptr);

    // --- What the machine says about the interfaces. Before start() it is only remembered. ---

    /// `up` is IFF_UP and IFF_RUNNING. Interfaces that do not matter here are ignored; all others are up until told.
    void interface_changed(std::string_view interface, bool up, core::TimePoint now, Actions& actions);
    /// The address that adverts come from; none: there is no usable one left.
    void source_changed(const std::optional<core::Address>& source, core::TimePoint now, Actions& actions);
    /// Somebody else has removed `prefix` from `interface`.
    void address_removed(std::string_view interface, const core::Prefix& prefix, core::TimePoint now, Actions& actions);

    /// What its trackers say now, all together. Before start() it is only remembered. The priority follows the weight
    /// at once (8.1), a fault or the end of the last one changes the state. `waiting` holds a router in INIT; one that
    /// has been started already is held in FAULT, but not taken there.
    void tracking_changed(const Tracking& tracking, core::TimePoint now, Actions& actions);

    // --- Life ---

    /// Leaves INIT. `resume`: an earlier process was MASTER a moment ago and its addresses are in place; scripts that
    /// have not reported in this process do not hold it.
    void start(bool resume, core::TimePoint now, Actions& actions);
    /// Another configuration of the same virtual router (same VRID, interface and family): state and timers go on.
    void reconfigure(Instance config, core::TimePoint now, Actions& actions);
    /// A reload, even one without a change, begins the delay before it preempts anew.
    void begin_preempt_delay_anew() { preemption_allowed_.reset(); }
    /// Until then it hears nothing, and timers that begin earlier begin then (vrrp_startup_delay). Before start().
    void delay_until(core::TimePoint end) { delayed_until_ = end; }
    /// For good: a MASTER says so with priority 0 and gives up its addresses.
    void stop(core::TimePoint now, Actions& actions);

    // --- Protocol ---

    /// A datagram whose addressed_vrid() is ours.
    void receive(const Datagram& datagram, core::TimePoint now, Actions& actions);
    void expire(core::TimePoint now, Actions& actions);
    [[nodiscard]] std::optional<core::TimePoint> deadline() const;

    // --- For its sync group ---

    /// From now on a group decides, or no longer: what it has held back then happens.
    void set_grouped(bool grouped, core::TimePoint now, Actions& actions);
    /// MASTER, or kept from it only by the group.
    [[nodiscard]] bool wishes_master() const { return state_ == State::master || wish_; }
    /// Whether it is in FAULT for a reason of its own, or would be if it had been started.
    [[nodiscard]] bool has_faults() const { return faulty(); }
    /// Whether it is held until its scripts have reported.
    [[nodiscard]] bool waits() const { return tracking_.waiting && !resume_ && state_ != State::master; }
    [[nodiscard]] bool resumes() const { return resume_; }
    [[nodiscard]] bool starts_as_master(core::TimePoint now) const {
        return begins_as_master() && now >= delayed_until_;
    }
    /// An owner in its startup delay: BACKUP until that is over, which nobody is told of.
    [[nodiscard]] bool awaits_mastership(core::TimePoint now) const {
        return begins_as_master() && now < delayed_until_;
    }
    void await_mastership();
    /// Whether it is BACKUP to somebody that it has heard.
    [[nodiscard]] bool follows_master() const { return state_ == State::backup && heard_master_; }
    /// Whether it went to BACKUP because of an address that somebody removed.
    [[nodiscard]] bool has_yielded() const { return yielded_; }
    /// Losing adverts so far that it has announced its addresses after.
    [[nodiscard]] unsigned losing_adverts() const { return losing_adverts_; }
    /// Goes to a state with the group (7.2): MASTER as if its own timer had expired, BACKUP without priority 0 and with
    /// a whole master down interval, FAULT with one priority 0.
    void follow(State state, core::TimePoint now, Actions& actions);
    /// A MASTER offers its place to others: priority 0, and BACKUP for the skew time.
    void yield(core::TimePoint now, Actions& actions);
    /// Announces the addresses as after a losing advert, where it is MASTER.
    void announce_again(core::TimePoint now, Actions& actions);

    // --- For others to see ---

    [[nodiscard]] const Instance& config() const { return config_; }
    [[nodiscard]] State state() const { return state_; }
    /// The effective priority: that of its adverts, 1-254, or 255 of the address owner. An owner that has found another
    /// one has 254.
    [[nodiscard]] std::uint8_t priority() const { return priority_; }
    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] const std::optional<core::Address>& source() const { return source_; }
    /// The last other router that was heard as MASTER.
    [[nodiscard]] const std::optional<core::Address>& master_address() const { return master_address_; }
    /// Everything that a MASTER holds: advertised addresses, then excluded ones, `device` filled in.
    [[nodiscard]] const std::vector<VirtualAddress>& addresses() const { return addresses_; }
    [[nodiscard]] const AdvertCodec& codec() const { return codec_; }
    /// So long a change of one of its interfaces may take to be believed (9.4): the others wait longer for its adverts.
    [[nodiscard]] core::Duration longest_link_delay() const;
    /// The reasons why it cannot serve that no tracker knows, a log line each.
    [[nodiscard]] std::vector<std::string> faults() const;
    /// Interfaces whose loss is a fault (8.7).
    [[nodiscard]] std::vector<std::string> interfaces() const;

private:
    struct Interface {
        std::string name;
        bool tracked = true;
        bool up = true;
    };
    /// Another address owner, with a lower address than ours.
    struct OtherOwner {
        core::Address source;
        core::TimePoint first;
        core::TimePoint last;
        core::Duration patience;  ///< after its last advert it has stopped
    };

    // virtual_router.cpp
    void derive();
    [[nodiscard]] bool begins_as_master() const { return is_owner() && config_.initial_state != State::backup; }
    [[nodiscard]] bool is_owner() const { return config_.priority == kOwnerPriority; }
    [[nodiscard]] core::Duration skew() const;
    [[nodiscard]] core::Duration master_down() const;
    [[nodiscard]] bool faulty() const;
    void update_priority(core::TimePoint now, Actions& actions);
    void faults_changed(core::TimePoint now, Actions& actions);
    void enter_fault(bool twice, core::TimePoint now, Actions& actions);
    void leave_init_or_fault(core::TimePoint now, Actions& actions);
    [[nodiscard]] core::TimePoint begin(core::TimePoint now) const { return std::max(now, delayed_until_); }
    void enter_backup(core::TimePoint now, core::Duration timeout, Actions& actions);
    void become_master(core::TimePoint now, Actions& actions);
    [[nodiscard]] bool gives_up_late(core::TimePoint now, Actions& actions);
    void set_owner_fallen(bool fallen, core::TimePoint now, Actions& actions);
    void release(Actions& actions);
    void change_state(State state, Actions& actions);
    void send_advert(std::uint8_t priority, Actions& actions);
    void send_own_advert(core::TimePoint now, Actions& actions);
    void send_priority_zero(Actions& actions);
    void announce(unsigned rounds, Actions& actions);
    void announce_source(Actions& actions);

    // virtual_router_receive.cpp
    void learn_interval(const Advert& advert, Actions& actions);
    void meet_other_owner(const Advert& advert, core::TimePoint now, Actions& actions);
    void forget_other_owner(core::TimePoint now, Actions& actions);
    void answer(core::TimePoint now, Actions& actions);
    void act_upon(const Advert& advert, core::TimePoint arrived, core::TimePoint now, Actions& actions);
    void receive_as_backup(const Advert& advert, core::TimePoint arrived, core::TimePoint now, Actions& actions);
    void receive_as_master(const Advert& advert, core::TimePoint now, Actions& actions);
    [[nodiscard]] bool delays_preemption(core::TimePoint now, Actions& actions);
    void record_master(const core::Address& source, core::TimePoint now, Actions& actions);
    void note(const Finding& finding, const core::Address& source, core::TimePoint now, Actions& actions);

    Instance config_;
    std::size_t mtu_;
    std::vector<VirtualAddress> addresses_;
    std::vector<Interface> interfaces_;
    AdvertCodec codec_;

    State state_ = State::init;
    bool held_ = false;     ///< started, but waiting in INIT for scripts or its group
    bool waited_ = false;   ///< started while scripts had not reported
    bool resume_ = false;   ///< started with addresses in place, not yet MASTER
    bool grouped_ = false;  ///< a sync group decides
    bool wish_ = false;     ///< BACKUP: the master down time is over, but not for the group
    bool yielded_ = false;
    bool heard_master_ = false;
    bool owner_fallen_ = false;  ///< to priority 254
    unsigned losing_adverts_ = 0;
    Tracking tracking_;
    std::uint8_t priority_ = 0;
    std::optional<core::Address> source_;  ///< the last one known
    bool has_source_ = false;              ///< whether it is still there
    std::optional<core::Address> master_address_;
    std::optional<core::TimePoint> timer_;  ///< BACKUP: master down. MASTER: next advert.
    std::optional<core::TimePoint> preemption_allowed_;
    core::TimePoint delayed_until_{};
    core::Duration master_interval_{};  ///< of the present MASTER's adverts, as far as we know
    std::uint8_t highest_heard_ = 0;    ///< priority of others
    core::TimePoint last_advert_{};     ///< of ours
    std::optional<OtherOwner> other_owner_;
    core::Address fallen_before_;  ///< the other owner that we have fallen to 254 before
    Announcer announcer_;
    Counters counters_;

    std::bitset<kChecks> noted_;  ///< findings in the log since the master last changed (2.6)
    RateLimit packet_lines_;      ///< log lines that other routers' adverts cause
    RateLimit answers_;           ///< adverts that answer losing adverts
};

}  // namespace sustain::vrrp
