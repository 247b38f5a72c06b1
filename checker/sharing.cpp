#include "checker/sharing.hpp"

#include <functional>
#include <string_view>
#include <unordered_map>

namespace sustain::checker {

namespace {

template <typename T>
const T* get_boxed(const Kind& kind) {
    const auto* const boxed = std::get_if<core::Boxed<T>>(&kind);
    return boxed != nullptr ? &**boxed : nullptr;
}

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

std::size_t combine(std::size_t seed, std::size_t value) {
    return seed ^ (value + 0x9e3779b97f4a7c15U + (seed << 6U) + (seed >> 2U));
}

struct CandidateHash {
    std::size_t operator()(const Candidate& candidate) const {
        const Identity& identity = candidate.check->identity;
        const std::hash<std::string_view> hash;
        std::size_t seed = combine(std::hash<core::Address>{}(identity.endpoint.address), identity.endpoint.port);
        seed = combine(seed, identity.kind.index());
        seed = combine(seed, static_cast<std::size_t>(candidate.check->delay_loop.count()));
        if (const auto* const http = get_boxed<HttpGet>(identity.kind)) {
            for (const Url& url : http->urls) {
                seed = combine(combine(seed, hash(url.path)), hash(url.virtualhost.value_or(std::string())));
            }
            seed = combine(seed, hash(http->virtualhost.value_or(std::string())));
        } else if (const auto* const dns = get_boxed<DnsCheck>(identity.kind)) {
            seed = combine(seed, hash(dns->name));
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
