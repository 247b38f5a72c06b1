#include "vrrp/child.hpp"

#include <linux/netlink.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <limits>
#include <map>
#include <set>

#include "core/auto_priority.hpp"
#include "core/capabilities.hpp"
#include "core/signals.hpp"

namespace sustain::vrrp {

namespace {

/// Every interface needs two sockets; later, without CAP_SYS_RESOURCE, the limit cannot be raised any more.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// How long no router does anything (vrrp_startup_delay, vrrp_delay_after_boot).
core::Duration startup_delay(const core::VrrpSettings& settings) {
    timespec since_boot{};
    (void)::clock_gettime(CLOCK_BOOTTIME, &since_boot);
    const auto uptime = std::chrono::seconds(since_boot.tv_sec) +
                        std::chrono::duration_cast<core::Duration>(std::chrono::nanoseconds(since_boot.tv_nsec));
    return std::max(settings.startup_delay, settings.delay_after_boot - uptime);
}

/// Of vrrp_netlink_…_rcv_bufs and _force; 0: our own.
netlink::ReceiveBuffer receive_buffer(std::uint32_t octets, bool force) {
    constexpr std::uint32_t kMost = std::numeric_limits<int>::max() / 2;  // the kernel doubles it
    return octets == 0 ? netlink::ReceiveBuffer{}
                       : netlink::ReceiveBuffer{static_cast<int>(std::min(octets, kMost)), force};
}

ExitStatus status_for(const core::Error& error) {
    return error.code == EPERM || error.code == EACCES ? ExitStatus::permission : ExitStatus::failure;
}

}  // namespace

Child::Child(core::Loop& loop, Start start)
    : loop_(loop),
      channel_(loop, std::move(start.channel)),
      config_(std::move(start.config)),
      common_(std::move(start.common)),
      generation_(start.generation),
      reparse_(std::move(start.reparse)),
      resume_as_master_(std::move(start.resume_as_master)),
      left_over_(std::move(start.left_over)),
      release_on_stop_(start.release_on_stop),
      ignore_sigint_(start.ignore_sigint),
      restarted_(start.restarted),
      signals_(loop, {SIGTERM, SIGINT}) {
    std::ranges::sort(resume_as_master_);
    std::signal(SIGHUP, SIG_IGN);
}

ExitStatus Child::run() {
    core::spawn(loop_, "signals", listen_to_signals());
    core::spawn(loop_, "the start of the VRRP process", live());
    loop_.run();
    return status_;
}

core::Awaitable<> Child::live() {
    core::Result<> result = prepare();
    if (result) {
        result = co_await monitor_->synchronise();
    }
    if (stopping_) {
        co_return;
    }
    if (!result) {
        core::log::error("{}", result.error().what);
        end(status_for(result.error()));
    } else if (!can_serve(config_) || (!config_.dynamic_interfaces && !restarted_ && !interfaces_exist())) {
        end(ExitStatus::configuration);
    } else {
        start_routers();
    }
}

/// Opens everything, and gives up all rights that are not needed from then on.
core::Result<> Child::prepare() {
    raise_descriptor_limit();
    std::vector<cap_value_t> kept{CAP_NET_ADMIN, CAP_NET_RAW};
    if (!core::AutoPriority::keep_right() && common_.lateness.most_priority > 0) {
        kept.push_back(CAP_SYS_NICE);  // (a container)
    }
    if (!common_.track_files.empty()) {
        kept.push_back(CAP_DAC_READ_SEARCH);  // scripts that write tracked files have users and a umask of their own
    }
    auto monitor =
        netlink::Monitor::open(loop_, receive_buffer(common_.netlink.vrrp_monitor, common_.netlink.vrrp_monitor_force));
    if (!monitor) {
        return std::unexpected(monitor.error());
    }
    monitor_ = std::move(*monitor);
    auto announcements = AnnouncementSender::open(loop_, monitor_->table());
    if (!announcements) {
        return std::unexpected(announcements.error());
    }
    announcements_ = std::move(*announcements);
    auto kernel = netlink::RequestSocket::open(
        loop_, NETLINK_ROUTE,
        {.receive_buffer = receive_buffer(common_.netlink.vrrp_commands, common_.netlink.vrrp_commands_force),
         .others_wait = [this] { return routers_->has_due(); }});
    if (!kernel) {
        return std::unexpected(kernel.error());
    }
    kernel_ = std::move(*kernel);
    addresses_ = std::make_unique<AddressManager>(loop_, *kernel_, monitor_->table());
    routers_ = std::make_unique<Routers>(
        loop_, monitor_->table(), *addresses_, *announcements_,
        [this](std::uint32_t index, const VirtualRouter& router, const Action& news) { report(index, router, news); },
        [this](std::uint32_t index, State state) { report_group(index, state); });
    trackers_ = std::make_unique<Trackers>(
        loop_, monitor_->table(), channel_,
        [this](std::uint32_t index, const Tracking& tracking) { tracking_changed(index, tracking); },
        [this](const std::string& name) { return routers_->depends_on(name); });
    return core::keep_only_capabilities(kept);
}

void Child::report(std::uint32_t index, const VirtualRouter& router, const Action& news) {
    if (applying_) {
        return;  // at the end of a reload all states are reported
    }
    if (const auto* changed = std::get_if<action::StateChanged>(&news)) {
        report_state(index, changed->state, router.priority());
    } else if (const auto* other = std::get_if<action::PriorityChanged>(&news)) {
        channel_.send(core::message::PriorityChanged{generation_, index, other->priority});
    } else if (std::holds_alternative<action::HeardLowerPriority>(news)) {
        channel_.send(core::message::LowerPriorityHeard{generation_, index});
    }
}

void Child::report_state(std::uint32_t index, State state, std::uint8_t priority) {
    channel_.send(core::message::InstanceState{generation_, index, static_cast<std::uint8_t>(state), priority});
}

void Child::report_group(std::uint32_t index, State state) {
    if (!applying_) {
        channel_.send(core::message::GroupState{generation_, index, static_cast<std::uint8_t>(state)});
    }
}

void Child::tracking_changed(std::uint32_t index, const Tracking& tracking) {
    if (const Identity identity(config_.instances[index]); routers_->has(identity)) {
        routers_->set_tracking(identity, tracking);
    }
}

/// Why a router is in FAULT, for somebody who reads what a reload has made of it.
void Child::log_faults(std::uint32_t index, const VirtualRouter& router) const {
    for (const std::string& reason : trackers_->faults(index)) {
        core::log::info("{}", reason);
    }
    for (const std::string& reason : router.faults()) {
        core::log::info("{}", reason);
    }
}

void Child::add_router(std::uint32_t index, bool resume, bool grouped) {
    for (const std::string& reason : trackers_->faults(index)) {
        core::log::info("{}", reason);
    }
    routers_->add(index, config_.instances[index], resume, grouped, trackers_->tracking(index));
}

/// Whatever the parser lets through, no router is made of what it could not be.
bool Child::can_serve(const Config& config) const {
    bool good = true;
    std::map<Identity, const Instance*> seen;
    for (const Instance& instance : config.instances) {
        if (const auto [other, is_new] = seen.emplace(Identity(instance), &instance); !is_new) {
            // (The parser refuses it where the interface exists.)
            core::log::error("{} and {} both use VRID {} with {} on interface {}: the second is not started",
                             other->second->name, instance.name, instance.vrid,
                             instance.address_family == core::Address::Family::ipv4 ? "IPv4" : "IPv6",
                             instance.interface);
        }
        const auto fits = [&](const VirtualAddress& address) {
            return address.prefix.address.family() == instance.address_family;
        };
        if (!std::ranges::all_of(instance.addresses, fits)) {
            core::log::error("({}) its addresses are of both families", instance.name);
            good = false;
        }
    }
    return good;
}

bool Child::interfaces_exist() const {
    bool all = true;
    for (const Instance& instance : config_.instances) {
        if (!instance.interface.empty() && monitor_->table().find(instance.interface) == nullptr) {
            core::log::error("({}) Non-existent interface specified in configuration: {}", instance.name,
                             instance.interface);
            all = false;
        }
    }
    return all;
}

std::unordered_set<std::string_view> Child::grouped_instances(const Config& config) {
    std::unordered_set<std::string_view> names;
    for (const SyncGroup& group : config.sync_groups) {
        names.insert(group.members.begin(), group.members.end());
    }
    return names;
}

/// What goes with the configuration but belongs to no router.
void Child::configure_machine() {
    const core::NetlinkBuffers& buffers = common_.netlink;
    monitor_->set_receive_buffer(receive_buffer(buffers.vrrp_monitor, buffers.vrrp_monitor_force));
    kernel_->set_receive_buffer(receive_buffer(buffers.vrrp_commands, buffers.vrrp_commands_force));
    local_reports_.configure(config_.settings.no_local_igmp, restarted_);
    addresses_->set_protocol(common_.address_protocol);
    announcements_->configure(config_.settings, config_.garp_groups);
    routers_->set_link_delays(config_.link_delays);
    routers_->static_addresses().configure(config_.static_addresses);
    routers_->tolerate(common_.lateness);
}

void Child::start_routers() {
    trackers_->configure(config_, common_, generation_);
    routers_->set_virtual_addresses(config_);
    const auto resumes = [this](const Instance& instance) {
        return std::ranges::binary_search(resume_as_master_, instance.name);
    };
    std::vector<VirtualAddress> not_held;
    for (const Instance& instance : config_.instances) {
        if (!resumes(instance)) {
            core::log::detail("({}) removing VIPs.", instance.name);
            std::ranges::copy(VirtualRouter(instance).addresses(), std::back_inserter(not_held));
        }
    }
    std::set<std::pair<std::string, core::Prefix>> configured;
    for (const VirtualAddress& address : all_addresses(config_)) {
        configured.emplace(address.device, address.prefix);
    }
    std::ranges::copy_if(left_over_, std::back_inserter(not_held), [&configured](const VirtualAddress& address) {
        return !configured.contains({address.device, address.prefix});
    });
    left_over_.clear();
    addresses_->remove_left_overs(not_held);
    configure_machine();
    if (const core::Duration delay = startup_delay(config_.settings); !restarted_ && delay.count() > 0) {
        core::log::info("Delaying startup for {:g} seconds", static_cast<double>(delay.count()) / 1e6);
        routers_->delay_until(core::now() + delay);
    }
    const auto grouped = grouped_instances(config_);
    std::uint32_t index = 0;
    for (const Instance& instance : config_.instances) {
        if (!routers_->has(Identity(instance))) {
            add_router(index, resumes(instance), grouped.contains(instance.name));
        }
        ++index;
    }
    routers_->set_groups(config_);
    resume_as_master_.clear();
    channel_.send(core::message::Ready{generation_});
    core::spawn(loop_, "the channel to the parent", listen_to_parent());
    core::spawn(loop_, "interface changes", listen_to_kernel());
}

core::Awaitable<> Child::listen_to_parent() {
    for (;;) {
        auto received = co_await channel_.receive();
        if (received) {
            if (std::holds_alternative<core::message::Stop>(received->message)) {
                break;
            }
            if (const auto* message = std::get_if<core::message::Reload>(&received->message)) {
                reload(message->generation, std::move(received->attached));
            } else if (const auto* answer = std::get_if<core::message::CommandEnded>(&received->message)) {
                trackers_->take(*answer);
            }
        } else if (received.error().code != EBADMSG) {
            break;  // the parent is gone
        }
    }
    co_await stop();
}

core::Awaitable<> Child::listen_to_signals() {
    for (;;) {
        const int number = co_await signals_.next();  // (GCC 12 mislays a co_await within && and ||)
        if (number != SIGINT || !ignore_sigint_) {
            break;
        }
    }
    co_await stop();
}

core::Awaitable<> Child::listen_to_kernel() {
    const std::uint32_t own_port = kernel_->port();
    for (;;) {
        const auto changes = co_await monitor_->next();
        if (!changes) {
            core::log::error("{}", changes.error().what);
            end(ExitStatus::restart);
            co_return;
        }
        if (stopping_) {
            co_return;
        }
        for (const netlink::Change& change : *changes) {
            routers_->take(change, own_port);
            trackers_->take(change);
        }
        co_await core::asio::post(loop_, core::asio::use_awaitable);  // others have something to do, too
    }
}

core::Awaitable<> Child::stop() {
    if (std::exchange(stopping_, true)) {
        co_return;
    }
    if (routers_ && release_on_stop_) {
        routers_->remove_all();
        routers_->static_addresses().remove_all();
        co_await addresses_->idle();
    }
    local_reports_.restore();
    end(ExitStatus::normal);
}

void Child::end(ExitStatus status) {
    status_ = status;
    stopping_ = true;
    loop_.stop();
}

}  // namespace sustain::vrrp
