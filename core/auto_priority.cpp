#include "core/auto_priority.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/log.hpp"

namespace sustain::core {

bool AutoPriority::keep_right() {
    const auto highest = static_cast<rlim_t>(std::max(::sched_get_priority_max(SCHED_RR), 0));
    const rlimit limit{highest, highest};
    return ::setrlimit(RLIMIT_RTPRIO, &limit) == 0;
}

void AutoPriority::limit(const Lateness& lateness) {
    tolerated_ = lateness.tolerated;
    most_ = std::min(lateness.most_priority, ::sched_get_priority_max(SCHED_RR));
    refused_ = false;
    if (raised_to_ > std::max(most_, 0)) {
        set(std::max(most_, 0));
    }
}

bool AutoPriority::heed(Duration late) {
    if (late <= tolerated_) {
        return false;
    }
    log::info("A thread timer expired {:.6f} seconds ago", std::chrono::duration<double>(late).count());
    raise();
    return true;
}

void AutoPriority::raise() {
    sched_param present{};
    if (most_ <= 0 || refused_ || ::sched_getparam(0, &present) != 0 || present.sched_priority >= most_) {
        return;
    }
    set(present.sched_priority + 1);
}

/// 0: an ordinary process. What it forks is one in any case.
void AutoPriority::set(int priority) {
    sched_param wanted{};
    wanted.sched_priority = priority;
    const int policy = priority > 0 ? SCHED_RR : SCHED_OTHER;
    if (::sched_setscheduler(0, policy | SCHED_RESET_ON_FORK, &wanted) == 0) {
        raised_to_ = priority;
        log::info("Set realtime priority {}", priority);
    } else {
        refused_ = true;
        log::warning("Setting realtime priority {}: {}", priority, std::strerror(errno));
    }
}

}  // namespace sustain::core
