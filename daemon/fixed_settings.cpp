#include "daemon/fixed_settings.hpp"

namespace sustain::daemon {

std::string_view changed_fixed_setting(const core::GlobalConfig& before, const core::GlobalConfig& after) {
    // The table in the former namespace would be nobody's.
    if (before.run.ipvs_namespace.value_or("") != after.run.ipvs_namespace.value_or("")) {
        return "net_namespace_ipvs";
    }
    return {};
}

}  // namespace sustain::daemon
