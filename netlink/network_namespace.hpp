// Another network namespace for a moment: what is opened meanwhile, a netlink socket for instance, belongs to it for as
// long as it is open, whatever its owner does afterwards (network_namespaces(7)).
#pragma once

#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/unique_fd.hpp"

namespace sustain::netlink {

/// While it lives, this thread is in the other namespace.
class NamespaceVisit {
public:
    /// \param name a file in /run/netns, as `ip netns add` makes them. Needs CAP_SYS_ADMIN.
    [[nodiscard]] static core::Result<NamespaceVisit> enter(const std::string& name);

    NamespaceVisit(NamespaceVisit&&) noexcept = default;
    NamespaceVisit& operator=(NamespaceVisit&&) = delete;
    /// Back home. Whoever cannot return must not go on in the wrong place: the process ends.
    ~NamespaceVisit();

private:
    explicit NamespaceVisit(core::UniqueFd home) : home_(std::move(home)) {}

    core::UniqueFd home_;
};

}  // namespace sustain::netlink
