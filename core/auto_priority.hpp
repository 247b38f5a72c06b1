// A process that finds its timers late asks the kernel for more: real-time priority, one step at a time
// (max_auto_priority, spec/cli.md 17). Other than in keepalived no limit of computing time comes with it: the kernel
// would end the process for a long reload, and keeps a share of each processor for the others anyway.
#pragma once

#include "core/time.hpp"

namespace sustain::core {

/// When a process is late, and what it may do about it.
struct Lateness {
    Duration tolerated = std::chrono::seconds(1);  ///< min_auto_priority_delay: a timer that is later is logged
    int most_priority = 0;                         ///< max_auto_priority, 1 to 99; 0 or less: none is asked for
};

class AutoPriority {
public:
    /// Allows this process to raise its priority later, without CAP_SYS_NICE; it takes CAP_SYS_RESOURCE itself.
    /// \return whether that worked
    static bool keep_right();

    /// What holds from now on. What has been raised beyond it is taken back.
    void limit(const Lateness& lateness);
    /// A timer was late by so much. If that is too much it is logged, and asks for one step more, if there is one left.
    /// \return whether it was too much
    bool heed(Duration late);

private:
    void raise();
    void set(int priority);

    Duration tolerated_ = Lateness().tolerated;
    int most_ = 0;
    int raised_to_ = 0;
    bool refused_ = false;  ///< and logged
};

}  // namespace sustain::core
