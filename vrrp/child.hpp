// The VRRP child: starts the virtual routers of the configuration, listens to the kernel, the parent and signals, takes
// over a new configuration, and ends in an orderly way.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "core/channel.hpp"
#include "core/signals.hpp"
#include "netlink/monitor.hpp"
#include "netlink/request_socket.hpp"
#include "vrrp/local_reports.hpp"
#include "vrrp/process.hpp"
#include "vrrp/routers.hpp"
#include "vrrp/trackers.hpp"

namespace sustain::vrrp {

/// Exit statuses (spec/cli.md 5.1). After `restart` the parent starts a new child, which goes on where this one was.
enum class ExitStatus : int { normal = 0, failure = 1, configuration = 2, permission = 4, restart = 70 };

class Child {
public:
    Child(core::Loop& loop, Start start);

    /// Runs the loop until the end. \return the exit status of the process.
    [[nodiscard]] ExitStatus run();

private:
    // child.cpp
    core::Awaitable<> live();
    core::Result<> prepare();
    void report(std::uint32_t index, const VirtualRouter& router, const Action& news);
    void report_state(std::uint32_t index, State state, std::uint8_t priority);
    void report_group(std::uint32_t index, State state);
    /// Names of those that are in a sync group; views of `config`.
    [[nodiscard]] static std::unordered_set<std::string_view> grouped_instances(const Config& config);
    void tracking_changed(std::uint32_t index, const Tracking& tracking);
    void add_router(std::uint32_t index, bool resume, bool grouped);
    void log_faults(std::uint32_t index, const VirtualRouter& router) const;
    [[nodiscard]] bool can_serve(const Config& config) const;
    [[nodiscard]] bool interfaces_exist() const;
    void start_routers();
    void configure_machine();
    core::Awaitable<> listen_to_parent();
    core::Awaitable<> listen_to_signals();
    core::Awaitable<> listen_to_kernel();
    core::Awaitable<> stop();
    void end(ExitStatus status);

    // child_reload.cpp
    void reload(core::Generation generation, core::UniqueFd text);
    core::Awaitable<> work_off_reloads();
    core::Awaitable<> apply(Configuration configuration, core::Generation generation);
    void report_states();

    struct Reload {
        core::Generation generation = 0;
        core::UniqueFd text;
    };

    core::Loop& loop_;
    core::Channel channel_;
    Config config_;
    CommonSettings common_;
    core::Generation generation_;
    Reparse reparse_;
    std::vector<std::string> resume_as_master_;
    LocalReports local_reports_;
    std::vector<VirtualAddress> left_over_;
    bool release_on_stop_;
    bool ignore_sigint_;
    bool restarted_;
    core::Signals signals_;

    std::unique_ptr<netlink::Monitor> monitor_;
    std::unique_ptr<netlink::RequestSocket> kernel_;
    std::unique_ptr<AnnouncementSender> announcements_;
    std::unique_ptr<AddressManager> addresses_;
    std::unique_ptr<Routers> routers_;
    std::unique_ptr<Trackers> trackers_;

    std::optional<Reload> waiting_reload_;
    bool reloading_ = false;
    bool applying_ = false;  ///< the routers' indices are of two configurations
    bool stopping_ = false;
    ExitStatus status_ = ExitStatus::failure;
};

}  // namespace sustain::vrrp
