// All virtual servers of a configuration: which pool a verdict concerns, which pools make up a service, and what
// becomes of them when the configuration is replaced. Pure, like Pool.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/message.hpp"
#include "ipvs/pool.hpp"

namespace sustain::ipvs {

class Pools {
public:
    /// What happened to which pool. The pool is valid until the next change of configuration.
    struct Event {
        const Pool* pool;
        Transition transition;
    };

    /// A check, as the present configuration has it.
    struct Place {
        std::size_t pool;
        std::size_t server;
        std::size_t check;
    };
    /// Checks that have to rest (ha_suspend), or may go on.
    struct Rest {
        std::uint32_t check;
        bool suspended;
        bool operator==(const Rest&) const = default;
    };

    /// \param init_notifies rs_init_notifies
    Pools(Config config, core::Generation generation, bool init_notifies = false);

    /// The first look at every quorum, at start.
    [[nodiscard]] std::vector<Event> evaluate();
    /// A verdict about a check of `generation`: the present one or one of the last few before it. Anything unknown is
    /// ignored.
    [[nodiscard]] std::vector<Event> verdict(core::Generation generation, std::uint32_t check, bool up);
    /// What a check adds to the weight of its real server. Unknown ones as in verdict().
    [[nodiscard]] std::vector<Event> contribute(core::Generation generation, std::uint32_t check, std::int64_t weight);
    /// Where the check of a generation is now; nothing if it is unknown.
    [[nodiscard]] std::optional<Place> find(core::Generation generation, std::uint32_t check) const;
    /// Another configuration takes over (spec/lvs.md 11.3). The n-th virtual server of an identity (address, mark, or
    /// group and ordinal) inherits from the n-th of the same one before. What is gone says so; those pools are valid
    /// until the next reload.
    [[nodiscard]] std::vector<Event> reload(Config config, core::Generation generation, bool init_notifies = false);

    /// The addresses that this machine has now. \return what that changes for checks with ha_suspend (spec/lvs.md
    /// 12.1): those of a virtual server rest while none of its addresses is here.
    [[nodiscard]] std::vector<Rest> set_local_addresses(const std::set<core::Address>& local);
    /// Whether any virtual server has ha_suspend.
    [[nodiscard]] bool depends_on_addresses() const { return !suspendable_.empty(); }
    /// By check number: it has to rest.
    [[nodiscard]] std::vector<bool> suspended() const;

    /// The service that the kernel ought to have; nothing if the configuration has none of this key. Of virtual
    /// servers with the same key the first decides the settings, and their servers are put together.
    [[nodiscard]] std::optional<Service> desired(const ServiceKey& key) const;
    /// Of all virtual servers in the order of the configuration, each once.
    [[nodiscard]] const std::vector<ServiceKey>& keys() const { return keys_; }
    [[nodiscard]] bool has(const ServiceKey& key) const { return by_key_.contains(key); }
    [[nodiscard]] const std::vector<Pool>& all() const { return pools_; }
    /// By check number.
    [[nodiscard]] std::vector<std::optional<bool>> verdicts() const;

private:
    using Identity = std::pair<std::string, ServiceKey>;        // the name of a group's virtual server, or its service
    using Numbers = std::vector<std::optional<std::uint32_t>>;  // check numbers of today by those of a generation

    struct Suspendable {
        std::size_t pool;
        std::vector<AddressRange> ranges;  // that the virtual server is for
        bool suspended = true;
    };

    void add(Pool pool, const Group* group);
    [[nodiscard]] static Identity identity_of(const VirtualServer& server, const Group* group);
    [[nodiscard]] std::vector<Transition> farewell_of(const Pool& pool) const;
    [[nodiscard]] std::vector<Event> events_of(std::size_t pool, std::vector<Transition> transitions) const;
    [[nodiscard]] Numbers translate(const Pools& before) const;

    std::vector<Pool> pools_;
    std::vector<ServiceKey> keys_;
    std::map<ServiceKey, std::vector<std::size_t>> by_key_;
    std::vector<std::optional<Place>> places_;  // by check number
    std::map<Identity, std::vector<std::size_t>> by_identity_;
    std::vector<Suspendable> suspendable_;
    std::set<core::Address> local_;
    std::vector<Pool> departed_;  // removed by the last reload
    core::Generation generation_;
    std::map<core::Generation, Numbers> earlier_;
};

}  // namespace sustain::ipvs
