#include <fmt/format.h>

#include "parser/check/check.hpp"

namespace sustain::parser {

bool check_static_addresses(Context& context) {
    const std::string& standard = context.draft.config.global.vrrp.default_interface;
    auto& addresses = context.draft.config.vrrp.static_addresses;
    addresses.reserve(context.draft.static_addresses.size());
    const bool dynamic = context.draft.config.global.dynamic_interfaces;
    const bool exists = context.interface(standard) != nullptr;
    bool missing = false;
    for (auto& [place, address] : context.draft.static_addresses) {
        if (address.device.empty() && !exists && !dynamic) {
            context.report.environment_error(
                Rank::fatal, Prefix::file_line, place,
                fmt::format("Default interface {} does not exist and no interface specified. Skip static address {}.",
                            standard, address.prefix.address),
                "name the interface with dev, or with default_interface in global_defs");
            missing = true;
            continue;
        }
        if (address.device.empty()) {
            address.device = standard;
            context.adjusted(place, "dev", address.device, "default_interface");
        }
        addresses.push_back(std::move(address));
    }
    if (missing) {
        constexpr int kConfigurationStatus = 2;
        context.vrrp_fatal = kConfigurationStatus;
    }
    return !missing;
}

}  // namespace sustain::parser
