// The inside of a Director, for director.cpp and director_state.cpp only.
#pragma once

#include <set>
#include <string>

#include "ipvs/director.hpp"
#include "ipvs/globals.hpp"
#include "ipvs/mirror.hpp"
#include "ipvs/pools.hpp"
#include "ipvs/presence.hpp"
#include "netlink/turns.hpp"

namespace sustain::ipvs {

/// Its coroutines take a shared pointer to it, so that it is there as long as one of them is.
class Director::State {
public:
    using Self = std::shared_ptr<State>;

    State(core::Loop& loop, Config config, core::Generation generation, core::Duration audit_pause, Settings settings,
          Hooks hooks);

    core::Awaitable<core::Result<>> start(Self self);
    core::Awaitable<core::Result<>> reload(Self self, Config config, core::Generation generation, Settings settings);
    void verdict(const Self& self, const core::message::Verdict& said);
    void weight(const Self& self, core::Generation generation, std::uint32_t check, std::int32_t weight);
    void instance_state(const Self& self, std::string_view instance, bool master);
    core::Awaitable<> stop(Self self);
    void abandon();

    [[nodiscard]] const Pools& pools() const { return pools_; }

private:
    core::Awaitable<core::Result<>> bring_up(Self self);
    core::Awaitable<core::Result<>> bring_up_in_turn();
    core::Awaitable<> flush(Self self);
    core::Awaitable<> audit(Self self);
    core::Awaitable<> audit_some(std::vector<ServiceKey> keys);
    core::Awaitable<> examine(std::vector<ServiceKey> keys);
    core::Awaitable<> follow_instance(Self self);
    core::Awaitable<> settle_presence(Self self);
    core::Awaitable<> watch_first(Self self);
    core::Awaitable<> watch_addresses(Self self, std::unique_ptr<Presence> presence);

    void take(const Self& self, std::vector<Pools::Event> events);
    void note(const std::vector<Pools::Event>& events);
    void tell();
    void take_addresses(const std::set<core::Address>& addresses);
    void start_audit(const Self& self);
    [[nodiscard]] std::vector<ServiceKey> all_keys() const;
    [[nodiscard]] bool needs_ipvs() const { return !pools_.keys().empty() || settings_.lvs.sync_daemon.has_value(); }

    core::Loop& loop_;
    Settings settings_;
    Hooks hooks_;
    Pools pools_;
    std::unique_ptr<Mirror> mirror_;    // once IPVS is open
    std::unique_ptr<Globals> globals_;  // likewise
    netlink::Turns turns_;              // at both of them
    core::Duration audit_pause_;
    core::Timer audit_timer_;
    std::set<ServiceKey> dirty_;
    std::vector<Notice> untold_;
    std::set<std::string, std::less<>> masters_;
    core::TimePoint examined_{};  // when the last edit's service was read again
    bool flush_due_;              // what lvs_flush wants has not been done yet
    bool in_order_ = false;       // the kernel was read and corrected since the last change of configuration
    bool flush_is_coming_ = false;
    bool audit_runs_ = false;
    bool presence_known_ = false;
    bool reloaded_ = false;
    bool ended_ = false;
};

}  // namespace sustain::ipvs
