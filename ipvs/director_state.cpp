#include "ipvs/director_state.hpp"

#include <boost/asio/post.hpp>

#include <utility>

#include "core/log.hpp"
#include "ipvs/client.hpp"
#include "ipvs/log_lines.hpp"
#include "ipvs/presence.hpp"

namespace sustain::ipvs {

namespace {

/// An audit lets others have their turn after so many services.
constexpr std::size_t kAuditStep = 32;
/// Between two looks at what an edit has made of a service.
constexpr core::Duration kExaminationPause = std::chrono::milliseconds(100);

std::vector<std::string> lines_of(const std::vector<Pools::Event>& events) {
    std::vector<std::string> lines;
    for (const auto& [pool, transition] : events) {
        std::ranges::move(log_lines(transition, *pool), std::back_inserter(lines));
    }
    return lines;
}

void log(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
        core::log::info("{}", line);
    }
}

netlink::RequestLimits limits_of(const Settings& settings) {
    netlink::RequestLimits limits;
    if (settings.command_buffer != 0) {
        limits.receive_buffer = {buffer_octets(settings.command_buffer), settings.command_buffer_force};
    }
    return limits;
}

}  // namespace

Director::State::State(core::Loop& loop, Config config, core::Generation generation, core::Duration audit_pause,
                       Settings settings, Hooks hooks)
    : loop_(loop),
      settings_(std::move(settings)),
      hooks_(std::move(hooks)),
      pools_(std::move(config), generation, settings_.lvs.init_notifies),
      turns_(loop),
      audit_pause_(audit_pause),
      audit_timer_(loop),
      flush_due_(settings_.lvs.flush) {}

core::Awaitable<core::Result<>> Director::State::start(Self self) {
    const auto events = pools_.evaluate();
    note(events);
    auto result = co_await bring_up(self);
    co_await settle_presence(std::move(self));
    if (!reloaded_) {           // the pools that the events speak of are still there
        log(lines_of(events));  // now: thousands of lines are not what a service should wait for
    }
    co_return result;
}

core::Awaitable<core::Result<>> Director::State::reload(Self self, Config config, core::Generation generation,
                                                        Settings settings) {
    reloaded_ = true;
    in_order_ = false;
    settings_ = std::move(settings);
    const auto events = pools_.reload(std::move(config), generation, settings_.lvs.init_notifies);
    log(lines_of(events));
    note(events);
    auto result = co_await bring_up(self);
    co_await settle_presence(std::move(self));
    co_return result;
}

void Director::State::verdict(const Self& self, const core::message::Verdict& said) {
    const bool up = said.up;
    const auto place = ended_ ? std::nullopt : pools_.find(said.generation, said.check);
    if (!place) {
        return;
    }
    const Pool& pool = pools_.all()[place->pool];
    const RealServer& server = pool.config().real_servers[place->server];
    Notice result;
    result.kind = Notice::Kind::check;
    result.up = up;
    result.check = server.checks[place->check].number;
    result.changed = pool.check_up(place->server, place->check) != up;
    const bool first = !pool.last_verdict(place->server, place->check);
    const bool was_alive = pool.alive(place->server);
    auto events = pools_.verdict(said.generation, said.check, up);
    if (result.changed || first) {
        result.server_up = pool.alive(place->server);
        result.server_changed = result.server_up != was_alive;
        result.service = pool.name();
        result.server = pool.name_of(server);
        result.mail = server.smtp_alert.value_or(false);
        result.reason = said.reason;
    }
    take(self, std::move(events));
    if ((result.changed || first) && hooks_.notice) {
        if (flush_is_coming_) {
            untold_.push_back(std::move(result));  // after what it has caused
        } else {
            hooks_.notice(result);
        }
    }
}

void Director::State::weight(const Self& self, core::Generation generation, std::uint32_t check, std::int32_t weight) {
    if (!ended_) {
        take(self, pools_.contribute(generation, check, weight));
    }
}

/// Logs, edits, tells. Where other edits are under way, further events join the same batch until its turn comes.
void Director::State::take(const Self& self, std::vector<Pools::Event> events) {
    if (events.empty()) {
        return;
    }
    log(lines_of(events));
    note(events);
    for (const auto& [pool, transition] : events) {
        dirty_.insert(pool->services().begin(), pool->services().end());
    }
    if (!flush_is_coming_) {
        flush_is_coming_ = true;
        core::spawn(loop_, "IPVS edits", flush(self));
    }
}

