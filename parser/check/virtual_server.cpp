// The end of a virtual_server block: inheritance (spec/lvs.md 2.1) and the checks of spec/lvs.md 3.3, in its order.
#include <fmt/format.h>

#include <numeric>

#include "parser/check/check.hpp"
#include "parser/check/health_check.hpp"
#include "parser/check/identity.hpp"

namespace sustain::parser {

namespace {

constexpr std::uint32_t kOnePacket = 0x04;          // IP_VS_SVC_F_ONEPACKET
constexpr std::uint32_t kDefaultPersistence = 360;  // seconds

class VirtualServerCheck {
public:
    explicit VirtualServerCheck(Context& context)
        : context_(context), draft_(context.draft.virtual_server), config_(context.draft.config) {}

    void run() {
        check_sorry_family();
        if (draft_.real_servers.empty()) {
            context_.report.error(Rank::general, Prefix::file_line, draft_.closed,
                                  fmt::format("Virtual server {} has no real servers - ignoring", name()));
            return;
        }
        settle_protocol();
        settle_scheduler();
        drop_duplicates();
        settle_methods();
        settle_sorry_server();
        settle_quorum();
        settle_ports();
        build();
    }

private:
    [[nodiscard]] std::string name() const {
        return server_name(draft_.address, draft_.protocol.value_or(ipvs::Protocol::none), draft_.port);
    }
    [[nodiscard]] std::string name(const RealServerDraft& server) const {
        return server_name(server.address, *draft_.protocol, server.port);
    }
    template <typename... Args>
    void error(const Place& place, fmt::format_string<Args...> format, Args&&... args) {
        context_.report.error(Rank::general, Prefix::none, place, fmt::format(format, std::forward<Args>(args)...));
    }
    static bool is(const std::optional<Method>& method, ipvs::Forwarding forwarding) {
        return method && method->forwarding == forwarding;
    }

    void check_sorry_family() {
        auto& sorry = draft_.sorry_server;
        if (sorry && !is(sorry->method, ipvs::Forwarding::tunnel) &&
            sorry->address.family() != draft_.address.family()) {
            context_.report.error(Rank::general, Prefix::file_line, draft_.closed,
                                  fmt::format("Address family of virtual server and sorry server {} don't match - "
                                              "skipping sorry server.",
                                              sorry->address));
            sorry.reset();
        }
    }

    void settle_protocol() {
        if (!draft_.protocol) {
            error(draft_.place, "Virtual server {}: no protocol set - defaulting to UDP", name());
            draft_.protocol = ipvs::Protocol::udp;
        }
        if ((draft_.flags & kOnePacket) != 0 && draft_.protocol != ipvs::Protocol::udp) {
            error(draft_.place, "Virtual server {}: one packet scheduling requires UDP - resetting", name());
            draft_.flags &= ~kOnePacket;
        }
        if (draft_.port == 0 && !draft_.persistence_timeout) {
            error(draft_.place, "Virtual server {}: zero port only valid for persistent services - setting", name());
            draft_.persistence_timeout = kDefaultPersistence;
        }
    }

    void settle_scheduler() {
        if (draft_.scheduler.empty()) {
            error(draft_.place, "Virtual server {}: no scheduler set, setting default 'wlc'", name());
            draft_.scheduler = "wlc";
        }
    }

    /// The later one of two real servers with the same address and port, as written, goes.
    void drop_duplicates() {
        auto& servers = draft_.real_servers;
        std::vector<std::size_t> order(servers.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto key = [&](std::size_t i) { return std::tie(servers[i].address, servers[i].port); };
        std::ranges::sort(order,
                          [&](std::size_t a, std::size_t b) { return key(a) != key(b) ? key(a) < key(b) : a < b; });
        std::vector<bool> duplicate;
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (key(order[i]) == key(order[i - 1])) {
                duplicate.resize(servers.size());
                duplicate[order[i]] = true;
            }
        }
        if (duplicate.empty()) {
            return;
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < servers.size(); ++i) {
            if (duplicate[i]) {
                error(servers[i].place, "VS {}: real server {} is duplicated - removing second rs", name(),
                      name(servers[i]));
            } else if (kept++ != i) {
                servers[kept - 1] = std::move(servers[i]);
            }
        }
        servers.resize(kept);
    }

    void settle_methods() {
        for (RealServerDraft& server : draft_.real_servers) {
            if (!server.method) {
                need_method(draft_.place);
                server.method = draft_.method;
            }
        }
    }

    /// Reported once a virtual server.
    void need_method(const Place& place) {
        if (!draft_.method) {
            error(place, "Virtual server {}: no forwarding method set, setting default NAT", name());
            draft_.method = Method{};
        }
    }

    void settle_sorry_server() {
        auto& sorry = draft_.sorry_server;
        if (!sorry) {
            return;
        }
        for (const RealServerDraft& server : draft_.real_servers) {
            const bool inhibit = server.inhibit_on_failure.value_or(draft_.inhibit_on_failure);
            if (server.address == sorry->address && server.port == sorry->port && inhibit != sorry->inhibit) {
                error(
                    sorry->place,
                    "Virtual server {}: real server {} matches sorry server, but inhibit setting differs, {} on sorry "
                    "server",
                    name(), name(server), inhibit ? "setting" : "clearing");
                sorry->inhibit = inhibit;
            }
        }
        if (!sorry->method) {
            need_method(sorry->place);
            sorry->method = draft_.method;
        }
    }

