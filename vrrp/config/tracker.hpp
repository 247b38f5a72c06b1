// What an instance or a sync group watches: another interface, a script, a file, a process or a BFD neighbour. Each
// makes it faulty or changes its priority (spec/vrrp.md, tracking).
#pragma once

#include <cstdint>
#include <string>

namespace sustain::vrrp {

enum class Tracked : std::uint8_t { interface, script, file, process, bfd };
constexpr std::size_t kTrackedKinds = 5;

struct Tracker {
    Tracked kind = Tracked::interface;
    bool reverse = false;     ///< counts the other way round
    std::int32_t weight = 0;  ///< added to the priority; 0: a failure is a fault. Of a file: times its value
    std::string name;         ///< of the interface or of the object in the configuration

    bool operator==(const Tracker&) const = default;
};

}  // namespace sustain::vrrp
