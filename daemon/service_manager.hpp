// Telling systemd how far we are (sd_notify(3), spec/cli.md section 12). Does nothing when we were not started by it.
#pragma once

#include <string>
#include <string_view>

namespace sustain::daemon {

class ServiceManager {
public:
    /// Takes NOTIFY_SOCKET out of the environment, so that children and scripts do not inherit it.
    ServiceManager();

    void ready() const;
    void reloading() const { send("RELOADING=1"); }
    void stopping() const { send("STOPPING=1"); }
    /// A child ended with an error that a restart cannot mend: EINVAL for the configuration, EPERM for a privilege.
    void failed(int error) const;

private:
    void send(std::string_view state) const;

    std::string socket_;
};

}  // namespace sustain::daemon
