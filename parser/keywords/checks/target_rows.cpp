#include "parser/keywords/checks/target_rows.hpp"

#include "parser/draft/virtual_server.hpp"

namespace sustain::parser {

void set_connect_ip(Context& context, const Statement& statement, TargetDraft& target) {
    const auto address = read_server_address(statement[1]);
    if (!address) {
        context.error(statement, 1, fmt::format("Invalid connect_ip address {} - ignoring", statement[1]),
                      "a numeric IPv4 or IPv6 address; the address of the real server is used instead");
    } else if (target.bindto && target.bindto->family() != address->family()) {
        context.error(statement, 1,
                      fmt::format("connect_ip address {} does not match address family of bindto - "
                                  "skipping",
                                  statement[1]));
    } else {
        target.connect_ip = address;
    }
}

void set_bindto(Context& context, const Statement& statement, TargetDraft& target, BindFamily family) {
    const auto address = read_server_address(statement[1]);
    std::optional<core::Address> destination = target.connect_ip;
    if (!destination && family == BindFamily::of_target) {
        destination = context.draft.current<RealServerDraft>().address;
    }
    if (!address) {
        context.error(statement, 1, fmt::format("Invalid bindto address {} - ignoring", statement[1]),
                      "a numeric IPv4 or IPv6 address");
    } else if (destination && destination->family() != address->family()) {
        context.error(statement, 1,
                      fmt::format("bindto address {} does not match address family of connect_ip - "
                                  "skipping",
                                  statement[1]));
    } else {
        target.bindto = address;
    }
}

void set_bind_if(Context& context, const Statement& statement, TargetDraft& target) {
    constexpr std::size_t kMaxName = 15;
    if (statement[1].size() > kMaxName) {
        context.error(statement, 1, fmt::format("Interface name {} is too long - ignoring", statement[1]),
                      "at most 15 characters");
        return;
    }
    target.bind_if = statement[1];
}

bool lacks_interface(const TargetDraft& target, const core::Address& destination) {
    return destination.is_ipv6() && destination.is_link_local() && target.bind_if.empty();
}

void report_no_interface(Context& context, const Statement& statement, const core::Address& destination) {
    context.report.error(Rank::general, Prefix::file_line, statement.place(),
                         fmt::format("Checker link local address {} requires a bind_if", destination),
                         "the check is left out");
}

}  // namespace sustain::parser
