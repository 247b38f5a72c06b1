#include "netlink/network_namespace.hpp"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>
#include <cstdlib>

#include "core/log.hpp"

namespace sustain::netlink {

core::Result<NamespaceVisit> NamespaceVisit::enter(const std::string& name) {
    const std::string attempt = "entering network namespace " + name;
    core::UniqueFd home(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    if (!home) {
        return core::failure(attempt, errno);
    }
    const core::UniqueFd other(::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC));
    if (!other || ::setns(other.get(), CLONE_NEWNET) != 0) {
        return core::failure(attempt, errno);
    }
    return NamespaceVisit(std::move(home));
}

NamespaceVisit::~NamespaceVisit() {
    if (home_ && ::setns(home_.get(), CLONE_NEWNET) != 0) {
        core::log::error("{}", core::system_error("returning to our network namespace", errno).what);
        std::abort();
    }
}

}  // namespace sustain::netlink
