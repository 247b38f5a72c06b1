// One virtual server and its real servers: from the verdicts of the checks to the service that the kernel ought to
// have. Alive and dead servers, quorum with hysteresis, sorry server (spec/lvs.md section 6). Pure: it knows no
// kernel and no time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipvs/services.hpp"
#include "ipvs/table.hpp"
#include "ipvs/transition.hpp"

namespace sustain::ipvs {

/// What a pool needs beside its virtual server.
struct Surroundings {
    const Group* group = nullptr;                                         ///< of Selector::group; for construction only
    std::shared_ptr<const std::vector<core::Command>> scripts = nullptr;  ///< Config::scripts
    bool init_notifies = false;  ///< rs_init_notifies: a real server that comes into the pool at start is told, too
};

/// For each check of a real server the index of the equal one among those of `before`, each of which is given once.
[[nodiscard]] std::vector<std::optional<std::size_t>> predecessors(const std::vector<Check>& now,
                                                                   const std::vector<Check>& before);

class Pool {
public:
    /// All checks without result: those with alpha and those that are known to have failed count as down, all others as
    /// up.
    explicit Pool(VirtualServer config, Surroundings surroundings = {});
    /// The pool after a reload: verdicts and quorum are those of `before`, as far as they are about the same things
    /// (spec/lvs.md 11.3).
    Pool(VirtualServer config, const Pool& before, Surroundings surroundings = {});

    /// The first look at the quorum, once after construction: what start or reload has changed.
    [[nodiscard]] std::vector<Transition> evaluate();
    /// The result of check number `check` of real server number `server`, by their index.
    [[nodiscard]] std::vector<Transition> verdict(std::size_t server, std::size_t check, bool up);

    /// What MISC_CHECK and FILE_CHECK add to the weight of a real server, beside what is configured and what its other
    /// checks add (spec/lvs.md 6.1). It is nothing again when the check is down.
    [[nodiscard]] std::vector<Transition> contribute(std::size_t server, std::size_t check, std::int64_t weight);

    /// What is to be told when a reload has removed the virtual server, or when the daemon ends (omega).
    [[nodiscard]] std::vector<Transition> farewell(Transition::Cause cause, bool of_servers) const;

    /// The services that it is for: one, or those of its group.
    [[nodiscard]] const std::vector<ServiceKey>& services() const { return services_; }
    [[nodiscard]] const ServiceKey& key() const { return services_.front(); }
    /// What the kernel ought to have, of one of the services or, without argument, of the first one.
    [[nodiscard]] Service desired(const ServiceKey& service) const;
    [[nodiscard]] Service desired() const { return desired(key()); }
    /// "[10.1.9.1]:tcp:80", "FWM 7" or "[G1]:0": the text of logs, FIFO lines and mails (spec/lvs.md section 2).
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string name_of(const RealServer& server) const;

    [[nodiscard]] const VirtualServer& config() const { return config_; }
    [[nodiscard]] bool alive(std::size_t server) const { return servers_[server].checks_down == 0; }
    /// What the kernel gets while it is alive: 0 to 2147483647.
    [[nodiscard]] std::int32_t weight(std::size_t server) const { return servers_[server].weight; }
    /// The present verdict, the assumed one where there has been no result.
    [[nodiscard]] bool check_up(std::size_t server, std::size_t check) const {
        return servers_[server].checks[check].up;
    }
    [[nodiscard]] bool quorum_up() const { return quorum_up_; }
    [[nodiscard]] bool sorry_server_in_service() const { return config_.sorry_server && !quorum_up_ && evaluated_; }
    /// The last result, nothing if there has been none.
    [[nodiscard]] std::optional<bool> last_verdict(std::size_t server, std::size_t check) const;
    /// The index of the real server at this place; of several (direct routing may make one of two ports), the n-th.
    [[nodiscard]] std::optional<std::size_t> find(const core::Address& address, std::uint16_t port,
                                                  std::size_t nth = 0) const;
    /// How many real servers at the same place come before this one.
    [[nodiscard]] std::size_t twin(std::size_t server) const { return servers_[server].twin; }

private:
    struct CheckState {
        bool up = true;
        bool has_run = false;
        std::int64_t contribution = 0;  // to the weight
    };
    struct Server {
        std::vector<CheckState> checks;
        std::size_t checks_down = 0;
        std::size_t twin = 0;     // how many at the same place come before
        std::int32_t weight = 0;  // as the kernel ought to have it
        bool is_new = true;       // was not there before the reload
    };

    /// Null where there is none.
    [[nodiscard]] std::shared_ptr<const core::Command> script(core::CommandNumber number) const;
    void carry_over(std::size_t server, const Pool& before, std::size_t before_server);
    void count();
    [[nodiscard]] std::int32_t weight_of(std::size_t server) const;
    void judge_quorum(bool first, std::vector<Transition>& transitions);
    void reweigh(std::size_t server, std::vector<Transition>& transitions);
    [[nodiscard]] Transition of_server(std::size_t server, bool up, Transition::Cause cause) const;
    /// Server: a RealServer or a SorryServer.
    [[nodiscard]] Service::Destination destination(const auto& server, std::int32_t weight,
                                                   const ServiceKey& service) const;

    VirtualServer config_;
    std::vector<ServiceKey> services_;
    std::string name_;
    std::shared_ptr<const std::vector<core::Command>> scripts_;
    bool init_notifies_ = false;
    std::vector<Server> servers_;                                           // by the index in config_.real_servers
    std::map<std::pair<DestinationKey, std::size_t>, std::size_t> places_;  // by place and twin
    std::uint64_t weight_ = 0;                                              // of the servers alive
    bool quorum_up_ = false;
    bool evaluated_ = false;
    bool is_successor_ = false;  // of a pool before a reload
    bool sorry_server_is_new_ = true;
    std::vector<Transition> carried_;  // told by evaluate()
};

}  // namespace sustain::ipvs
