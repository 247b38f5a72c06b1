#include "ipvs/log_lines.hpp"

#include <fmt/format.h>

namespace sustain::ipvs {

std::vector<std::string> log_lines(const Transition& transition, const Pool& pool) {
    const VirtualServer& config = pool.config();
    const std::string& service = pool.name();
    const std::string sorry =
        config.sorry_server ? server_name(config.sorry_server->address, config.protocol, config.sorry_server->port)
                            : "";
    std::vector<std::string> lines;
    if (transition.confirmed || transition.cause == Transition::Cause::shutdown ||
        (transition.cause == Transition::Cause::start && !transition.server.empty())) {
        return lines;  // nothing has changed
    }
    switch (transition.kind) {
        case Transition::Kind::server_up:
            lines.push_back(transition.inhibited
                                ? fmt::format("Enabling service {} of VS {}", transition.server, service)
                                : fmt::format("Adding service {} to VS {}", transition.server, service));
            break;
        case Transition::Kind::server_down:
            lines.push_back(transition.inhibited
                                ? fmt::format("Disabling service {} of VS {}", transition.server, service)
                                : fmt::format("Removing service {} from VS {}", transition.server, service));
            break;
        case Transition::Kind::quorum_gained:
            lines.push_back(fmt::format("{} {}+{}={} <= {} for VS {}",
                                        transition.first ? "Starting with quorum up" : "Gained quorum", config.quorum,
                                        config.hysteresis, transition.limit, transition.weight, service));
            if (config.sorry_server && !transition.first) {
                lines.push_back(fmt::format("Removing sorry server {} from VS {}", sorry, service));
                lines.push_back(fmt::format("Adding alive servers to the pool for VS {}", service));
            }
            break;
        case Transition::Kind::weight_changed:
            lines.push_back(fmt::format("Changing weight from {} to {} for {} service {} of VS {}",
                                        transition.old_weight, transition.new_weight,
                                        transition.inhibited ? "inactive" : "active", transition.server, service));
            break;
        case Transition::Kind::quorum_lost:
            if (transition.cause == Transition::Cause::removal) {
                break;
            }
            lines.push_back(fmt::format("{} {}-{}={} > {} for VS {}",
                                        transition.first ? "Starting with quorum down" : "Lost quorum", config.quorum,
                                        config.hysteresis, transition.limit, transition.weight, service));
            if (config.sorry_server) {
                lines.push_back(fmt::format("Adding sorry server {} to VS {}", sorry, service));
                lines.push_back(fmt::format("Removing alive servers from the pool for VS {}", service));
            }
            break;
    }
    return lines;
}

std::vector<std::string> farewell_lines(const Pool& pool) {
    const VirtualServer& config = pool.config();
    std::vector<std::string> lines;
    for (std::size_t index = 0; index < config.real_servers.size(); ++index) {
        const RealServer& server = config.real_servers[index];
        const bool serves = pool.alive(index) && !pool.sorry_server_in_service();
        if (serves || server.inhibit_on_failure) {
            lines.push_back(fmt::format("Shutting down {}service {} from VS {}", serves ? "" : "(inhibited) ",
                                        pool.name_of(server), pool.name()));
        }
    }
    return lines;
}

}  // namespace sustain::ipvs
