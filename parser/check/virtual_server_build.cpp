#include "parser/check/health_check.hpp"
#include "parser/check/identity.hpp"
#include "parser/check/virtual_server.hpp"

namespace sustain::parser {

namespace {

ipvs::Tunnel tunnel_of(const Method& method) {
    return method.forwarding == ipvs::Forwarding::tunnel ? method.tunnel : ipvs::Tunnel{};
}

class Builder {
public:
    Builder(Context& context, VirtualServerDraft& draft) : context_(context), draft_(draft), name_(name_of(draft)) {}

    [[nodiscard]] ipvs::VirtualServer build() {
        ipvs::VirtualServer server;
        server.selector = draft_.selector;
        server.address = draft_.address;
        server.port = draft_.port;
        server.fwmark = draft_.fwmark;
        server.ordinal = draft_.ordinal;
        server.family = draft_.family;
        server.protocol = draft_.protocol.value_or(ipvs::Protocol::none);
        server.scheduler = std::move(draft_.scheduler);
        server.persistence_timeout = draft_.persistence_timeout.value_or(0);
        server.persistence_granularity = draft_.persistence_granularity.value_or(
            draft_.family == core::Address::Family::ipv6 ? kHostLength : kHostMask);
        server.persistence_engine = std::move(draft_.persistence_engine);
        server.flags = draft_.flags;
        server.quorum = draft_.quorum;
        server.hysteresis = draft_.hysteresis;
        server.ha_suspend = draft_.ha_suspend;
        server.omega = draft_.omega;
        server.smtp_alert = draft_.smtp_alert;
        server.quorum_up = draft_.quorum_up;
        server.quorum_down = draft_.quorum_down;
        server.snmp_name = std::move(draft_.snmp_name).value_or(std::string());
        if (const auto& sorry = draft_.sorry_server) {
            server.sorry_server = {.address = sorry->address,
                                   .port = sorry->port,
                                   .forwarding = sorry->method->forwarding,
                                   .tunnel = tunnel_of(*sorry->method),
                                   .inhibit = sorry->inhibit};
        }
        server.real_servers.reserve(draft_.real_servers.size());
        for (RealServerDraft& real_server : draft_.real_servers) {
            server.real_servers.push_back(build(real_server));
        }
        return server;
    }

private:
    static constexpr std::uint32_t kHostMask = 0xffffffff;
    static constexpr std::uint32_t kHostLength = 128;

    [[nodiscard]] ipvs::RealServer build(RealServerDraft& draft) {
        ipvs::RealServer server;
        server.address = draft.address;
        server.port = draft.port;
        server.weight = draft.weight.value_or(draft_.weight);
        server.forwarding = draft.method->forwarding;
        server.tunnel = tunnel_of(*draft.method);
        server.inhibit_on_failure = draft.inhibit_on_failure.value_or(draft_.inhibit_on_failure);
        server.smtp_alert = draft.smtp_alert;
        server.upper_threshold = draft.uthreshold;
        server.lower_threshold = draft.lthreshold;
        server.notify_up = draft.notify_up;
        server.notify_down = draft.notify_down;
        server.snmp_name = std::move(draft.snmp_name).value_or(std::string());
        server.checks = add_checks(
            context_, {.draft = draft,
                       .name = server_name(draft.address, draft_.protocol.value_or(ipvs::Protocol::none), draft.port),
                       .virtual_server = draft_,
                       .virtual_server_name = name_});
        return server;
    }

    Context& context_;
    VirtualServerDraft& draft_;
    std::string name_;
};

}  // namespace

void build_virtual_server(Context& context, VirtualServerDraft& draft, const GroupTraits* group) {
    ipvs::VirtualServer server = Builder(context, draft).build();
    server.group = group != nullptr ? group->number : 0;
    context.draft.config.ipvs.virtual_servers.push_back(std::move(server));
    context.draft.virtual_server_order.push_back(draft.order);
}

}  // namespace sustain::parser
