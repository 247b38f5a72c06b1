// What the checks of a configuration ask the machine that it is meant for: which interfaces there are. A test answers
// from a list.
#pragma once

#include <string>

namespace sustain::parser {

/// What the checks need to know of an existing interface.
struct Interface {
    bool loopback = false;
    bool multicast = true;
    unsigned mtu = 1500;
};

class Environment {
public:
    virtual ~Environment() = default;
    [[nodiscard]] virtual bool interface_exists(const std::string& name) const = 0;
    /// Of an existing interface; asked after interface_exists().
    [[nodiscard]] virtual Interface interface(const std::string& name) const;
};

/// The machine that we run on, in the network namespace of the calling thread.
class SystemEnvironment final : public Environment {
public:
    [[nodiscard]] bool interface_exists(const std::string& name) const override;
    [[nodiscard]] Interface interface(const std::string& name) const override;
};

}  // namespace sustain::parser
