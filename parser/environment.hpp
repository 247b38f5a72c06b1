// What the checks of a configuration ask the machine that it is meant for: which interfaces there are. A test answers
// from a list.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/address.hpp"

namespace sustain::parser {

/// What the checks need to know of an existing interface.
struct Interface {
    bool loopback = false;
    bool multicast = true;
    bool arp = true;
    bool point_to_point = false;
    bool ethernet = true;
    unsigned mtu = 1500;
    /// Whether it could be the interface that use_vmac or use_ipvlan makes.
    bool private_macvlan = false;
    bool layer2_ipvlan = false;
    std::string base;  ///< the interface below a macvlan; empty: it is none
};

class Environment {
public:
    virtual ~Environment() = default;
    [[nodiscard]] virtual bool interface_exists(const std::string& name) const = 0;
    /// Of an existing interface; asked after interface_exists().
    [[nodiscard]] virtual Interface interface(const std::string& name) const;
    /// From which an advert of this family leaves the interface: its first IPv4 address, or its link-local one.
    [[nodiscard]] virtual std::optional<core::Address> source_address(const std::string& interface,
                                                                      core::Address::Family family) const;
};

/// The machine that we run on, in the network namespace of the calling thread.
class SystemEnvironment final : public Environment {
public:
    [[nodiscard]] bool interface_exists(const std::string& name) const override;
    [[nodiscard]] Interface interface(const std::string& name) const override;
    [[nodiscard]] std::optional<core::Address> source_address(const std::string& interface,
                                                              core::Address::Family family) const override;

private:
    /// All that there were when one was first asked for, by interface; the first that fits of each family.
    mutable std::optional<std::multimap<std::string, core::Address, std::less<>>> sources_;
};

}  // namespace sustain::parser
