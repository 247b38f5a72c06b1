// What virtual servers, real servers and sorry servers have in common: their address and their forwarding method.
#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

bool only_zeros(std::string_view word) {
    return !word.empty() && word.find_first_not_of('0') == std::string_view::npos;
}

enum class Tunnel : std::uint8_t { ipip, gre, gue };
enum class Checksum : std::uint8_t { unset, none, yes, remote };

/// The words behind the method: [type ipip|gre|gue] [port N] [nocsum|csum|remcsum].
struct TunnelWords {
    std::optional<Tunnel> type;
    bool port = false;
    Checksum checksum = Checksum::unset;
};

bool read_type(Context& context, const Statement& statement, std::size_t i, std::string_view whose,
               TunnelWords& words) {
    if (i == statement.size()) {
        context.error(statement, i, fmt::format("Missing tunnel type for {}.", whose));
        return false;
    }
    const std::string_view type = statement[i];
    if (type != "ipip" && type != "gre" && type != "gue") {
        context.error(statement, i, fmt::format("Unknown tunnel type {} for {}.", type, whose), "ipip, gre or gue");
        return false;
    }
    words.type = type == "ipip" ? Tunnel::ipip : type == "gre" ? Tunnel::gre : Tunnel::gue;
    return true;
}

bool read_port(Context& context, const Statement& statement, std::size_t i, std::string_view whose,
               TunnelWords& words) {
    if (i == statement.size()) {
        context.error(statement, i, fmt::format("Missing tunnel port for {}.", whose));
        return false;
    }
    words.port = true;
    return context.number(statement, i, number(1, 65535, kStrict)).has_value();
}

std::optional<TunnelWords> read_tunnel(Context& context, const Statement& statement, std::string_view whose) {
    TunnelWords words;
    for (std::size_t i = 2; i < statement.size(); ++i) {
        const std::string_view option = statement[i];
        bool fine = true;
        if (option == "type") {
            fine = read_type(context, statement, ++i, whose, words);
        } else if (option == "port") {
            fine = read_port(context, statement, ++i, whose, words);
        } else if (option == "nocsum") {
            words.checksum = Checksum::none;
        } else if (option == "csum") {
            words.checksum = Checksum::yes;
        } else if (option == "remcsum") {
            words.checksum = Checksum::remote;
        } else {
            context.error(statement, i, fmt::format("Invalid tunnel option {} for {}.", option, whose));
            return std::nullopt;
        }
        if (!fine) {
            return std::nullopt;
        }
    }
    const Tunnel type = words.type.value_or(Tunnel::ipip);
    std::string_view problem;
    if ((type == Tunnel::gue) != words.port) {
        problem = "gue tunnels require port, otherwise cannot have port.";
    } else if (type == Tunnel::ipip && words.checksum > Checksum::none) {
        problem = "ipip tunnels do not support checksum option.";
    } else if (type == Tunnel::gre && words.checksum == Checksum::remote) {
        problem = "gre tunnels do not support remote checksum option.";
    }
    if (!problem.empty()) {
        context.error(statement, 2, problem);
        return std::nullopt;
    }
    return words;
}

}  // namespace

std::optional<ServerAddress> read_server(Context& context, const Statement& statement, std::string_view complaint) {
    const auto address = read_server_address(statement[1]);
    std::optional<std::int64_t> port = 0;
    if (address && statement.size() > 2 && !only_zeros(statement[2])) {
        port = context.number(statement, 2, number(1, 65535));
    }
    if (!address || !port) {
        context.error(statement, address ? 2 : 1,
                      fmt::format(fmt::runtime(complaint), statement[1], statement.size() > 2 ? statement[2] : "0"),
                      address ? "" : "a numeric IPv4 or IPv6 address; names are not looked up");
        return std::nullopt;
    }
    return ServerAddress{*address, static_cast<std::uint16_t>(*port)};
}

std::optional<Method> read_method(Context& context, const Statement& statement, std::string_view whose,
                                  const std::optional<Method>& before) {
    const std::string_view word = statement[1];
    if (word != "NAT" && word != "DR" && word != "TUN") {
        context.error(statement, 1, fmt::format("PARSER : unknown [{}] routing method for {}.", word, whose),
                      "NAT, DR or TUN, in upper case");
        return std::nullopt;
    }
    Method method{.forwarding = word == "NAT"  ? ipvs::Forwarding::nat
                                : word == "DR" ? ipvs::Forwarding::direct
                                               : ipvs::Forwarding::tunnel,
                  .plain = before ? before->plain : true};
    if (statement.size() > 2) {
        if (const auto words = read_tunnel(context, statement, whose)) {
            method.plain = words->type.value_or(Tunnel::ipip) == Tunnel::ipip;
            if (!method.plain && method.forwarding == ipvs::Forwarding::tunnel) {
                context.unsupported(statement, 2,
                                    "gre and gue tunnels are not supported yet: real servers that need "
                                    "them are left out");
            }
        }
    }
    return method;
}

}  // namespace sustain::parser
