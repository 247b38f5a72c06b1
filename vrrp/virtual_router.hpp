// One virtual router: the state machine of RFC 3768 6.4 as keepalived runs it (spec/vrrp.md 3 and 4). It knows no
// socket, no clock and no kernel: events come in with the time, actions come out. The daemon's child and test/sim
// drive the same class.
//
// Whoever drives it calls expire() when deadline() has come, and performs the actions in order.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "vrrp/action.hpp"
#include "vrrp/announcer.hpp"
#include "vrrp/config.hpp"
#include "vrrp/counters.hpp"
#include "vrrp/datagram.hpp"
#include "vrrp/rate_limit.hpp"
#include "vrrp/tracking.hpp"
#include "vrrp/validation.hpp"

namespace sustain::vrrp {

constexpr std::uint8_t kOwnerPriority = 255;
constexpr std::size_t kUsualMtu = 1500;

class VirtualRouter {
public:
    /// `mtu` of the interface bounds the number of advertised addresses (1.12).
    explicit VirtualRouter(Instance config, std::size_t mtu = kUsualMtu);

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
    /// For good: a MASTER says so with priority 0 and gives up its addresses.
    void stop(core::TimePoint now, Actions& actions);

    // --- Protocol ---

    /// A datagram whose addressed_vrid() is ours.
    void receive(const Datagram& datagram, core::TimePoint now, Actions& actions);
    void expire(core::TimePoint now, Actions& actions);
    [[nodiscard]] std::optional<core::TimePoint> deadline() const;

    // --- For others to see ---

    [[nodiscard]] const Instance& config() const { return config_; }
    [[nodiscard]] State state() const { return state_; }
    /// The effective priority: that of its adverts, 1-254, or 255 of the address owner.
    [[nodiscard]] std::uint8_t priority() const { return priority_; }
    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] const std::optional<core::Address>& source() const { return source_; }
    /// The last other router that was heard as MASTER.
    [[nodiscard]] const std::optional<core::Address>& master_address() const { return master_address_; }
    /// Everything that a MASTER holds: advertised addresses, then excluded ones, `device` filled in.
    [[nodiscard]] const std::vector<VirtualAddress>& addresses() const { return addresses_; }
    /// Interfaces whose loss is a fault (8.7).
    [[nodiscard]] std::vector<std::string> interfaces() const;

private:
    struct Interface {
        std::string name;
        bool up = true;
    };

    // virtual_router.cpp
    void derive();
    [[nodiscard]] bool is_owner() const { return config_.priority == kOwnerPriority; }
    [[nodiscard]] core::Duration master_down() const;
    [[nodiscard]] bool faulty() const;
    void update_priority(core::TimePoint now, Actions& actions);
    void faults_changed(core::TimePoint now, Actions& actions);
    void enter_backup(core::TimePoint now, core::Duration timeout, Actions& actions);
    void become_master(core::TimePoint now, Actions& actions);
    void release(Actions& actions);
    void change_state(State state, Actions& actions);
    void send_advert(std::uint8_t priority, Actions& actions);
    void send_own_advert(core::TimePoint now, Actions& actions);
    void send_priority_zero(Actions& actions);
    void announce(unsigned rounds, Actions& actions);

    // virtual_router_receive.cpp
    void receive_as_backup(const Advert& advert, core::TimePoint now, Actions& actions);
    void receive_as_master(const Advert& advert, core::TimePoint now, Actions& actions);
    [[nodiscard]] bool delays_preemption(core::TimePoint now, Actions& actions);
    void record_master(const core::Address& source, core::TimePoint now, Actions& actions);
    void note(const Finding& finding, const core::Address& source, Actions& actions);

    Instance config_;
    std::size_t mtu_;
    std::vector<VirtualAddress> addresses_;
    std::vector<Interface> interfaces_;
    Expectation expectation_;

    State state_ = State::init;
    bool held_ = false;  ///< started, but waiting for scripts in INIT
    Tracking tracking_;
    std::uint8_t priority_ = 0;
    std::optional<core::Address> source_;  ///< the last one known
    bool has_source_ = false;              ///< whether it is still there
    std::optional<core::Address> master_address_;
    std::optional<core::TimePoint> timer_;  ///< BACKUP: master down. MASTER: next advert.
    std::optional<core::TimePoint> preemption_allowed_;
    Announcer announcer_;
    std::uint16_t identification_ = 0;
    Counters counters_;

    std::bitset<kChecks> noted_;  ///< findings in the log since the master last changed (2.6)
    RateLimit packet_lines_;      ///< log lines that other routers' adverts cause
    RateLimit answers_;           ///< adverts that answer losing adverts
};

}  // namespace sustain::vrrp
