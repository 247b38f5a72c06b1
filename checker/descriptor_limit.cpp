#include "checker/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>

namespace sustain::checker {

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1024;  // what every process has
    }
    rlim_t system_wide = limit.rlim_max;
    std::ifstream("/proc/sys/fs/nr_open") >> system_wide;
    const rlim_t most = std::max(limit.rlim_max, system_wide);
    for (const rlim_t wanted : {most, limit.rlim_max}) {
        const rlimit raised{wanted, wanted};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            return wanted;
        }
    }
    return limit.rlim_cur;
}

}  // namespace sustain::checker