void Director::State::note(const std::vector<Pools::Event>& events) {
    if (!hooks_.notice) {
        return;
    }
    for (const auto& [pool, transition] : events) {
        if (auto notice = notice_of(transition, *pool)) {
            untold_.push_back(std::move(*notice));
        }
    }
}

void Director::State::tell() {
    for (const Notice& notice : std::exchange(untold_, {})) {
        hooks_.notice(notice);
    }
}

core::Awaitable<> Director::State::flush([[maybe_unused]] Self self) {
    const auto turn = co_await turns_.next();
    flush_is_coming_ = false;
    const auto dirty = std::exchange(dirty_, {});
    std::vector<ServiceKey> keys(dirty.begin(), dirty.end());
    if (mirror_ && !ended_) {
        co_await mirror_->correct(keys);
    }
    tell();
    // Somebody else may have had a hand in it. A mass of changes is left to the audit.
    const core::TimePoint now = core::now();
    if (mirror_ && !ended_ && keys.size() <= kAuditStep && now - examined_ >= kExaminationPause) {
        examined_ = now;
        co_await examine(std::move(keys));
    }
}

/// Makes the whole table right, and opens IPVS for that if it is not open.
core::Awaitable<core::Result<>> Director::State::bring_up(Self self) {
    const auto turn = co_await turns_.next();
    auto result = co_await bring_up_in_turn();
    tell();
    if (mirror_) {
        start_audit(self);
    }
    co_return result;
}

core::Awaitable<core::Result<>> Director::State::bring_up_in_turn() {
    if (ended_ || (!needs_ipvs() && !mirror_)) {
        co_return core::Result<>();
    }
    if (!mirror_) {
        core::log::info("Initializing ipvs");
        auto client = co_await Client::open(loop_, limits_of(settings_), settings_.network_namespace);
        if (!client) {
            co_return std::unexpected(std::move(client.error()));
        }
        mirror_ = std::make_unique<Mirror>(std::move(*client), pools_);
        globals_ = std::make_unique<Globals>(mirror_->client());
    }
    if (auto adopted = co_await mirror_->adopt(flush_due_); !adopted) {
        co_return std::unexpected(std::move(adopted.error()));
    }
    const auto& sync = settings_.lvs.sync_daemon;
    co_await globals_->apply(settings_.lvs, sync && masters_.contains(sync->instance));
    flush_due_ = false;
    in_order_ = true;
    for (const ServiceKey& key : mirror_->keys()) {
        if (!pools_.has(key)) {
            core::log::info("Removing virtual server {}", to_string(key));
        }
    }
    dirty_.clear();
    co_await mirror_->correct(all_keys());
    co_return core::Result<>();
}

/// Those that are wanted in the order of the configuration, then those that are to go.
std::vector<ServiceKey> Director::State::all_keys() const {
    std::vector<ServiceKey> keys = pools_.keys();
    if (mirror_) {
        for (const ServiceKey& key : mirror_->keys()) {
            if (!pools_.has(key)) {
                keys.push_back(key);
            }
        }
    }
    return keys;
}

void Director::State::start_audit(const Self& self) {
    if (!audit_runs_ && !ended_) {
        audit_runs_ = true;
        core::spawn(loop_, "IPVS audit", audit(self));
    }
}

/// Looks after what others may have changed, and tries again what the kernel has refused or not answered.
core::Awaitable<> Director::State::audit([[maybe_unused]] Self self) {
    while (!ended_) {
        audit_timer_.expires_after(audit_pause_);
        (void)co_await audit_timer_.async_wait(core::as_tuple_awaitable);
        if (!in_order_ && !ended_) {
            const auto turn = co_await turns_.next();
            if (const auto result = co_await bring_up_in_turn(); !result) {
                core::log::error("IPVS: {}", result.error().what);
            }
            continue;
        }
        const std::vector<ServiceKey> keys = all_keys();
        for (std::size_t begin = 0; begin < keys.size() && !ended_; begin += kAuditStep) {
            const std::size_t end = std::min(keys.size(), begin + kAuditStep);
            co_await audit_some(
                {keys.begin() + static_cast<std::ptrdiff_t>(begin), keys.begin() + static_cast<std::ptrdiff_t>(end)});
            co_await core::asio::post(loop_, core::asio::use_awaitable);
        }
        co_await follow_instance(self);
    }
}

