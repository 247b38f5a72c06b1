// One virtual server and its real servers: from the verdicts of the checks to the service that the kernel ought to
// have. Alive and dead servers, quorum with hysteresis, sorry server (spec/lvs.md section 6). Pure: it knows no
// kernel and no time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ipvs/table.hpp"

namespace sustain::ipvs {

/// Something that people want to hear of: log, notify scripts, FIFO lines, mails.
struct Transition {
    enum class Kind : std::uint8_t { server_up, server_down, quorum_gained, quorum_lost };
    Kind kind = Kind::server_up;
    std::string server;        ///< server_up and server_down: its name
    bool inhibited = false;    ///< server_up and server_down: it stays in the kernel with weight 0 while down
    bool first = false;        ///< quorum: the first word about it after start or reload
    std::uint64_t limit = 0;   ///< quorum: the sum of weights that decides
    std::uint64_t weight = 0;  ///< quorum: the sum of weights of the servers alive

    bool operator==(const Transition&) const = default;
};

/// For each check of a real server the index of the equal one among those of `before`, each of which is given once.
[[nodiscard]] std::vector<std::optional<std::size_t>> predecessors(const std::vector<Check>& now,
                                                                   const std::vector<Check>& before);

class Pool {
public:
    /// All checks without result: those with alpha count as down, all others as up.
    explicit Pool(VirtualServer config);
    /// The pool after a reload: verdicts and quorum are those of `before`, as far as they are about the same things
    /// (spec/lvs.md 11.3).
    Pool(VirtualServer config, const Pool& before);

    /// The first look at the quorum, once after construction: what start or reload has changed.
    [[nodiscard]] std::vector<Transition> evaluate();
    /// The result of check number `check` of real server number `server`, by their index.
    [[nodiscard]] std::vector<Transition> verdict(std::size_t server, std::size_t check, bool up);

    [[nodiscard]] ServiceKey key() const;
    /// What the kernel ought to have.
    [[nodiscard]] Service desired() const;

    [[nodiscard]] const VirtualServer& config() const { return config_; }
    [[nodiscard]] bool alive(std::size_t server) const { return servers_[server].checks_down == 0; }
    [[nodiscard]] bool quorum_up() const { return quorum_up_; }
    [[nodiscard]] bool sorry_server_in_service() const { return config_.sorry_server && !quorum_up_ && evaluated_; }
    /// The last result, nothing if there has been none.
    [[nodiscard]] std::optional<bool> last_verdict(std::size_t server, std::size_t check) const;
    /// The index of the real server at this place.
    [[nodiscard]] std::optional<std::size_t> find(const core::Address& address, std::uint16_t port) const;

private:
    struct CheckState {
        bool up = true;
        bool has_run = false;
    };
    struct Server {
        std::vector<CheckState> checks;
        std::size_t checks_down = 0;
    };

    void carry_over(std::size_t server, const Pool& before, std::size_t before_server);
    void count();
    void judge_quorum(bool first, std::vector<Transition>& transitions);
    [[nodiscard]] std::string name_of(const RealServer& server) const;
    /// Server: a RealServer or a SorryServer.
    [[nodiscard]] Service::Destination destination(const auto& server, std::int32_t weight) const;

    VirtualServer config_;
    std::vector<Server> servers_;  // by the index in config_.real_servers
    std::map<DestinationKey, std::size_t> places_;
    std::uint64_t weight_ = 0;  // of the servers alive
    bool quorum_up_ = false;
    bool evaluated_ = false;
    bool is_successor_ = false;  // of a pool before a reload
    bool sorry_server_is_new_ = true;
    std::vector<Transition> carried_;  // told by evaluate()
};

}  // namespace sustain::ipvs
