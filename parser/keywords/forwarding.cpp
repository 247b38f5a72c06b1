// lvs_method: how packets get to a server, with the tunnels between.
#include "parser/keywords/virtual_server.hpp"

namespace sustain::parser {

namespace {

using ipvs::Forwarding;
using ipvs::TunnelChecksum;
using ipvs::TunnelType;

/// The words behind the method: [type ipip|gre|gue] [port N] [nocsum|csum|remcsum].
class TunnelWords {
public:
    TunnelWords(Context& context, const Statement& statement, std::string_view whose)
        : context_(context), statement_(statement), whose_(whose) {}

    [[nodiscard]] std::optional<ipvs::Tunnel> read() {
        for (word_ = 2; word_ < statement_.size(); ++word_) {
            if (!read_option()) {
                return std::nullopt;
            }
        }
        if (const std::string_view problem = contradiction(); !problem.empty()) {
            context_.error(statement_, 2, problem);
            return std::nullopt;
        }
        return tunnel_;
    }

private:
    bool read_option() {
        const std::string_view option = statement_[word_];
        if (option == "type") {
            return read_type();
        }
        if (option == "port") {
            return read_tunnel_port();
        }
        if (option == "nocsum") {
            tunnel_.checksum = TunnelChecksum::none;
        } else if (option == "csum") {
            tunnel_.checksum = TunnelChecksum::plain;
        } else if (option == "remcsum") {
            tunnel_.checksum = TunnelChecksum::remote;
        } else {
            context_.error(statement_, word_, fmt::format("Invalid tunnel option {} for {}.", option, whose_),
                           "type, port, nocsum, csum or remcsum");
            return false;
        }
        return true;
    }

    bool read_type() {
        if (++word_ == statement_.size()) {
            context_.error(statement_, word_, fmt::format("Missing tunnel type for {}.", whose_), "ipip, gre or gue");
            return false;
        }
        const std::string_view type = statement_[word_];
        if (type != "ipip" && type != "gre" && type != "gue") {
            context_.error(statement_, word_, fmt::format("Unknown tunnel type {} for {}.", type, whose_),
                           "ipip, gre or gue");
            return false;
        }
        tunnel_.type = type == "ipip" ? TunnelType::ipip : type == "gre" ? TunnelType::gre : TunnelType::gue;
        return true;
    }

    bool read_tunnel_port() {
        if (++word_ == statement_.size()) {
            context_.error(statement_, word_, fmt::format("Missing tunnel port for {}.", whose_));
            return false;
        }
        const auto port = context_.number(statement_, word_, number(1, 65535, kStrict));
        tunnel_.port = static_cast<std::uint16_t>(port.value_or(0));
        return port.has_value();
    }

    [[nodiscard]] std::string_view contradiction() const {
        if ((tunnel_.type == TunnelType::gue) != (tunnel_.port != 0)) {
            return "gue tunnels require port, otherwise cannot have port.";
        }
        if (tunnel_.type == TunnelType::ipip && tunnel_.checksum != TunnelChecksum::none) {
            return "ipip tunnels do not support checksum option.";
        }
        if (tunnel_.type == TunnelType::gre && tunnel_.checksum == TunnelChecksum::remote) {
            return "gre tunnels do not support remote checksum option.";
        }
        return {};
    }

    Context& context_;
    const Statement& statement_;
    std::string_view whose_;
    std::size_t word_ = 2;
    ipvs::Tunnel tunnel_;
};

}  // namespace

void read_method(Context& context, const Statement& statement, std::string_view whose, std::optional<Method>& method) {
    const std::string_view word = statement[1];
    if (word != "NAT" && word != "DR" && word != "TUN") {
        context.error(statement, 1, fmt::format("PARSER : unknown [{}] routing method for {}.", word, whose),
                      "NAT, DR or TUN, in upper case");
        return;
    }
    if (!method) {
        method.emplace();
    }
    method->forwarding = word == "NAT" ? Forwarding::nat : word == "DR" ? Forwarding::direct : Forwarding::tunnel;
    // What is not said is not inherited either: a plain TUN is ipip. Only wrong words leave everything as it was.
    method->tunnel = TunnelWords(context, statement, whose).read().value_or(method->tunnel);
}

}  // namespace sustain::parser
