// Who tracks what, and what that amounts to for each virtual router. The status of a script, file, process, interface
// or BFD neighbour is told once, however many routers track it; only those that it changes are told. I/O-free.
//
// Routers are known by their index in the configuration.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "vrrp/action.hpp"
#include "vrrp/config.hpp"
#include "vrrp/contribution.hpp"
#include "vrrp/tracking.hpp"

namespace sustain::vrrp {

class TrackBoard {
public:
    using Index = std::uint32_t;

    /// Takes over what the instances track: what is written, and the interfaces of static addresses of their track
    /// groups. What is known of the objects stays; the others are down, files 0, and
    /// scripts waiting. Linear in the number of trackers.
    void configure(const Config& config);

    /// Tells how things are with an object, whether anybody tracks it or not. Appends the routers whose Tracking it
    /// changes to `changed`, each once, and what is to be logged of them to `lines`.
    void set(Tracked kind, const std::string& name, const TrackedStatus& status, std::vector<Index>& changed,
             Actions& lines);
    /// Forgets an object that the configuration does not have any more.
    void forget(Tracked kind, const std::string& name);

    /// Of a router of the configuration.
    [[nodiscard]] const Tracking& tracking(Index router) const;
    /// Why it is in FAULT, one line a tracker: for the log of its start.
    [[nodiscard]] std::vector<std::string> faults(Index router) const;
    /// Names of the interfaces that anybody tracks.
    [[nodiscard]] std::vector<std::string> interfaces() const;
    /// Those that track an object.
    [[nodiscard]] std::vector<Index> routers(Tracked kind, const std::string& name) const;
    [[nodiscard]] bool is_tracked(Tracked kind, const std::string& name) const;
    [[nodiscard]] TrackedStatus status(Tracked kind, const std::string& name) const;

private:
    struct Link {
        Index router = 0;
        std::uint32_t tracker = 0;  ///< in the router's list
        Contribution counted;       ///< for that router at present
    };
    struct Object {
        TrackedStatus status;
        std::vector<Link> links{};
    };
    struct Router {
        std::string name;
        std::vector<Tracker> trackers;  ///< effective ones
        Tracking tracking;
        unsigned waiting = 0;  ///< scripts that it waits for
    };
    using Objects = std::unordered_map<std::string, Object>;

    [[nodiscard]] Objects& objects(Tracked kind) { return objects_[static_cast<std::size_t>(kind)]; }
    static void add(Router& router, const Contribution& contribution, int times);

    std::array<Objects, kTrackedKinds> objects_;
    std::unordered_map<Index, Router> routers_;  ///< those that track anything
};

}  // namespace sustain::vrrp
