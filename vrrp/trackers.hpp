// Everything that the virtual routers of this process track, connected to the machine: has the parent run scripts,
// watches files, hears of processes and interfaces, and tells each router's sum when it changes. The rules are those of
// ScriptTracker, ProcessTable and TrackBoard.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/channel.hpp"
#include "core/file_watcher.hpp"
#include "core/loop.hpp"
#include "netlink/link_table.hpp"
#include "vrrp/link_debounce.hpp"
#include "vrrp/process.hpp"
#include "vrrp/process_monitor.hpp"
#include "vrrp/process_table.hpp"
#include "vrrp/schedule.hpp"
#include "vrrp/script_tracker.hpp"
#include "vrrp/track_board.hpp"

namespace sustain::vrrp {

class Trackers {
public:
    /// Told of every change after configure(): the index of the instance and what its trackers amount to now.
    using ChangeHandler = std::function<void(std::uint32_t router, const Tracking& tracking)>;
    /// Whether somebody else logs the changes of an interface of this name.
    using InterfaceFilter = std::function<bool(const std::string& name)>;

    /// What is referred to must outlive it.
    Trackers(core::Loop& loop, const netlink::LinkTable& links, core::Channel& parent, ChangeHandler changed,
             InterfaceFilter logged_elsewhere);
    Trackers(const Trackers&) = delete;
    Trackers& operator=(const Trackers&) = delete;

    /// Takes over what a configuration tracks; results of what was tracked before stay. Afterwards tracking() is right
    /// for every router. The first time, /proc is read at once.
    void configure(const Config& config, const CommonSettings& common, core::Generation generation);

    [[nodiscard]] const Tracking& tracking(std::uint32_t router) const { return board_.tracking(router); }
    /// See TrackBoard::faults().
    [[nodiscard]] std::vector<std::string> faults(std::uint32_t router) const { return board_.faults(router); }

    /// The parent's answer to a request.
    void take(const core::message::CommandEnded& answer);
    /// What the monitor has heard.
    void take(const netlink::Change& change);
    /// What the BFD child says of a neighbour.
    void neighbor_changed(const std::string& name, bool up);

private:
    struct Script {
        explicit Script(const TrackScript& config, core::TimePoint now) : tracker(config, now) {}
        ScriptTracker tracker;
        std::uint32_t number = 0;  ///< in the configuration
    };
    struct File {
        std::string path;
        core::FileWatcher::Id watch = 0;
    };
    struct Interface {
        std::string name;
        LinkDebounce link{};
        int index = 0;       ///< 0: it is not there
        unsigned flags = 0;  ///< IFF_…, as last seen
    };

    // trackers.cpp
    void configure_scripts(const Config& config, Actions& lines);
    void configure_files(const std::vector<core::TrackFile>& files);
    void run_due();
    void run(const std::string& name, Script& script);
    void result(const std::string& name, Script& script);
    void file_changed(const std::string& name, const std::string& path, const std::string& text);
    void set(Tracked kind, const std::string& name, const TrackedStatus& status);
    static void write(const Actions& lines);

    // trackers_interfaces.cpp
    void configure_interfaces(const Config& config);
    void set_delay(Interface& interface, const LinkDelay& delay, const Config& config) const;
    void run_due_interfaces();
    void look_at(Interface& interface);

    // trackers_processes.cpp
    void configure_processes(const Config& config, const CommonSettings& common);
    void start_scan();
    core::Awaitable<> scan();
    core::Awaitable<> listen_to_processes();
    void take(const ProcessEvent& event, Actions& lines);
    void tell_processes(const Actions& lines);
    void set_process_timer();

    core::Loop& loop_;
    const netlink::LinkTable& links_;
    core::Channel& parent_;
    ChangeHandler changed_;
    InterfaceFilter logged_elsewhere_;
    core::Generation generation_ = 0;
    TrackBoard board_;
    bool configuring_ = false;  ///< whoever configures asks for all routers afterwards

    std::map<std::string, std::unique_ptr<Script>> scripts_;
    std::unordered_map<std::uint32_t, std::string> requests_;  ///< that the parent has not answered yet
    std::uint32_t last_request_ = 0;
    Schedule<Script*> schedule_;

    core::FileWatcher watcher_;
    std::map<std::string, File> files_;

    std::map<std::string, Interface> interfaces_;
    Schedule<Interface*> interface_schedule_;

    ProcessTable processes_;
    std::shared_ptr<ProcessMonitor> process_monitor_;
    core::Timer process_timer_;
    bool process_events_confirmed_ = false;
    bool scanning_ = false;
    bool scan_again_ = false;
};

}  // namespace sustain::vrrp
