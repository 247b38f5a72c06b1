// What virtual servers, real servers and sorry servers have in common: ADDRESS [PORT].
#include "parser/keywords/virtual_server.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

std::optional<std::uint16_t> read_port(Context& context, const Statement& statement, std::size_t word) {
    if (word >= statement.size() || statement[word].find_first_not_of('0') == std::string_view::npos) {
        return 0;
    }
    const auto port = context.number(statement, word, number(1, 65535));
    return port ? std::optional(static_cast<std::uint16_t>(*port)) : std::nullopt;
}

std::optional<ServerAddress> read_server(Context& context, const Statement& statement,
                                         fmt::format_string<std::string_view, std::string_view> complaint) {
    const auto address = read_server_address(statement[1]);
    const auto port = address ? read_port(context, statement, 2) : std::nullopt;
    if (!port) {
        context.error(statement, address ? 2 : 1,
                      fmt::format(complaint, statement[1], statement.size() > 2 ? statement[2] : "0"),
                      address ? "" : "a numeric IPv4 or IPv6 address; names are not looked up");
        return std::nullopt;
    }
    return ServerAddress{*address, *port};
}

}  // namespace sustain::parser
