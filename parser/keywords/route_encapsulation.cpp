// encap mpls|ip|ip6|ila … of routes and next hops.
#include "parser/keywords/route_line.hpp"

namespace sustain::parser {

namespace {

using vrrp::Encapsulation;

class Reader {
public:
    Reader(Context& context, const Statement& statement, EntryLine& line, Encapsulation& target)
        : context_(context), statement_(statement), line_(line), target_(target) {}

    bool read() {
        if (!more()) {
            return error("Missing encap type", "mpls, ip, ip6 or ila");
        }
        const std::string_view type = next();
        if (type == "mpls") {
            return read_mpls();
        }
        if (type == "ip" || type == "ip6") {
            return read_tunnel(type);
        }
        if (type == "ila") {
            return read_ila();
        }
        std::ignore = error(fmt::format("Unknown encap type - {}", type), "mpls, ip, ip6 or ila");
        line_.at += more() ? 1 : 0;  // keepalived swallows the word behind it
        return false;
    }

private:
    [[nodiscard]] bool more() const { return line_.at + 1 < statement_.size(); }
    std::string_view next() { return statement_[++line_.at]; }
    bool error(std::string_view message, std::string_view hint = {}) {
        context_.error(statement_, line_.at, message, hint);
        return false;
    }

    bool read_mpls() {
        target_.type = Encapsulation::Type::mpls;
        if (!more()) {
            return error("missing address for MPLS encapsulation");
        }
        const std::string_view text = next();
        target_.labels = read_mpls_labels(text);
        return !target_.labels.empty() || error(fmt::format("invalid mpls address {} for encapsulation", text),
                                                "one or two labels from 0 to 1048575, separated by a slash");
    }

    bool read_ila() {
        target_.type = Encapsulation::Type::ila;
        if (!more()) {
            return error("missing locator for ILA encapsulation");
        }
        const std::string_view text = next();
        target_.locator = read_ila_locator(text);
        return target_.locator.has_value() ||
               error(fmt::format("invalid locator {} for ila encapsulation", text), "four hexadecimal groups: 0:0:0:1");
    }

    /// Pairs of words up to the first one that is not ours.
    bool read_tunnel(std::string_view type) {
        target_.type = type == "ip" ? Encapsulation::Type::ip : Encapsulation::Type::ip6;
        while (line_.at + 2 < statement_.size()) {
            const auto before = line_.at;
            const std::string_view option = next();
            const auto understood = read_tunnel_option(type, option, next());
            if (!understood.value_or(false)) {
                line_.at = before;  // the option is read once more, as one of the route
                if (understood) {
                    return false;
                }
                break;
            }
        }
        return target_.destination || target_.id ||
               error(fmt::format("address or id missing for {} encapsulation", type), "dst ADDRESS or id NUMBER");
    }

    /// No value: there is no such option. False: its argument is wrong.
    std::optional<bool> read_tunnel_option(std::string_view type, std::string_view option, std::string_view argument) {
        const bool ip = type == "ip";
        if (option == "id") {
            return read_id(argument);
        }
        if (option == "dst") {
            return read_address(type, argument, target_.destination);
        }
        if (option == "src") {
            return read_address(type, argument, target_.source);
        }
        if (option == (ip ? "tos" : "tc")) {
            const auto value = kernel_number(context_, argument, KernelNames::Kind::dsfield);
            target_.traffic_class = static_cast<std::uint8_t>(value.value_or(0));
            return value || error(fmt::format("dsfield {} not valid for {} encapsulation", argument, type));
        }
        if (option == (ip ? "ttl" : "hoplimit")) {
            return read_number(0xff, target_.hop_limit);
        }
        if (option == "flags") {
            return read_number(0xffff, target_.flags);
        }
        return std::nullopt;
    }

    bool read_id(std::string_view argument) {
        const auto id = read_unsigned64(argument);
        if (id.fault != NumberFault::none) {
            return error(describe(id.fault, argument, "unsigned 64 bit", ""), "id takes a decimal number");
        }
        target_.id = id.value;
        return true;
    }

    bool read_address(std::string_view type, std::string_view argument, std::optional<core::Address>& target) {
        const auto address = core::Address::parse(argument);
        if (!address) {
            return error(fmt::format("Invalid address {} for {} encapsulation", argument, type));
        }
        if (address->is_ipv4() != (type == "ip")) {
            return error(fmt::format("IPv{} address {} not valid for {} encapsulation", address->is_ipv4() ? 4 : 6,
                                     argument, type));
        }
        target = address;
        return true;
    }

    template <typename T>
    bool read_number(std::uint64_t highest, std::optional<T>& target) {
        const auto value = context_.number(statement_, line_.at, number(0, highest, kStrict));
        if (value) {
            target = static_cast<T>(*value);
        }
        return value.has_value();
    }

    Context& context_;
    const Statement& statement_;
    EntryLine& line_;
    Encapsulation& target_;
};

}  // namespace

bool read_encapsulation(Context& context, const Statement& statement, EntryLine& line,
                        core::Boxed<vrrp::Encapsulation>& target) {
    target = core::Boxed<vrrp::Encapsulation>(vrrp::Encapsulation());
    return Reader(context, statement, line, *target).read();
}

}  // namespace sustain::parser