    [[nodiscard]] std::int32_t weight(const RealServerDraft& server) const {
        return server.weight.value_or(draft_.weight);
    }

    void settle_quorum() {
        std::uint64_t sum = 0;
        for (const RealServerDraft& server : draft_.real_servers) {
            sum += static_cast<std::uint64_t>(weight(server));
        }
        if (draft_.quorum > sum) {
            error(draft_.place,
                  "Warning - quorum {} for {} exceeds total weight of real servers {}, reducing quorum to {}",
                  draft_.quorum, name(), sum, sum);
            draft_.quorum = static_cast<std::uint32_t>(sum);
        }
        if (draft_.hysteresis >= draft_.quorum) {
            // A quorum of 0 makes this the largest number there is: such a server never has quorum, as in keepalived.
            const std::uint32_t lowered = draft_.quorum - 1;
            error(draft_.place, "Virtual server {}: hysteresis {} >= quorum {}; setting hysteresis to {}", name(),
                  draft_.hysteresis, draft_.quorum, lowered);
            draft_.hysteresis = lowered;
        }
    }

    void settle_ports() {
        for (RealServerDraft& server : draft_.real_servers) {
            ports_.push_back(server.port);
            if (server.port == 0) {
                server.port = draft_.port;
            } else if (server.port != draft_.port && !is(server.method, ipvs::Forwarding::nat)) {
                error(server.place, "WARNING - virtual server {} and real server {} ports don't match - resetting",
                      name(), name(server));
                server.port = draft_.port;
            }
        }
        auto& sorry = draft_.sorry_server;
        if (sorry && sorry->port == 0) {
            sorry->port = draft_.port;
        } else if (sorry && sorry->port != draft_.port && !is(sorry->method, ipvs::Forwarding::nat)) {
            error(sorry->place, "WARNING - virtual server {} and sorry server ports don't match - resetting", name());
            sorry->port = draft_.port;
        }
    }

    [[nodiscard]] ipvs::RealServer make_server(const RealServerDraft& draft, std::uint16_t port,
                                               const std::string& virtual_server) {
        ipvs::RealServer server;
        server.address = draft.address;
        server.port = draft.port;
        server.weight = weight(draft);
        server.forwarding = draft.method->forwarding;
        server.inhibit_on_failure = draft.inhibit_on_failure.value_or(draft_.inhibit_on_failure);
        server.upper_threshold = draft.uthreshold;
        server.lower_threshold = draft.lthreshold;
        server.checks.reserve(draft.checks.size());
        for (const CheckDraft& written : draft.checks) {
            checker::Check check = make_check(written, draft, port, draft_);
            check.real_server = name(draft);
            check.virtual_server = virtual_server;
            server.checks.push_back({.number = static_cast<std::uint32_t>(config_.checker.checks.size()),
                                     .alpha = check.alpha,
                                     .identity = identity_text(check.identity)});
            config_.checker.checks.push_back(std::move(check));
        }
        return server;
    }

    /// A tunnel of a kind that is not supported yet would carry packets that the server cannot read.
    static bool usable(const std::optional<Method>& method) {
        return method->plain || method->forwarding != ipvs::Forwarding::tunnel;
    }

    void build() {
        const std::string virtual_server = name();
        ipvs::VirtualServer& server = config_.ipvs.virtual_servers.emplace_back();
        server.address = draft_.address;
        server.port = draft_.port;
        server.protocol = *draft_.protocol;
        server.scheduler = std::move(draft_.scheduler);
        server.persistence_timeout = draft_.persistence_timeout.value_or(0);
        server.persistence_granularity =
            draft_.persistence_granularity.value_or(draft_.address.is_ipv4() ? 0xffffffffU : 128U);
        server.flags = draft_.flags;
        server.quorum = draft_.quorum;
        server.hysteresis = draft_.hysteresis;
        if (const auto& sorry = draft_.sorry_server; sorry && usable(sorry->method)) {
            server.sorry_server = {.address = sorry->address,
                                   .port = sorry->port,
                                   .forwarding = sorry->method->forwarding,
                                   .inhibit = sorry->inhibit};
        }
        server.real_servers.reserve(draft_.real_servers.size());
        for (std::size_t i = 0; i < draft_.real_servers.size(); ++i) {
            if (usable(draft_.real_servers[i].method)) {
                server.real_servers.push_back(make_server(draft_.real_servers[i], ports_[i], virtual_server));
            }
        }
    }

    Context& context_;
    VirtualServerDraft& draft_;
    Config& config_;
    std::vector<std::uint16_t> ports_;  ///< of the real servers, as written
};

}  // namespace

void check_virtual_server(Context& context) {
    VirtualServerCheck(context).run();
}

}  // namespace sustain::parser
