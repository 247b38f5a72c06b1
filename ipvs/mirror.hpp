// What we know of our own services in the kernel, and the edits that make them what they ought to be. One caller at a
// time. It must outlive the coroutines that it starts, and so must the Pools.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ipvs/client.hpp"
#include "ipvs/pools.hpp"

namespace sustain::ipvs {

class Mirror {
public:
    Mirror(std::unique_ptr<Client> client, const Pools& pools) : client_(std::move(client)), pools_(pools) {}

    /// Reads which of the configured services the kernel has, and the destinations of those that we did not know.
    /// \param everything whoever made a service, it is ours now (lvs_flush): correct() takes away what is not wanted
    [[nodiscard]] core::Awaitable<core::Result<>> adopt(bool everything = false);
    /// Reads one service again. \return whether it was as we thought
    [[nodiscard]] core::Awaitable<bool> look(ServiceKey key);
    /// Makes the services what Pools wants them to be; those that it does not have are removed. What the kernel
    /// refuses is logged unless it was refused the last time too.
    [[nodiscard]] core::Awaitable<> correct(std::vector<ServiceKey> keys);
    /// Removes all our services or, with `everything`, all that there are.
    [[nodiscard]] core::Awaitable<> clear(bool everything = false);

    [[nodiscard]] Client& client() { return *client_; }
    /// Ours that are in the kernel, as far as is known.
    [[nodiscard]] std::vector<ServiceKey> keys() const;

private:
    using Complaints = std::map<ServiceKey, std::set<std::string>>;

    [[nodiscard]] std::set<ServiceKey> digest(const std::vector<Edit>& edits,
                                              const std::vector<netlink::Outcome>& outcomes, bool last_round,
                                              Complaints& complaints);
    void complain(const std::vector<ServiceKey>& keys, Complaints complaints);

    [[nodiscard]] std::optional<Service> desired(const ServiceKey& key) const;
    [[nodiscard]] bool try_without_engine(const Edit& edit, int code);

    std::unique_ptr<Client> client_;
    const Pools& pools_;
    Table actual_;
    std::set<std::string> missing_engines_;  // persistence engines that the kernel does not have, as it seems
    Complaints complaints_;                  // of the last attempt
};

}  // namespace sustain::ipvs
