#include "ipvs/reconciler.hpp"

#include <algorithm>
#include <set>

namespace sustain::ipvs {

namespace {

/// Servers that get connections come before those that lose them.
int rank(const Edit& edit) {
    switch (edit.operation) {
        case Edit::Operation::new_service:
        case Edit::Operation::set_service: return 0;
        case Edit::Operation::new_destination: return 1;
        case Edit::Operation::set_destination: return edit.destination.settings.weight > 0 ? 2 : 3;
        case Edit::Operation::delete_destination: return 4;
        case Edit::Operation::delete_service: return 5;
    }
    return 5;
}

}  // namespace

void reconcile(const ServiceKey& key, const Entry* actual, const Service* desired, std::vector<Edit>& edits) {
    using Operation = Edit::Operation;
    if (desired == nullptr) {
        if (actual != nullptr) {
            edits.push_back({Operation::delete_service, key, actual->settings, {}});  // its destinations go with it
        }
        return;
    }
    const auto begin = static_cast<std::ptrdiff_t>(edits.size());
    const auto add = [&](Operation operation, const Service::Destination& destination) {
        edits.push_back({operation, key, desired->settings, destination});
    };
    if (actual == nullptr) {
        add(Operation::new_service, {});
    } else if (actual->settings != desired->settings) {
        add(Operation::set_service, {});
    }
    static const Entry kNothing;
    const auto& present = (actual != nullptr ? *actual : kNothing).destinations;
    std::set<DestinationKey> wanted;
    for (const auto& destination : desired->destinations) {
        wanted.insert(destination.key);
        const auto found = present.find(destination.key);
        if (found == present.end()) {
            add(Operation::new_destination, destination);
        } else if (found->second != destination.settings) {
            add(Operation::set_destination, destination);
        }
    }
    for (const auto& [destination, settings] : present) {
        if (!wanted.contains(destination)) {
            add(Operation::delete_destination, {destination, settings});
        }
    }
    std::stable_sort(edits.begin() + begin, edits.end(),
                     [](const Edit& left, const Edit& right) { return rank(left) < rank(right); });
}

}  // namespace sustain::ipvs
