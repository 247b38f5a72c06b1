#include "ipvs/edit.hpp"

#include <fmt/format.h>

namespace sustain::ipvs {

namespace {

std::string text_of(const DestinationKey& key) {
    return key.address.is_ipv6() ? fmt::format("[{}]:{}", key.address, key.port)
                                 : fmt::format("{}:{}", key.address, key.port);
}

}  // namespace

std::string describe(const Edit& edit) {
    const std::string service = to_string(edit.service);
    switch (edit.operation) {
        case Edit::Operation::new_service:
            return fmt::format("adding virtual server {} ({})", service, edit.settings.scheduler);
        case Edit::Operation::set_service:
            return fmt::format("changing virtual server {} ({})", service, edit.settings.scheduler);
        case Edit::Operation::delete_service: return fmt::format("removing virtual server {}", service);
        case Edit::Operation::new_destination:
            return fmt::format("adding {} to {}", text_of(edit.destination.key), service);
        case Edit::Operation::set_destination:
            return fmt::format("changing {} of {}", text_of(edit.destination.key), service);
        case Edit::Operation::delete_destination:
            return fmt::format("removing {} from {}", text_of(edit.destination.key), service);
    }
    return {};
}

void apply(const Edit& edit, Table& table) {
    if (edit.operation == Edit::Operation::new_service) {
        table.insert_or_assign(edit.service, Entry{edit.settings, {}});
        return;
    }
    const auto found = table.find(edit.service);
    if (found == table.end()) {
        return;
    }
    Entry& entry = found->second;
    switch (edit.operation) {
        case Edit::Operation::new_service: break;
        case Edit::Operation::set_service: entry.settings = edit.settings; break;
        case Edit::Operation::delete_service: table.erase(found); break;
        case Edit::Operation::new_destination:
        case Edit::Operation::set_destination:
            entry.destinations.insert_or_assign(edit.destination.key, edit.destination.settings);
            break;
        case Edit::Operation::delete_destination: entry.destinations.erase(edit.destination.key); break;
    }
}

}  // namespace sustain::ipvs
