// A network namespace of its own for one test case.
#pragma once

#include <fcntl.h>
#include <sched.h>

#include "core/unique_fd.hpp"

namespace sustain::test {

/// This thread is in a new network namespace as long as it lives, if we have the right to make one.
class OwnNetwork {
public:
    OwnNetwork() : before_(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)), made_(::unshare(CLONE_NEWNET) == 0) {}
    OwnNetwork(const OwnNetwork&) = delete;
    OwnNetwork& operator=(const OwnNetwork&) = delete;
    ~OwnNetwork() {
        if (made_) {
            (void)::setns(before_.get(), CLONE_NEWNET);
        }
    }
    [[nodiscard]] bool made() const { return made_; }

private:
    core::UniqueFd before_;
    bool made_;
};

}  // namespace sustain::test
