// How Trackers learns of processes: from the kernel's messages, and from a look at /proc at start and whenever messages
// have been lost.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

#include "vrrp/trackers.hpp"

namespace sustain::vrrp {

namespace {

// So many processes are looked at between two turns of the event loop: about a millisecond.
constexpr std::size_t kProcessesAStep = 50;
// Between two looks at all of them, should messages be lost all the time.
constexpr auto kScanPause = std::chrono::milliseconds(200);

}  // namespace

void Trackers::configure_processes(const Config& config, const CommonSettings& common) {
    std::vector<TrackProcess> wanted;
    for (const TrackProcess& process : config.track_processes) {
        const bool first = std::ranges::find(wanted, process.name, &TrackProcess::name) == wanted.end();
        if (first && board_.is_tracked(Tracked::process, process.name)) {
            wanted.push_back(process);
        }
    }
    if (wanted == processes_.tracked()) {
        return;
    }
    for (const TrackProcess& process : processes_.tracked()) {
        board_.forget(Tracked::process, process.name);
    }
    const bool first_time = processes_.tracked().empty() && !process_monitor_;
    processes_.configure(std::move(wanted));
    for (const TrackProcess& process : processes_.tracked()) {
        if (board_.status(Tracked::process, process.name).known != TrackedStatus::Known::up) {
            set(Tracked::process, process.name, {.known = TrackedStatus::Known::waiting});
        }
    }
    if (processes_.tracked().empty()) {
        if (process_monitor_) {
            process_monitor_->close();
            process_monitor_.reset();
        }
        return;
    }
    if (!process_monitor_) {
        auto monitor =
            ProcessMonitor::open(loop_, common.netlink.process_monitor, common.netlink.process_monitor_force);
        if (monitor) {
            process_monitor_ = std::move(*monitor);
            core::spawn(loop_, "process events", listen_to_processes());
        } else {
            core::log::error("{}", monitor.error().what);
        }
    }
    if (!first_time) {
        start_scan();  // in steps: adverts are to leave on time
        return;
    }
    Actions lines;
    processes_.begin_scan();
    ProcessScan all;
    for (auto pids = all.step(kProcessesAStep); !pids.empty(); pids = all.step(kProcessesAStep)) {
        for (const pid_t pid : pids) {
            if (const auto facts = read_process(pid, processes_.wants_command_lines())) {
                processes_.found(pid, *facts);
            }
        }
    }
    processes_.end_scan(core::now(), lines);
    tell_processes(lines);
}

void Trackers::start_scan() {
    if (scanning_) {
        scan_again_ = true;
        return;
    }
    scanning_ = true;
    core::spawn(loop_, "the look at all processes", scan());
}

core::Awaitable<> Trackers::scan() {
    for (;;) {
        scan_again_ = false;
        processes_.begin_scan();
        ProcessScan all;
        for (auto pids = all.step(kProcessesAStep); !pids.empty(); pids = all.step(kProcessesAStep)) {
            for (const pid_t pid : pids) {
                if (const auto facts = read_process(pid, processes_.wants_command_lines())) {
                    processes_.found(pid, *facts);
                }
            }
            co_await core::asio::post(loop_, core::asio::use_awaitable);
        }
        Actions lines;
        processes_.end_scan(core::now(), lines);
        tell_processes(lines);
        if (!scan_again_) {
            break;
        }
        core::Timer pause(loop_, kScanPause);
        co_await pause.async_wait(core::as_tuple_awaitable);
    }
    scanning_ = false;
}

core::Awaitable<> Trackers::listen_to_processes() {
    const std::shared_ptr<ProcessMonitor> mine = process_monitor_;
    while (process_monitor_ == mine) {
        auto events = co_await mine->next();
        if (process_monitor_ != mine) {
            co_return;  // nothing is tracked any more
        }
        if (!events && events.error().code == ENOBUFS) {
            core::log::info(
                "Messages of the kernel about processes have been lost: looking at all processes "
                "(process_monitor_rcv_bufs makes room for more)");
            start_scan();
        } else if (!events) {
            core::log::error("{}", events.error().what);
            co_return;
        } else {
            Actions lines;
            for (const ProcessEvent& event : *events) {
                take(event, lines);
            }
            tell_processes(lines);
        }
        co_await core::asio::post(loop_, core::asio::use_awaitable);  // others have something to do, too
    }
}

void Trackers::take(const ProcessEvent& event, Actions& lines) {
    const core::TimePoint now = core::now();
    switch (event.kind) {
        case ProcessEvent::Kind::confirmed:
            if (event.error != 0) {
                core::log::error("proc_events: the kernel refuses them: {}", std::strerror(event.error));
            } else if (!std::exchange(process_events_confirmed_, true)) {
                core::log::detail("proc_events has confirmed it is configured");
            }
            return;
        case ProcessEvent::Kind::fork: processes_.forked(event.parent, event.pid, now, lines); return;
        case ProcessEvent::Kind::changed:
            processes_.changed(event.pid,
                               read_process(event.pid, processes_.wants_command_lines()).value_or(ProcessFacts{}), now,
                               lines);
            return;
        case ProcessEvent::Kind::exit: processes_.ended(event.pid, now, lines); return;
    }
}

void Trackers::tell_processes(const Actions& lines) {
    write(lines);
    if (processes_.scanned()) {
        for (ProcessTable::Number number = 0; number < processes_.tracked().size(); ++number) {
            set(Tracked::process, processes_.tracked()[number].name,
                {.known = processes_.up(number) ? TrackedStatus::Known::up : TrackedStatus::Known::down});
        }
    }
    set_process_timer();
}

void Trackers::set_process_timer() {
    const auto deadline = processes_.deadline();
    if (!deadline) {
        process_timer_.cancel();
        return;
    }
    process_timer_.expires_at(*deadline);
    process_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) {
            Actions lines;
            processes_.expire(core::now(), lines);
            tell_processes(lines);
        }
    });
}

}  // namespace sustain::vrrp
