#include "daemon/umask.hpp"

#include <sys/stat.h>

#include "core/log.hpp"

namespace sustain::daemon {

void take_umask(const Options& options, const core::ProcessesSettings& settings) {
    if (!settings.umask) {
        return;
    }
    if (options.umask) {
        core::log::info("umask command line option specified, ignoring config option");
    } else {
        ::umask(*settings.umask);
    }
}

}  // namespace sustain::daemon
