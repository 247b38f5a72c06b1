// One change of the IPVS table: a command for the kernel, and the same for a Table in memory.
#pragma once

#include <string>

#include "ipvs/table.hpp"

namespace sustain::ipvs {

struct Edit {
    enum class Operation : std::uint8_t {
        new_service,
        set_service,
        new_destination,
        set_destination,
        delete_destination,
        delete_service,
    };

    Operation operation = Operation::new_service;
    ServiceKey service;
    ServiceSettings settings;          ///< of the service; with the destination operations for information only
    Service::Destination destination;  ///< only with the destination operations

    [[nodiscard]] bool on_destination() const {
        return operation == Operation::new_destination || operation == Operation::set_destination ||
               operation == Operation::delete_destination;
    }
};

/// What the edit attempts, for errors: "adding 172.27.9.91:81 to [172.27.9.100]:tcp:81".
[[nodiscard]] std::string describe(const Edit& edit);

/// Does to `table` what the edit does to the kernel. One that makes no sense there (a destination of a service that
/// is not in it) changes nothing.
void apply(const Edit& edit, Table& table);

}  // namespace sustain::ipvs
