#include "ipvs/director.hpp"

#include <boost/asio/post.hpp>

#include "core/log.hpp"
#include "ipvs/client.hpp"
#include "ipvs/log_lines.hpp"
#include "ipvs/mirror.hpp"
#include "ipvs/pools.hpp"
#include "netlink/turns.hpp"

namespace sustain::ipvs {

namespace {

/// An audit lets others have their turn after so many services.
constexpr std::size_t kAuditStep = 32;

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

}  // namespace

/// Its coroutines take a shared pointer to it, so that it is there as long as one of them is.
class Director::State {
public:
    State(core::Loop& loop, Config config, core::Generation generation, core::Duration audit_pause)
        : loop_(loop),
          pools_(std::move(config), generation),
          turns_(loop),
          audit_pause_(audit_pause),
          audit_timer_(loop) {}

    core::Awaitable<core::Result<>> start(std::shared_ptr<State> self) {
        const auto events = pools_.evaluate();
        auto result = co_await bring_up(std::move(self));
        if (!reloaded_) {           // the pools that the events speak of are still there
            log(lines_of(events));  // now: thousands of lines are not what a service should wait for
        }
        co_return result;
    }

    core::Awaitable<core::Result<>> reload(std::shared_ptr<State> self, Config config, core::Generation generation) {
        reloaded_ = true;
        log(lines_of(pools_.reload(std::move(config), generation)));
        return bring_up(std::move(self));
    }

    void verdict(const std::shared_ptr<State>& self, core::Generation generation, std::uint32_t check, bool up) {
        if (ended_) {
            return;
        }
        const auto events = pools_.verdict(generation, check, up);
        log(lines_of(events));
        for (const auto& [pool, transition] : events) {
            dirty_.insert(pool->key());
        }
        // Until its turn comes, further verdicts join the same batch.
        if (!dirty_.empty() && !flush_is_coming_) {
            flush_is_coming_ = true;
            core::spawn(loop_, "IPVS edits", flush(self));
        }
    }

    core::Awaitable<> stop([[maybe_unused]] std::shared_ptr<State> self) {
        abandon();
        const auto turn = co_await turns_.next();
        if (mirror_) {
            for (const Pool& pool : pools_.all()) {
                for (const std::string& line : farewell_lines(pool)) {
                    core::log::info("{}", line);
                }
            }
            co_await mirror_->clear();
            mirror_.reset();
        }
    }

    void abandon() {
        ended_ = true;
        audit_timer_.cancel();
    }

    [[nodiscard]] const Pools& pools() const { return pools_; }

private:
    /// Makes the whole table right, and opens IPVS for that if it is not open.
    core::Awaitable<core::Result<>> bring_up(std::shared_ptr<State> self) {
        const auto turn = co_await turns_.next();
        if (ended_ || (pools_.keys().empty() && !mirror_)) {
            co_return core::Result<>();
        }
        if (!mirror_) {
            core::log::info("Initializing ipvs");
            auto client = co_await Client::open(loop_);
            if (!client) {
                co_return std::unexpected(std::move(client.error()));
            }
            mirror_ = std::make_unique<Mirror>(std::move(*client), pools_);
        }
        if (auto adopted = co_await mirror_->adopt(); !adopted) {
            co_return std::unexpected(std::move(adopted.error()));
        }
        std::vector<ServiceKey> keys = pools_.keys();
        for (const ServiceKey& key : mirror_->keys()) {
            if (!pools_.has(key)) {
                core::log::info("Removing virtual server {}", to_string(key));
                keys.push_back(key);
            }
        }
        dirty_.clear();
        co_await mirror_->correct(std::move(keys));
        if (!audit_runs_ && !ended_) {
            audit_runs_ = true;
            core::spawn(loop_, "IPVS audit", audit(self));
        }
        co_return core::Result<>();
    }

    core::Awaitable<> flush([[maybe_unused]] std::shared_ptr<State> self) {
        const auto turn = co_await turns_.next();
        flush_is_coming_ = false;
        const auto keys = std::exchange(dirty_, {});
        if (mirror_ && !ended_) {
            co_await mirror_->correct({keys.begin(), keys.end()});
        }
    }

    /// Looks after what others may have changed, and tries again what the kernel has refused.
    core::Awaitable<> audit([[maybe_unused]] std::shared_ptr<State> self) {
        while (!ended_) {
            audit_timer_.expires_after(audit_pause_);
            (void)co_await audit_timer_.async_wait(core::as_tuple_awaitable);
            const std::vector<ServiceKey> keys = pools_.keys();
            for (std::size_t begin = 0; begin < keys.size() && !ended_; begin += kAuditStep) {
                const std::size_t end = std::min(keys.size(), begin + kAuditStep);
                co_await audit_some({keys.begin() + static_cast<std::ptrdiff_t>(begin),
                                     keys.begin() + static_cast<std::ptrdiff_t>(end)});
                co_await core::asio::post(loop_, core::asio::use_awaitable);
            }
        }
    }

    core::Awaitable<> audit_some(std::vector<ServiceKey> keys) {
        const auto turn = co_await turns_.next();
        std::erase_if(keys, [this](const ServiceKey& key) { return !pools_.has(key); });  // a reload came between
        if (!mirror_ || ended_) {
            co_return;
        }
        for (const ServiceKey& key : keys) {
            if (!co_await mirror_->look(key)) {
                core::log::warning("Virtual server {} was changed by somebody else, repairing it", to_string(key));
            }
        }
        co_await mirror_->correct(std::move(keys));
    }

    core::Loop& loop_;
    Pools pools_;
    std::unique_ptr<Mirror> mirror_;  // once IPVS is open
    netlink::Turns turns_;            // at the mirror
    core::Duration audit_pause_;
    core::Timer audit_timer_;
    std::set<ServiceKey> dirty_;
    bool flush_is_coming_ = false;
    bool audit_runs_ = false;
    bool reloaded_ = false;
    bool ended_ = false;
};

Director::Director(core::Loop& loop, Config config, core::Generation generation, core::Duration audit_pause)
    : state_(std::make_shared<State>(loop, std::move(config), generation, audit_pause)) {}

Director::~Director() {
    state_->abandon();
}

core::Awaitable<core::Result<>> Director::start() {
    return state_->start(state_);
}

void Director::verdict(core::Generation generation, std::uint32_t check, bool up) {
    state_->verdict(state_, generation, check, up);
}

core::Awaitable<core::Result<>> Director::reload(Config config, core::Generation generation) {
    return state_->reload(state_, std::move(config), generation);
}

core::Awaitable<> Director::stop() {
    return state_->stop(state_);
}

std::vector<std::optional<bool>> Director::verdicts() const {
    return state_->pools().verdicts();
}

}  // namespace sustain::ipvs
