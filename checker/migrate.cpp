#include "checker/migrate.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "checker/combine_hashes.hpp"
#include "checker/sharing.hpp"

namespace sustain::checker {

namespace {

/// A real server of a virtual server; the texts belong to the configuration.
struct Server {
    std::string_view virtual_server;
    std::string_view real_server;
    bool operator==(const Server&) const = default;
};

Server server_of(const Check& check) {
    return {check.virtual_server, check.real_server};
}

struct ServerHash {
    std::size_t operator()(const Server& server) const {
        const std::hash<std::string_view> hash;
        return combine_hashes(hash(server.virtual_server), hash(server.real_server));
    }
};

/// A check by what makes it the same one.
struct SameCheck {
    const Check* check;
    bool operator==(const SameCheck& other) const {
        return server_of(*check) == server_of(*other.check) && check->identity == other.check->identity;
    }
};

struct SameCheckHash {
    std::size_t operator()(const SameCheck& same) const {
        const Endpoint& endpoint = same.check->identity.endpoint;
        return combine_hashes(ServerHash{}(server_of(*same.check)),
                              combine_hashes(std::hash<core::Address>{}(endpoint.address), endpoint.port));
    }
};

/// What the checks of a real server say together.
struct Summary {
    bool existed = false;
    bool was_down = false;  ///< before the reload
    bool failed = false;    ///< a check that it keeps is down
    bool has_run = false;   ///< a check that it keeps has had a result
};

}  // namespace

std::vector<Verdict> migrate(const Config& before, const std::vector<Verdict>& verdicts, const Config& after) {
    // The n-th of equal ones inherits from the n-th, as in ipvs::predecessors: the parent has to come to the same.
    std::unordered_map<SameCheck, std::uint32_t, SameCheckHash> predecessors;  // the next one without a successor
    std::vector<std::uint32_t> following(before.checks.size(), kNobody);
    std::unordered_map<Server, Summary, ServerHash> servers;
    for (auto number = static_cast<std::uint32_t>(before.checks.size()); number-- > 0;) {
        const Check& check = before.checks[number];
        following[number] = std::exchange(predecessors.try_emplace(SameCheck{&check}, kNobody).first->second, number);
        Summary& server = servers[server_of(check)];
        server.existed = true;
        server.was_down = server.was_down || !verdicts[number].up();
    }

    std::vector<Verdict> migrated;
    std::vector<std::size_t> added;
    migrated.reserve(after.checks.size());
    for (const Check& check : after.checks) {
        const auto found = predecessors.find(SameCheck{&check});
        if (found != predecessors.end() && found->second != kNobody) {
            const std::uint32_t predecessor = std::exchange(found->second, following[found->second]);
            const Verdict& verdict = migrated.emplace_back(verdicts[predecessor].migrated_to(check));
            Summary& server = servers[server_of(check)];
            server.failed = server.failed || !verdict.up();
            server.has_run = server.has_run || verdict.has_run();
        } else {
            added.push_back(migrated.size());
            migrated.push_back(Verdict::added());
        }
    }

    for (const std::size_t number : added) {
        const Check& check = after.checks[number];
        const Summary& server = servers[server_of(check)];
        if (!server.existed) {
            migrated[number] = Verdict::added_with_real_server(check);
        } else if (server.failed || (server.was_down && !server.has_run)) {
            migrated[number] = Verdict::at_start(check);
        }
    }
    return migrated;
}

}  // namespace sustain::checker
