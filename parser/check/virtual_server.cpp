#include "parser/check/virtual_server.hpp"

#include <fmt/format.h>

#include <numeric>

#include "parser/check/identity.hpp"

namespace sustain::parser {

namespace {

using ipvs::Forwarding;
using ipvs::Selector;

constexpr std::uint32_t kOnePacket = 0x04;          // IP_VS_SVC_F_ONEPACKET
constexpr std::uint32_t kDefaultPersistence = 360;  // seconds

class VirtualServerCheck {
public:
    VirtualServerCheck(Context& context, VirtualServerDraft& draft, const GroupTraits* group)
        : context_(context),
          draft_(draft),
          group_(group),
          ranges_(group != nullptr ? &context.draft.config.ipvs.groups[group->number].ranges : nullptr),
          has_marks_(draft.selector == Selector::fwmark ||
                     (group != nullptr && !context.draft.config.ipvs.groups[group->number].marks.empty())),
          has_addresses_(draft.selector == Selector::address || (ranges_ != nullptr && !ranges_->empty())) {}

    void run() {
        settle_suspension();
        settle_protocol();
        settle_persistence();
        settle_scheduler();
        drop_duplicates();
        settle_methods();
        settle_sorry_server();
        settle_quorum();
        settle_ports();
    }

private:
    [[nodiscard]] std::string name() const { return name_of(draft_); }
    [[nodiscard]] std::string name(const RealServerDraft& server) const {
        return server_name(server.address, draft_.protocol.value_or(ipvs::Protocol::none), server.port);
    }
    template <typename... Args>
    void error(const Place& place, fmt::format_string<Args...> format, Args&&... args) {
        context_.report.error(Rank::general, Prefix::none, place, fmt::format(format, std::forward<Args>(args)...));
    }
    void adjusted(std::string_view keyword, std::string value, std::string_view why) {
        context_.adjusted(draft_.place, keyword, std::move(value), why);
    }
    static bool is_nat(const std::optional<Method>& method) { return method && method->forwarding == Forwarding::nat; }

    void settle_suspension() {
        if (draft_.ha_suspend && has_marks_) {
            error(draft_.place, "Virtual server {}: cannot use ha_suspend with fwmarks - clearing ha_suspend", name());
            draft_.ha_suspend = false;
            adjusted("ha_suspend", "", "marks belong to no address");
        }
    }

    void settle_protocol() {
        if (!has_addresses_) {
            if (draft_.protocol) {
                error(draft_.place,
                      "Warning: Virtual server {}: protocol specified for fwmark - protocol will be ignored", name());
                draft_.protocol.reset();
            }
            adjusted("protocol", "", "a mark is for all protocols");
            return;
        }
        if (!draft_.protocol) {
            error(draft_.place, "Virtual server {}: no protocol set - defaulting to UDP", name());
            draft_.protocol = ipvs::Protocol::udp;
        }
        if ((draft_.flags & kOnePacket) != 0 && draft_.protocol != ipvs::Protocol::udp) {
            error(draft_.place, "Virtual server {}: one packet scheduling requires UDP - resetting", name());
            draft_.flags &= ~kOnePacket;
            adjusted("ops", "", "one packet scheduling requires UDP");
        }
    }

    void settle_persistence() {
        const bool zero_port = group_ != nullptr ? group_->zero_port : has_addresses_ && draft_.port == 0;
        if (zero_port && !draft_.persistence_timeout) {
            error(draft_.place, "Virtual server {}: zero port only valid for persistent services - setting", name());
            draft_.persistence_timeout = kDefaultPersistence;
            adjusted("persistence_timeout", std::to_string(kDefaultPersistence),
                     "a service without port has to be persistent");
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
                context_.left_out(servers[i].place, "there is one with this address already");
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
                adjusted("sorry_server_inhibit", inhibit ? "on" : "", "the real server of this address decides");
            }
        }
        if (!sorry->method) {
            need_method(sorry->place);
            sorry->method = draft_.method;
        }
    }

