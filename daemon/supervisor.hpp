// The parent at work: starts the children and starts them again, hears what they report, owns IPVS, reloads, stops.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/condition.hpp"
#include "core/loop.hpp"
#include "daemon/checker_watch.hpp"
#include "daemon/child.hpp"
#include "daemon/command_desk.hpp"
#include "daemon/notifier.hpp"
#include "daemon/options.hpp"
#include "daemon/parts.hpp"
#include "daemon/pid_file.hpp"
#include "daemon/ping_group_range.hpp"
#include "daemon/respawn_delay.hpp"
#include "daemon/script_runner.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/vrrp_notices.hpp"
#include "ipvs/director.hpp"
#include "parser/config.hpp"
#include "parser/loader.hpp"

namespace sustain::daemon {

class Supervisor {
public:
    Supervisor(core::Loop& loop, const Options& options, parser::Config config, const ServiceManager& service_manager);

    /// Gives a child its locked pid file.
    void own_pid_file(Part part, PidFile file);

    /// Runs until the daemon is to end, and yields its exit status (spec/cli.md section 5.1). When it returns, the
    /// children are gone and IPVS is clean.
    [[nodiscard]] core::Awaitable<int> run();

private:
    /// One of the two places for a child.
    struct Place {
        explicit Place(Part its_part) : part(its_part) {}

        Part part;
        std::shared_ptr<Child> child;       ///< empty while there is none
        std::unique_ptr<CommandDesk> desk;  ///< what runs for the child
        std::optional<PidFile> pid_file;
        RespawnDelay respawn_delay;
        core::Generation ready = 0;  ///< the generation that the child last reported to be in force
        bool wanted = false;         ///< the configuration asks for it
        bool kept = false;           ///< keep_running() is at work
        bool served = false;         ///< a child has been ready here
        bool heard = false;          ///< listen() is at work
    };

    core::Awaitable<> watch_signals();
    core::Awaitable<> keep_running(Place& place);
    core::Awaitable<> listen(Place& place, std::shared_ptr<Child> child);
    core::Awaitable<> reload();
    core::Awaitable<> reload_once();
    core::Awaitable<std::optional<parser::Outcome>> read_anew();
    core::Awaitable<> stop_children();
    core::Awaitable<> watch_checker();

    void take_signal(int number);
    void reap_ended_orphans() const;
    void begin_reload();
    void request_stop(int status);
    [[nodiscard]] bool serves_virtual_servers() const;
    [[nodiscard]] bool uses_ipvs() const;
    [[nodiscard]] ipvs::Settings settings_of_ipvs() const;
    void suspend_all();
    static void rest_without_script(const checker::Config& config, std::vector<bool>& resting);
    void suspend(std::uint32_t check, bool rests);
    void note_ipvs(const core::Result<>& outcome);
    void start_wanted_children();
    bool start(Place& place, core::Duration dead_for);
    void lock_pid_file(Place& place) const;
    /// What to do about a child that ended by itself: nothing means that the daemon is to stop.
    [[nodiscard]] std::optional<core::Duration> respawn_after(Place& place, Child::Exit exit, const Child& child);
    [[nodiscard]] Inheritance inheritance(Part part, core::Duration dead_for) const;
    /// \return whether the message is one that this child may send.
    [[nodiscard]] bool take(Place& place, const core::Message& message);
    bool take_from_checker(const core::Message& message);
    void note_overdue(const core::message::Overdue& report);
    void forget_states_of_others();
    void hand_over(Place& place, const std::string& text);
    void all_ready();
    void record_state(const core::message::InstanceState& report);

    // supervisor_scripts.cpp
    core::Awaitable<> run_own_script(std::string_view which, core::Command command, core::Duration timeout);
    core::Awaitable<> end_scripts();
    [[nodiscard]] std::unique_ptr<CommandDesk> open_desk(const Place& place);
    [[nodiscard]] std::optional<Runnable> runnable(Part part, std::uint32_t number) const;

    // supervisor_notify.cpp
    void configure_notifications();
    bool tell(const core::Message& message);
    void tell(const ipvs::Notice& said);
    core::Awaitable<> hear_last_words(Place& place);

    [[nodiscard]] Place& place(Part part) { return places_[static_cast<std::size_t>(part)]; }

    core::Loop& loop_;
    const Options& options_;
    const ServiceManager& service_manager_;
    parser::Config config_;
    core::Generation generation_ = 1;
    ScriptRunner scripts_;
    Notifier notifier_;
    VrrpNotices vrrp_notices_;
    ipvs::Director director_;
    bool ipvs_in_use_ = false;     ///< the director has been started
    bool anything_rests_ = false;  ///< the checker may have been told that a check has to rest
    std::array<Place, 2> places_;
    std::map<std::string, vrrp::State, std::less<>> instance_states_;  ///< by name, as last reported

    PingGroupRange ping_group_range_;
    CheckerWatch checker_watch_;
    CheckerWatch::State checker_state_ = CheckerWatch::State::absent;  ///< as last told
    /// What earlier configurations may have put on interfaces, until a child has the present one in force.
    std::vector<vrrp::VirtualAddress> left_over_;

    core::Condition changed_;  ///< something that run() waits for may be true now
    bool stop_requested_ = false;
    int exit_status_ = 0;
    bool reloading_ = true;  ///< also while starting: a reload has to wait until everything is in place
    bool reload_queued_ = false;
    bool announced_ready_ = false;  ///< "Startup complete" or "Reload complete" has been said for generation_
};

}  // namespace sustain::daemon
