// The destinations of a service that is put together: each key once.
#pragma once

#include <map>

#include "ipvs/table.hpp"

namespace sustain::ipvs {

class DestinationList {
public:
    explicit DestinationList(Service& service) : service_(service) {
        for (const auto& destination : service.destinations) {
            places_.emplace(destination.key, places_.size());
        }
    }

    /// Of two with the same key (direct routing makes one of two ports) the first counts, unless it gets no connections
    /// and the other one does.
    void add(const Service::Destination& destination) {
        const auto [place, is_new] = places_.try_emplace(destination.key, service_.destinations.size());
        if (is_new) {
            service_.destinations.push_back(destination);
            return;
        }
        auto& known = service_.destinations[place->second].settings;
        if (known.weight == 0 && destination.settings.weight > 0) {
            known = destination.settings;
        }
    }

private:
    Service& service_;
    std::map<DestinationKey, std::size_t> places_;
};

}  // namespace sustain::ipvs