core::Awaitable<> Director::State::audit_some(std::vector<ServiceKey> keys) {
    const auto turn = co_await turns_.next();
    if (mirror_ && !ended_) {
        co_await examine(std::move(keys));
    }
}

core::Awaitable<> Director::State::examine(std::vector<ServiceKey> keys) {
    for (const ServiceKey& key : keys) {
        const bool as_thought = co_await mirror_->look(key);
        if (!as_thought && pools_.has(key)) {
            core::log::warning("Virtual server {} was changed by somebody else, repairing it", to_string(key));
        }
    }
    co_await mirror_->correct(std::move(keys));
}

void Director::State::instance_state(const Self& self, std::string_view instance, bool master) {
    const auto known = masters_.find(instance);
    if (ended_ || (known != masters_.end()) == master) {
        return;
    }
    master ? void(masters_.emplace(instance)) : void(masters_.erase(known));
    if (globals_ && settings_.lvs.sync_daemon && settings_.lvs.sync_daemon->instance == instance) {
        core::spawn(loop_, "the IPVS sync daemon", follow_instance(self));
    }
}

core::Awaitable<> Director::State::follow_instance([[maybe_unused]] Self self) {
    const auto turn = co_await turns_.next();
    const auto& sync = settings_.lvs.sync_daemon;
    if (globals_ && !ended_) {
        co_await globals_->apply(settings_.lvs, sync && masters_.contains(sync->instance));
    }
}

/// What ha_suspend needs to know. Once listened to, addresses are listened to until the end.
core::Awaitable<> Director::State::settle_presence(Self self) {
    if (pools_.depends_on_addresses() && !presence_known_ && !ended_) {
        presence_known_ = true;
        co_await watch_first(std::move(self));
    }
}

core::Awaitable<> Director::State::watch_first(Self self) {
    auto presence = co_await Presence::open(loop_, settings_);
    if (!presence) {
        core::log::error("ha_suspend: {}", presence.error().what);
        presence_known_ = false;
        co_return;
    }
    take_addresses((*presence)->addresses());
    core::spawn(loop_, "the addresses that ha_suspend needs", watch_addresses(std::move(self), std::move(*presence)));
}

core::Awaitable<> Director::State::watch_addresses([[maybe_unused]] Self self, std::unique_ptr<Presence> presence) {
    while (!ended_) {
        const auto change = co_await presence->change();
        if (!change) {
            core::log::error("ha_suspend: {}", change.error().what);
            presence_known_ = false;  // the next reload tries again
            co_return;
        }
        take_addresses(presence->addresses());
    }
}

void Director::State::take_addresses(const std::set<core::Address>& addresses) {
    for (const Pools::Rest& rest : pools_.set_local_addresses(addresses)) {
        if (hooks_.suspend && !ended_) {
            hooks_.suspend(rest.check, rest.suspended);
        }
    }
}

core::Awaitable<> Director::State::stop([[maybe_unused]] Self self) {
    abandon();
    const auto turn = co_await turns_.next();
    const bool everything = settings_.lvs.flush_on_stop == core::LvsFlushOnStop::all;
    const bool of_servers = settings_.lvs.flush_on_stop == core::LvsFlushOnStop::no;
    if (mirror_) {
        for (const Pool& pool : pools_.all()) {
            for (const std::string& line : of_servers ? farewell_lines(pool) : std::vector<std::string>()) {
                core::log::info("{}", line);
            }
        }
        co_await mirror_->clear(everything);
        co_await globals_->stop();
        globals_.reset();
        mirror_.reset();
    }
    for (const Pool& pool : pools_.all()) {
        if (pool.config().omega && hooks_.notice) {
            for (const Transition& transition : pool.farewell(Transition::Cause::shutdown, of_servers)) {
                if (const auto notice = notice_of(transition, pool)) {
                    hooks_.notice(*notice);
                }
            }
        }
    }
}

void Director::State::abandon() {
    ended_ = true;
    audit_timer_.cancel();
}

}  // namespace sustain::ipvs
