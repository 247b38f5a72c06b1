#include "ipvs/sync_daemon.hpp"

namespace sustain::ipvs {

namespace {

// net/netfilter/ipvs: IP_VS_SYNC_PORT, IP_VS_SYNC_GROUP
constexpr std::uint16_t kDefaultPort = 8848;
constexpr std::uint8_t kDefaultTtl = 1;

core::Address default_group() {
    return core::Address::ipv4(0xe0000051);  // 224.0.0.81
}

}  // namespace

std::vector<SyncDaemon> wanted_daemons(const std::optional<core::LvsSyncDaemon>& settings, bool master) {
    using Role = SyncDaemon::Role;
    if (!settings) {
        return {};
    }
    if (settings->instance.empty()) {
        return {{Role::master, *settings}, {Role::backup, *settings}};
    }
    return {{master ? Role::master : Role::backup, *settings}};
}

bool is_as_wanted(const SyncDaemon& actual, const SyncDaemon& wanted) {
    const core::LvsSyncDaemon& is = actual.settings;
    const core::LvsSyncDaemon& ought = wanted.settings;
    return actual.role == wanted.role && is.interface == ought.interface && is.id == ought.id.value_or(0) &&
           is.port == ought.port.value_or(kDefaultPort) && is.ttl == ought.ttl.value_or(kDefaultTtl) &&
           is.group == ought.group.value_or(default_group()) &&
           (!ought.max_length || is.max_length == ought.max_length);
}

}  // namespace sustain::ipvs
