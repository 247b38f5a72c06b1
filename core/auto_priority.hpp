// A process that finds its timers late asks the kernel for more: real-time priority, one step at a time
// (max_auto_priority, spec/cli.md 17). Other than in keepalived no limit of computing time comes with it: the kernel
// would end the process for a long reload, and keeps a share of each processor for the others anyway.
#pragma once

namespace sustain::core {

class AutoPriority {
public:
    /// Allows this process to raise its priority later, without CAP_SYS_NICE; it takes CAP_SYS_RESOURCE itself.
    /// \return whether that worked
    static bool keep_right();

    /// How far it may go, 1 to 99; 0 or less: not at all, and what has been raised is taken back.
    void limit(int most);
    /// A timer was late: one step more, if there is one left.
    void late();

private:
    void set(int priority);

    int most_ = 0;
    int raised_to_ = 0;
    bool refused_ = false;  ///< and logged
};

}  // namespace sustain::core
