// All virtual servers of a configuration: which pool a verdict concerns, which pools make up a service, and what
// becomes of them when the configuration is replaced. Pure, like Pool.
#pragma once

#include <map>
#include <optional>
#include <set>
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

    Pools(Config config, core::Generation generation);

    /// The first look at every quorum, at start.
    [[nodiscard]] std::vector<Event> evaluate();
    /// A verdict about a check of `generation`: the present one or one of the last few before it. Anything unknown is
    /// ignored.
    [[nodiscard]] std::vector<Event> verdict(core::Generation generation, std::uint32_t check, bool up);
    /// Another configuration takes over (spec/lvs.md 11.3). The n-th virtual server of a key inherits from the n-th
    /// of the same key before.
    [[nodiscard]] std::vector<Event> reload(Config config, core::Generation generation);

    /// The service that the kernel ought to have; nothing if the configuration has none of this key. Of virtual
    /// servers with the same key the first decides the settings, and their servers are put together.
    [[nodiscard]] std::optional<Service> desired(const ServiceKey& key) const;
    /// In the order of the configuration, each once.
    [[nodiscard]] const std::vector<ServiceKey>& keys() const { return keys_; }
    [[nodiscard]] bool has(const ServiceKey& key) const { return by_key_.contains(key); }
    [[nodiscard]] const std::vector<Pool>& all() const { return pools_; }
    /// By check number.
    [[nodiscard]] std::vector<std::optional<bool>> verdicts() const;

private:
    struct Place {
        std::size_t pool;
        std::size_t server;
        std::size_t check;
    };
    using Numbers = std::vector<std::optional<std::uint32_t>>;  // check numbers of today by those of a generation

    void add(Pool pool);
    [[nodiscard]] Numbers translate(const Pools& before) const;

    std::vector<Pool> pools_;
    std::vector<ServiceKey> keys_;
    std::map<ServiceKey, std::vector<std::size_t>> by_key_;
    std::vector<std::optional<Place>> places_;  // by check number
    core::Generation generation_;
    std::map<core::Generation, Numbers> earlier_;
};

}  // namespace sustain::ipvs
