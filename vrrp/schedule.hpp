// Many deadlines on one timer of the loop, each belonging to a key.
//
// A deadline that is put off costs nothing but its new value: hundreds of backups hear adverts all the time, and each
// of them puts a deadline off. The order knows it under its old time until that has come.
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
        if (known == deadlines_.end()) {
            if (deadline) {
                deadlines_.emplace(key, Deadline{*deadline, *deadline});
                order_.emplace(*deadline, key);
            }
        } else if (!deadline) {
            order_.erase({known->second.queued, key});
            deadlines_.erase(known);
        } else {
            known->second.due = *deadline;
            if (*deadline < known->second.queued) {
                queue_anew(order_.find({known->second.queued, key}), known->second);
            }
        }
        arm();
    }

    /// A key whose deadline has come; it keeps the deadline until set() changes it.
    [[nodiscard]] std::optional<Key> next_due(core::TimePoint now) {
        settle();
        if (order_.empty() || order_.begin()->first > now) {
            return std::nullopt;
        }
        return order_.begin()->second;
    }

private:
    struct Deadline {
        core::TimePoint due;
        core::TimePoint queued;  ///< under which order_ knows it: never later than `due`
    };
    using Order = std::set<std::pair<core::TimePoint, Key>>;

    void queue_anew(typename Order::iterator place, Deadline& deadline) {
        auto node = order_.extract(place);
        node.value().first = deadline.queued = deadline.due;
        order_.insert(std::move(node));
    }

    /// Afterwards the first in order is the one that is due first.
    void settle() {
        while (!order_.empty()) {
            Deadline& first = deadlines_.find(order_.begin()->second)->second;
            if (first.due == first.queued) {
                break;
            }
            queue_anew(order_.begin(), first);
        }
    }

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
                if (!error) {                             // else there is a newer wait, or `this` is gone
                    armed_for_ = core::TimePoint::min();  // until all that is due has set its next deadline
                    if (next_due(core::now())) {
                        on_due_();
                    }
                    settle();
                    armed_for_.reset();
                    arm();
                }
            });
        }
    }

    core::Timer timer_;
    std::function<void()> on_due_;
    Order order_;
    std::unordered_map<Key, Deadline> deadlines_;
    std::optional<core::TimePoint> armed_for_;
};

}  // namespace sustain::vrrp