    void settle_quorum() {
        std::uint64_t sum = 0;
        for (const RealServerDraft& server : draft_.real_servers) {
            sum += static_cast<std::uint64_t>(server.weight.value_or(draft_.weight));
        }
        if (draft_.quorum > sum) {
            error(draft_.place,
                  "Warning - quorum {} for {} exceeds total weight of real servers {}, reducing quorum to {}",
                  draft_.quorum, name(), sum, sum);
            draft_.quorum = static_cast<std::uint32_t>(sum);
            adjusted("quorum", std::to_string(sum), "the total weight of the real servers");
        }
        if (draft_.hysteresis >= draft_.quorum) {
            // A quorum of 0 makes this the largest number there is: such a server never has quorum, as in keepalived.
            const std::uint32_t lowered = draft_.quorum - 1;
            error(draft_.place, "Virtual server {}: hysteresis {} >= quorum {}; setting hysteresis to {}", name(),
                  draft_.hysteresis, draft_.quorum, lowered);
            draft_.hysteresis = lowered;
            adjusted("hysteresis", std::to_string(lowered), "it has to be less than the quorum");
        }
    }

    void settle_ports() {
        switch (draft_.selector) {
            case Selector::address: settle_ports_of_address(); break;
            case Selector::fwmark: settle_ports_of_mark(); break;
            case Selector::group: compare_ports_of_group(); break;
        }
    }

    void settle_ports_of_address() {
        for (RealServerDraft& server : draft_.real_servers) {
            if (server.port == 0) {
                server.port = draft_.port;
            } else if (server.port != draft_.port && !is_nat(server.method)) {
                error(server.place, "WARNING - virtual server {} and real server {} ports don't match - resetting",
                      name(), name(server));
                server.port = draft_.port;
            }
        }
        auto& sorry = draft_.sorry_server;
        if (!sorry || is_nat(sorry->method)) {
            return;  // without a port, the kernel takes that of the packet
        }
        if (sorry->port != 0 && sorry->port != draft_.port) {
            error(sorry->place, "WARNING - virtual server {} and sorry server ports don't match - resetting", name());
        }
        sorry->port = draft_.port;
    }

    void settle_ports_of_mark() {
        for (RealServerDraft& server : draft_.real_servers) {
            if (server.port != 0 && !is_nat(server.method)) {
                error(server.place, "WARNING - fwmark virtual server {}, real server {} has port specified - clearing",
                      name(), name(server));
                server.port = 0;
            }
        }
        auto& sorry = draft_.sorry_server;
        if (sorry && sorry->port != 0 && !is_nat(sorry->method)) {
            error(sorry->place, "WARNING - virtual server {}, sorry server has port specified - clearing", name());
            sorry->port = 0;
        }
    }

    /// Only said: every entry of the group has its own port.
    void compare_ports_of_group() {
        for (const RealServerDraft& server : draft_.real_servers) {
            if (server.port == 0 || is_nat(server.method)) {
                continue;
            }
            if (has_marks_) {
                error(server.place,
                      "WARNING - fwmark virtual server {}, real server {} has port specified - port will be ignored",
                      name(), name(server));
            }
            if (const auto* const range = range_with_other_port(server.port)) {
                error(server.place, "virtual server {}:[{},{}] and real server {} ports don't match", name(),
                      range->first, range->port, name(server));
            }
        }
        const auto& sorry = draft_.sorry_server;
        if (sorry && sorry->port != 0 && !is_nat(sorry->method) &&
            (has_marks_ || range_with_other_port(sorry->port) != nullptr)) {
            error(sorry->place, "WARNING - {}virtual server {}, sorry server has port specified - port will be ignored",
                  has_marks_ ? "fwmark " : "", name());
        }
    }

    [[nodiscard]] const ipvs::AddressRange* range_with_other_port(std::uint16_t port) const {
        if (ranges_->empty()) {
            return nullptr;
        }
        const ipvs::AddressRange& first = ranges_->front();
        const ipvs::AddressRange& other = (*ranges_)[group_->other_port];
        return first.port != port ? &first : other.port != port ? &other : nullptr;
    }

    Context& context_;
    VirtualServerDraft& draft_;
    const GroupTraits* group_;
    const std::vector<ipvs::AddressRange>* ranges_;  ///< of the group; null: no group
    bool has_marks_;
    bool has_addresses_;
};

}  // namespace

std::string name_of(const VirtualServerDraft& draft) {
    switch (draft.selector) {
        case Selector::fwmark: return fmt::format("FWM {}", draft.fwmark);
        case Selector::group: return fmt::format("[{}]:{}", draft.group, draft.ordinal);
        case Selector::address: break;
    }
    return server_name(draft.address, draft.protocol.value_or(ipvs::Protocol::none), draft.port);
}

void settle_virtual_server(Context& context, VirtualServerDraft& draft, const GroupTraits* group) {
    VirtualServerCheck(context, draft, group).run();
}

}  // namespace sustain::parser
