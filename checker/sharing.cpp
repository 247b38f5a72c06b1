#include "checker/sharing.hpp"

#include <functional>
#include <string_view>
#include <unordered_map>

#include "checker/combine_hashes.hpp"
#include "checker/kind_of.hpp"

namespace sustain::checker {

namespace {

bool is_shareable(const Check& check) {
    return !check.suspendable && get_boxed<MiscCheck>(check.identity.kind) == nullptr;
}

bool same_conversation(const Kind& a, const Kind& b) {
    if (a != b) {
        return false;
    }
    if (const auto* const http = get_boxed<HttpGet>(a)) {
        return http->same_conversation(*get_boxed<HttpGet>(b));
    }
    if (const auto* const udp = get_boxed<UdpCheck>(a)) {
        return udp->same_conversation(*get_boxed<UdpCheck>(b));
    }
    return true;
}

/// A check and where it stands.
struct Candidate {
    const Check* check;
    const Verdict* verdict;

    bool operator==(const Candidate& other) const {
        const auto pace = [](const Check& its) {
            return std::tie(its.retry, its.delay_before_retry, its.delay_loop, its.warmup,
                            its.identity.connect_timeout);
        };
        const Identity& identity = check->identity;
        const Identity& others = other.check->identity;
        return *verdict == *other.verdict && pace(*check) == pace(*other.check) &&
               identity.endpoint == others.endpoint && same_conversation(identity.kind, others.kind);
    }
};

struct CandidateHash {
    std::size_t operator()(const Candidate& candidate) const {
        const Identity& identity = candidate.check->identity;
        const std::hash<std::string_view> hash;
        std::size_t seed =
            combine_hashes(std::hash<core::Address>{}(identity.endpoint.address), identity.endpoint.port);
        seed = combine_hashes(seed, identity.kind.index());
        seed = combine_hashes(seed, static_cast<std::size_t>(candidate.check->delay_loop.count()));
        if (const auto* const http = get_boxed<HttpGet>(identity.kind)) {
            for (const Url& url : http->urls) {
                seed =
                    combine_hashes(combine_hashes(seed, hash(url.path)), hash(url.virtualhost.value_or(std::string())));
            }
            seed = combine_hashes(seed, hash(http->virtualhost.value_or(std::string())));
        } else if (const auto* const dns = get_boxed<DnsCheck>(identity.kind)) {
            seed = combine_hashes(seed, hash(dns->name));
        }
        return seed;
    }
};

}  // namespace

Sharing share(const Config& config, const std::vector<Verdict>& verdicts) {
    Sharing sharing;
    sharing.next.assign(config.checks.size(), kNobody);
    std::unordered_map<Candidate, std::uint32_t, CandidateHash> last;  // of those that share
    last.reserve(config.checks.size());
    for (std::uint32_t number = 0; number < config.checks.size(); ++number) {
        const Check& check = config.checks[number];
        if (!has_timetable(check.identity.kind)) {
            continue;
        }
        if (is_shareable(check)) {
            const auto [found, is_new] = last.try_emplace(Candidate{&check, &verdicts[number]}, number);
            if (!is_new) {
                sharing.next[found->second] = number;
                found->second = number;
                continue;
            }
        }
        sharing.leaders.push_back(number);
    }
    return sharing;
}

}  // namespace sustain::checker
