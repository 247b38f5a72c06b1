// Many deadlines on one timer of the loop, each belonging to a key.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/loop.hpp"

namespace sustain::vrrp {

template <typename Key>
class Schedule {
public:
    /// `on_due` is called when at least one deadline has come; it should take some with next_due(). Those that it
    /// leaves make it be called again.
    Schedule(core::Loop& loop, std::function<void()> on_due) : timer_(loop), on_due_(std::move(on_due)) {}

    /// Replaces the deadline of `key`.
    void set(Key key, const std::optional<core::TimePoint>& deadline) {
        const auto known = deadlines_.find(key);
        if (known != deadlines_.end()) {
            if (deadline == known->second) {
                return;
            }
            order_.erase({known->second, key});
            deadlines_.erase(known);
        }
        if (deadline) {
            deadlines_.emplace(key, *deadline);
            order_.emplace(*deadline, key);
        }
        arm();
    }

    /// A key whose deadline has come; it keeps the deadline until set() changes it.
    [[nodiscard]] std::optional<Key> next_due(core::TimePoint now) const {
        if (order_.empty() || order_.begin()->first > now) {
            return std::nullopt;
        }
        return order_.begin()->second;
    }

private:
    void arm() {
        if (order_.empty()) {
            armed_for_.reset();
            timer_.cancel();
        } else if (!armed_for_ || order_.begin()->first < *armed_for_) {
            // One that was put off is not worth a system call: the timer comes too early then, and waits again. So the
            // adverts that keep hundreds of backups waiting do not cost a timer each.
            armed_for_ = order_.begin()->first;
            timer_.expires_at(*armed_for_);
            timer_.async_wait([this](boost::system::error_code error) {
                if (!error) {  // else there is a newer wait, or `this` is gone
                    armed_for_.reset();
                    if (next_due(core::now())) {
                        on_due_();
                    }
                    arm();
                }
            });
        }
    }

    core::Timer timer_;
    std::function<void()> on_due_;
    std::set<std::pair<core::TimePoint, Key>> order_;
    std::unordered_map<Key, core::TimePoint> deadlines_;
    std::optional<core::TimePoint> armed_for_;
};

}  // namespace sustain::vrrp
