#include "daemon/supervisor.hpp"

#include <sys/wait.h>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <iterator>

#include "core/signals.hpp"
#include "daemon/diagnostics.hpp"
#include "daemon/environments.hpp"
#include "daemon/first_findings.hpp"
#include "daemon/fixed_settings.hpp"
#include "daemon/ipvs_settings.hpp"
#include "daemon/orphans.hpp"
#include "daemon/text_memory.hpp"
#include "daemon/umask.hpp"
#include "parser/loader.hpp"
#include "vrrp/process.hpp"

namespace sustain::daemon {

namespace {

using namespace std::chrono_literals;

// How long children may take to stop before they are killed (child_wait_time, spec/cli.md section 13).
constexpr core::Duration kChildWaitTime = 5s;

// A child that ended cleanly without being asked was probably told to, along with us, by somebody who stops all
// processes at once (systemd does). Our own signal then arrives within this time.
constexpr core::Duration kOwnSignalDelay = 100ms;

constexpr int kMissingPrivilege = 4;  // exit status of a child, spec/cli.md section 5.1

// How many lines of a new configuration the parent reads between two turns of its event loop.
constexpr std::size_t kLinesPerTurn = 1000;

}  // namespace

Supervisor::Supervisor(core::Loop& loop, const Options& options, parser::Config config,
                       const ServiceManager& service_manager)
    : loop_(loop),
      options_(options),
      service_manager_(service_manager),
      config_(std::move(config)),
      scripts_(loop),
      notifier_(loop, scripts_, options),
      vrrp_notices_([this](Notice notice) { notifier_.deliver(std::move(notice)); }),
      director_(loop, with_first_findings(config_.ipvs, config_.checker), generation_, ipvs::kAuditPause,
                settings_of_ipvs(),
                {.notice = [this](const ipvs::Notice& said) { tell(said); },
                 .suspend = [this](std::uint32_t check, bool rests) { suspend(check, rests); }}),
      places_{Place(Part::checker), Place(Part::vrrp)},
      changed_(loop) {}

void Supervisor::own_pid_file(Part part, PidFile file) {
    place(part).pid_file = std::move(file);
}

core::Awaitable<int> Supervisor::run() {
    core::spawn(loop_, "signal handling", watch_signals());
    core::spawn(loop_, "the state of the checker", watch_checker());
    if (options_.parts.vrrp && (config_.has_vrrp || options_.parts.always)) {
        place(Part::vrrp).wanted = true;
    }
    if (config_.global.processes.max_auto_priority.value_or(0) == 0) {
        core::log::write(
            LOG_NOTICE,
            "NOTICE: setting config option max_auto_priority should result in better keepalived performance");
    }
    const core::ScriptSettings& own = config_.global.scripts;
    co_await run_own_script("startup", own.startup, own.startup_timeout);
    configure_notifications();
    start_wanted_children();
    if (uses_ipvs()) {
        ipvs_in_use_ = true;
        note_ipvs(co_await director_.start());
    }
    start_wanted_children();
    reloading_ = false;
    all_ready();
    if (reload_queued_) {
        begin_reload();
    }
    while (!stop_requested_) {
        co_await changed_.wait();
    }
    core::log::info("Stopping");
    while (reloading_) {
        co_await changed_.wait();
    }
    service_manager_.stopping();
    co_await stop_children();
    ping_group_range_.restore();
    if (options_.release_ipvs) {
        co_await director_.stop();  // nothing to do where IPVS could not be opened
    }
    co_await notifier_.finish();
    co_await end_scripts();
    const core::ScriptSettings& last = config_.global.scripts;
    co_await run_own_script("shutdown", last.shutdown, last.shutdown_timeout);
    co_return exit_status_;
}

core::Awaitable<> Supervisor::watch_signals() {
    core::Signals signals(loop_, {SIGTERM, SIGINT, SIGHUP, SIGCHLD});
    for (;;) {
        take_signal(co_await signals.next());
    }
}

void Supervisor::take_signal(int number) {
    if (number == SIGCHLD) {
        reap_ended_orphans();
    } else if (number == SIGTERM || (number == SIGINT && !options_.ignore_sigint)) {
        request_stop(0);
    } else if (number == SIGHUP && reloading_) {
        core::log::detail("Reload already in progress, request queued");
        reload_queued_ = true;
    } else if (number == SIGHUP && !stop_requested_) {
        begin_reload();
    }
}

void Supervisor::reap_ended_orphans() const {
    const auto pid_of = [](const Place& its) { return its.child ? its.child->pid() : 0; };
    reap_orphans([&](pid_t pid) {
        return pid == pid_of(places_[0]) || pid == pid_of(places_[1]) || scripts_.owns(pid) || notifier_.owns(pid);
    });
}

bool Supervisor::serves_virtual_servers() const {
    return options_.parts.checker &&
           (config_.has_checker || options_.parts.always || places_[static_cast<std::size_t>(Part::checker)].wanted);
}

/// A sync daemon that follows a VRRP instance needs no virtual server.
bool Supervisor::uses_ipvs() const {
    return serves_virtual_servers() || settings_of_ipvs().lvs.sync_daemon.has_value();
}

ipvs::Settings Supervisor::settings_of_ipvs() const {
    return ipvs_settings(config_, options_.parts.checker, options_.parts.vrrp);
}

/// Those of a new configuration, or for a new child. What may go on is only said where something may be resting.
void Supervisor::suspend_all() {
    std::vector<bool> suspended = director_.suspended();
    rest_without_script(config_.checker, suspended);
    for (std::uint32_t check = 0; check < suspended.size(); ++check) {
        if (suspended[check] || anything_rests_) {
            suspend(check, suspended[check]);
        }
    }
    anything_rests_ = std::ranges::find(suspended, true) != suspended.end();
}

/// A child that is not there yet learns it when it starts.
void Supervisor::suspend(std::uint32_t check, bool rests) {
    if (const auto& child = place(Part::checker).child) {
        child->channel().send(core::message::Suspend{generation_, check, rests});
        anything_rests_ |= rests;
    }
}

/// Without IPVS there is no table that verdicts could change, but log, scripts and FIFOs still tell of them. VRRP goes
/// on.
void Supervisor::note_ipvs(const core::Result<>& outcome) {
    place(Part::checker).wanted |= serves_virtual_servers();
    if (!outcome) {
        core::log::error("{}. Virtual servers are out of service, VRRP goes on.", outcome.error().what);
    }
}

void Supervisor::start_wanted_children() {
    for (Place& its : places_) {
        if (its.wanted && !its.kept && !stop_requested_) {
            its.kept = true;
            // Bounded by the number of places, each of which outlives its coroutine.
            core::spawn(loop_, label(its.part), keep_running(its));
        }
    }
}

bool Supervisor::start(Place& place, core::Duration dead_for) {
    const auto body = [this, &place, dead_for](core::UniqueFd channel) {
        return live_as(place.part, options_, config_, generation_, inheritance(place.part, dead_for),
                       std::move(channel));
    };
    lock_pid_file(place);
    if (place.part == Part::checker) {
        ping_group_range_.prepare(config_.checker);
    }
    std::vector<int> kept;
    if (place.pid_file) {
        kept.push_back(place.pid_file->descriptor());
    }
    auto child = Child::start(loop_, body, kept);
    if (!child) {
        core::log::error("{} child: {}", label(place.part), child.error().what);
        return false;
    }
    place.child = std::move(*child);
    place.desk = open_desk(place);
    place.ready = 0;
    core::log::info("Starting {} child process, pid={}", label(place.part), place.child->pid());
    if (place.pid_file) {
        if (const auto written = place.pid_file->write(place.child->pid()); !written) {
            core::log::error("{}", written.error().what);
        }
    }
    if (place.part == Part::checker) {
        suspend_all();
    }
    // The place outlives every child in it.
    core::spawn(loop_, "messages of a child", listen(place, place.child));
    return true;
}

/// A child that a reload adds has no pid file yet.
void Supervisor::lock_pid_file(Place& place) const {
    if (!place.pid_file) {
        auto file = PidFile::lock(place.part == Part::vrrp ? options_.vrrp_pid_file : options_.checker_pid_file);
        if (file) {
            place.pid_file = std::move(*file);
        } else {
            core::log::error("{}", file.error().what);
        }
    }
}

/// Starts the child, and starts it again whenever it dies, until the daemon stops.
core::Awaitable<> Supervisor::keep_running(Place& place) {
    core::Duration delay{0};
    while (!stop_requested_) {
        std::optional<core::Duration> next;
        if (start(place, delay)) {
            const auto child = place.child;
            const Child::Exit exit = co_await child->exited();
            co_await hear_last_words(place);
            child->channel().close();
            place.child.reset();
            if (place.part == Part::checker) {
                checker_watch_.ended();
            }
            place.desk.reset();
            if (place.part == Part::vrrp && (stop_requested_ || exit.is_orderly())) {
                vrrp_notices_.stopped(stop_requested_);
            }
            changed_.notify();
            reap_ended_orphans();
            if (stop_requested_) {
                break;
            }
            next = respawn_after(place, exit, *child);
        } else {
            next = place.respawn_delay.after(core::Duration{0});
        }
        if (!next) {
            break;
        }
        delay = *next;
        const auto deadline = core::now() + delay;
        while (!stop_requested_ && core::now() < deadline) {
            co_await changed_.wait(deadline);
        }
    }
    place.kept = false;
}

std::optional<core::Duration> Supervisor::respawn_after(Place& place, Child::Exit exit, const Child& child) {
    if (const auto error = exit.permanent_error(); !error.empty()) {
        core::log::error("pid {} exited with permanent error {}. Terminating", child.pid(), error);
        service_manager_.failed(exit.code == kMissingPrivilege ? EPERM : EINVAL);
        request_stop(exit.code);
        return std::nullopt;
    }
    if (exit.by_signal) {
        core::log::error("pid {} exited due to signal {} ({})", child.pid(), exit.code, ::strsignal(exit.code));
    }
    if (!options_.respawn) {
        core::log::error("{} child process({}) died: Exiting", label(place.part), child.pid());
        request_stop(0);
        return std::nullopt;
    }
    core::log::error("{} child process({}) died: Respawning", label(place.part), child.pid());
    const auto delay = place.respawn_delay.after(core::now() - child.started());
    core::log::info("Restart of {} process delayed {} seconds to limit respawn rate", label(place.part),
                    std::chrono::duration_cast<std::chrono::seconds>(delay).count());
    return exit.by_signal ? delay : std::max(delay, kOwnSignalDelay);
}

Inheritance Supervisor::inheritance(Part part, core::Duration dead_for) const {
    if (part == Part::checker) {
        return {.masters = {}, .left_over = {}, .last_verdicts = director_.verdicts(), .restarted = false};
    }
    Inheritance inherited;
    inherited.left_over = left_over_;
    inherited.restarted = places_[static_cast<std::size_t>(Part::vrrp)].served;
    for (const vrrp::Instance& instance : config_.vrrp.instances) {
        const auto state = instance_states_.find(instance.name);
        // The child died at most one interval after its last advert, and no backup takes over before some are missing.
        if (state != instance_states_.end() && state->second == vrrp::State::master &&
            dead_for < (instance.down_timer_adverts - 1) * instance.advert_interval) {
            inherited.masters.push_back(instance.name);
        }
    }
    return inherited;
}

core::Awaitable<> Supervisor::listen(Place& place, std::shared_ptr<Child> child) {
    place.heard = true;
    for (;;) {
        const auto received = co_await child->channel().receive();
        if (received && take(place, received->message)) {
            co_await boost::asio::post(boost::asio::use_awaitable);  // a child that floods must not hold the loop
            continue;
        }
        // Broken or hostile: a new one takes its place. Nothing more of what it says is heard.
        if (received) {
            core::log::error("{} child sent a message that is not its to send", label(place.part));
            child->kill();
        } else if (received.error().code == EBADMSG) {
            core::log::error("{} child: {}", label(place.part), received.error().what);
            child->kill();
        }
        break;  // its end is keep_running()'s business
    }
    place.heard = false;
    changed_.notify();
}

bool Supervisor::take(Place& place, const core::Message& message) {
    if (const auto* ready = std::get_if<core::message::Ready>(&message)) {
        place.ready = ready->generation;
        if (place.part == Part::vrrp && ready->generation == generation_) {
            left_over_.clear();
        }
        place.served = true;
        if (place.part == Part::vrrp) {
            tell(message);
        }
        all_ready();
        if (place.part == Part::checker) {
            checker_watch_.ready(core::now());
        }
        return true;
    }
    if (place.part == Part::checker && take_from_checker(message)) {
        return true;
    }
    if (const auto* state = std::get_if<core::message::InstanceState>(&message);
        state != nullptr && place.part == Part::vrrp) {
        record_state(*state);
        tell(message);
        return true;
    }
    if (place.part == Part::vrrp && tell(message)) {
        return true;
    }
    if (const auto* wish = std::get_if<core::message::RunCommand>(&message)) {
        if (place.desk) {  // gone with its child, whose last words may still be read
            place.desk->take(*wish);
        }
        return true;
    }
    if (const auto* unwanted = std::get_if<core::message::EndCommand>(&message)) {
        if (place.desk) {
            place.desk->take(*unwanted);
        }
        return true;
    }
    return false;
}

void Supervisor::record_state(const core::message::InstanceState& report) {
    if (report.generation == generation_ && report.instance < config_.vrrp.instances.size() &&
        report.state <= static_cast<std::uint8_t>(vrrp::State::fault)) {
        const std::string& name = config_.vrrp.instances[report.instance].name;
        const auto state = static_cast<vrrp::State>(report.state);
        instance_states_[name] = state;
        director_.instance_state(name, state == vrrp::State::master);
    }
}

/// Says once for each generation that all children have it in force.
void Supervisor::all_ready() {
    if (reloading_ || announced_ready_) {
        return;
    }
    for (const Place& its : places_) {
        if (its.wanted && its.ready != generation_) {
            return;
        }
    }
    announced_ready_ = true;
    if (!place(Part::vrrp).wanted && !place(Part::checker).wanted) {
        core::log::warning("Warning - keepalived has no configuration to run");
        service_manager_.ready();  // systemd would wait for it in vain, and give up
        return;
    }
    core::log::info("{} complete", generation_ == 1 ? "Startup" : "Reload");
    service_manager_.ready();
}

void Supervisor::begin_reload() {
    reloading_ = true;
    core::spawn(loop_, "reload", reload());
}

core::Awaitable<> Supervisor::reload() {
    do {
        reload_queued_ = false;
        co_await reload_once();
    } while (reload_queued_ && !stop_requested_);
    reloading_ = false;
    all_ready();
    changed_.notify();
}

/// No value: it cannot take the place of the running one; the log says why.
core::Awaitable<std::optional<parser::Outcome>> Supervisor::read_anew() {
    const Machine machine;
    const SafeProgramsOnly safe_machine;
    parser::Loader loader(loader_options(options_), config_.global.scripts.security ? safe_machine : machine);
    while (loader.step(kLinesPerTurn)) {
        co_await boost::asio::post(boost::asio::use_awaitable);
    }
    parser::Outcome outcome = loader.finish();
    log_diagnostics(outcome);
    if (fatal_status(outcome, options_.parts)) {
        core::log::error("The new configuration cannot be used: the running one stays in force");
        co_return std::nullopt;
    }
    if (const auto fixed = changed_fixed_setting(config_.global, outcome.config.global); !fixed.empty()) {
        core::log::error("A reload cannot change {}, restart for that: the running configuration stays in force",
                         fixed);
        co_return std::nullopt;
    }
    co_return outcome;
}

/// Nothing changes before the new configuration has been read and found usable. Whatever a file makes of our reader
/// (memory that there is not, a mistake of ours), what runs goes on.
core::Awaitable<> Supervisor::reload_once() {
    core::log::info("Reloading ...");
    std::optional<parser::Outcome> read;
    try {
        read = co_await read_anew();
    } catch (const std::exception& exception) {
        core::log::error("The new configuration cannot be read ({}): the running one stays in force", exception.what());
    }
    if (!read || stop_requested_) {
        co_return;
    }
    parser::Outcome& outcome = *read;
    service_manager_.reloading();
    if (place(Part::vrrp).served) {
        std::ranges::move(vrrp::all_addresses(config_.vrrp), std::back_inserter(left_over_));
    }
    const bool safe_only = config_.global.scripts.security;
    config_ = std::move(outcome.config);
    config_.global.scripts.security |= safe_only;
    take_umask(options_, config_.global.processes);
    ++generation_;
    for (Place& its : places_) {
        if (its.desk) {
            its.desk->set_generation(generation_);
        }
    }
    announced_ready_ = false;
    configure_notifications();
    forget_states_of_others();

    // VRRP first: it does not depend on IPVS, and its child takes the text without losing time.
    place(Part::vrrp).wanted |= options_.parts.vrrp && config_.has_vrrp;
    hand_over(place(Part::vrrp), outcome.vrrp_text);
    start_wanted_children();
    if (uses_ipvs() || ipvs_in_use_) {
        ipvs_in_use_ = true;
        note_ipvs(co_await director_.reload(with_first_findings(config_.ipvs, config_.checker), generation_,
                                            settings_of_ipvs()));
    }
    ping_group_range_.prepare(config_.checker);
    hand_over(place(Part::checker), outcome.checker_text);
    suspend_all();
    start_wanted_children();
}

/// The child tells all states anew; until then the old ones hold, should it die in between.
void Supervisor::forget_states_of_others() {
    std::map<std::string, vrrp::State, std::less<>> kept;
    for (const vrrp::Instance& instance : config_.vrrp.instances) {
        if (const auto known = instance_states_.find(instance.name); known != instance_states_.end()) {
            kept.insert(*known);
        }
    }
    instance_states_ = std::move(kept);
}

void Supervisor::hand_over(Place& place, const std::string& text) {
    if (!place.child) {
        return;  // it is started, or started again, with the configuration in our memory
    }
    auto memory = make_text_memory(text);
    if (!memory) {
        core::log::error("{}", memory.error().what);
        place.child->kill();  // it is started again with the configuration in our memory
        return;
    }
    place.child->channel().send(core::message::Reload{generation_}, std::move(*memory));
}

void Supervisor::request_stop(int status) {
    if (!stop_requested_) {
        stop_requested_ = true;
        exit_status_ = status;
    }
    changed_.notify();
}

core::Awaitable<> Supervisor::stop_children() {
    notifier_.end_readers();
    for (const Place& its : places_) {
        if (its.child) {
            its.child->channel().send(core::message::Stop{});
        }
    }
    const auto any_left = [this] {
        return std::ranges::any_of(places_, [](const Place& its) { return its.child != nullptr; });
    };
    const auto deadline = core::now() + kChildWaitTime;
    while (any_left() && core::now() < deadline) {
        co_await changed_.wait(deadline);
    }
    for (const Place& its : places_) {
        if (its.child) {
            core::log::error("{} process failed to die - forcing termination",
                             its.part == Part::vrrp ? "vrrp" : "checker");
            its.child->kill();
        }
    }
    while (any_left()) {
        co_await changed_.wait();
    }
    for (Place& its : places_) {
        if (its.pid_file) {
            its.pid_file->remove();
        }
    }
}

}  // namespace sustain::daemon
