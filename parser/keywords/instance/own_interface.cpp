// vrrp_instance: an interface of its own, with use_vmac or use_ipvlan.
#include <charconv>

#include "parser/actions.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/line_options.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/values.hpp"

namespace sustain::parser {

namespace {

constexpr std::size_t kMaxInterfaceName = 15;

/// The words of one line, from left to right.
class Words {
public:
    Words(Context& context, const Statement& statement)
        : context_(context), statement_(statement), draft_(context.draft.current<InstanceDraft>()) {}

    /// The next one; false at the end.
    bool next() { return ++at_ < statement_.size(); }
    [[nodiscard]] std::string_view text() const { return statement_[at_]; }
    [[nodiscard]] InstanceDraft& draft() { return draft_; }
    [[nodiscard]] vrrp::OwnInterface& interface() { return *draft_.own_interface; }

    template <typename... Args>
    void error(fmt::format_string<Args...> format, Args&&... args) {
        context_.error(statement_, at_, fmt::format(format, std::forward<Args>(args)...));
    }

    /// The word after `name` or `group`; false: there is none, which ends everything.
    bool argument() {
        if (next()) {
            return true;
        }
        context_.missing_parameter(statement_, at_);
        return false;
    }

    void read_name(std::string_view kind) {
        const std::string_view name = text();
        if (!interface().name.empty()) {
            error("({}) {} interface name already specified - ignoring '{}'", draft_.name, kind, name);
        } else if (name.empty() || name.size() > kMaxInterfaceName ||
                   name.find_first_of("/: \t\n\v\f\r") != std::string_view::npos) {
            error("{} interface name '{}' too long or invalid characters - ignoring", kind, name);
        } else if (is_free(name)) {
            context_.draft.own_interfaces.emplace(name, draft_.name);
            interface().name = name;
        }
    }

    void read_group() {
        if (const auto group =
                context_.draft.kernel_names.find(KernelNames::Kind::group, text(), {}, context_.environment)) {
            interface().group = *group;
        } else {
            unknown_name(context_, statement_, at_,
                         fmt::format("({}) unknown interface group '{}' - ignoring", draft_.name, text()));
        }
    }

private:
    /// Whether the interface can be made under this name.
    bool is_free(std::string_view name) {
        const auto& taken = context_.draft.own_interfaces;
        if (const auto other = taken.find(std::string(name)); other != taken.end()) {
            error("({}) VRRP instance {} is already using {} - ignoring name", draft_.name, other->second, name);
            return false;
        }
        const Interface* const found = context_.interface(name);
        const bool ipvlan = interface().kind == vrrp::OwnInterface::Kind::ipvlan;
        if (found != nullptr && !(ipvlan ? found->layer2_ipvlan : found->private_macvlan)) {
            error("({}) interface {} already exists and is not {}; ignoring {} if_name", draft_.name, name,
                  ipvlan ? "an l2 ipvlan" : "a private macvlan", ipvlan ? "ipvlan" : "vmac");
            return false;
        }
        return true;
    }

    Context& context_;
    const Statement& statement_;
    InstanceDraft& draft_;
    std::size_t at_ = 0;
};

/// A MAC address of six groups, or of five, to which the VRID is added. What follows the sixth is not looked at.
struct HardwareAddress {
    std::array<std::uint8_t, 6> octets{};
    std::size_t count = 0;
};

std::optional<HardwareAddress> read_hardware_address(std::string_view word) {
    constexpr std::size_t kLongestGroup = 2;
    constexpr int kHexadecimal = 16;
    HardwareAddress address;
    for (std::uint8_t& octet : address.octets) {
        const std::string_view group = word.substr(0, kLongestGroup);
        const auto [end, fault] = std::from_chars(group.begin(), group.end(), octet, kHexadecimal);
        if (fault != std::errc()) {
            return std::nullopt;
        }
        ++address.count;
        word.remove_prefix(static_cast<std::size_t>(end - group.begin()));
        if (word.empty() || address.count == address.octets.size()) {
            break;
        }
        if (word.front() != ':') {
            return std::nullopt;
        }
        word.remove_prefix(1);
    }
    return address.count + 1 < address.octets.size() ? std::nullopt : std::optional(address);
}

void read_hardware_address(Words& words) {
    constexpr std::array<std::uint8_t, 4> kProtocol = {0x00, 0x00, 0x5e, 0x00};  // RFC 9568 7.3, then 01 or 02
    const auto address = read_hardware_address(words.text());
    if (!address) {
        words.error("VMAC invalid MAC address {}", words.text());
    } else if (words.interface().mac) {
        words.error("VMAC interface address already specified");
    } else if ((address->octets[0] & 1) != 0) {
        words.error("VMAC MAC address is multicast {} - ignoring", words.text());
    } else if (std::ranges::equal(std::span(address->octets).first<4>(), kProtocol) &&
               (address->octets[4] == 1 || address->octets[4] == 2)) {
        words.error("VMAC MAC address not allowed to be RFC5798 address ({}) - ignoring", words.text());
    } else {
        words.interface().mac = address->octets;
        words.draft().ends_with_vrid = address->count < address->octets.size();
    }
}

void use_vmac(Context& context, const Statement& statement) {
    Words words(context, statement);
    words.draft().own_interface.make();
    while (words.next()) {
        if (words.text() == "netlink_notify_msg") {
            words.interface().notify_netlink = true;
        } else if (words.text() == "name") {
            if (!words.argument()) {
                return;
            }
            words.read_name("VMAC");
        } else if (words.text() == "group") {
            if (!words.argument()) {
                return;
            }
            words.read_group();
        } else if (words.text().find(':') != std::string_view::npos) {
            read_hardware_address(words);
        } else {
            words.read_name("VMAC");
        }
    }
}

std::optional<vrrp::OwnInterface::IpvlanMode> read_mode(std::string_view word) {
    using Mode = vrrp::OwnInterface::IpvlanMode;
    return word == "bridge"    ? std::optional(Mode::bridge)
           : word == "private" ? std::optional(Mode::isolated)
           : word == "vepa"    ? std::optional(Mode::vepa)
                               : std::nullopt;
}

/// ADDRESS[/LENGTH] of an ipvlan, which is also where adverts come from.
void read_address(Words& words, const core::Address& address, std::optional<std::string_view> length) {
    if (words.interface().address) {
        words.error("({}) ipvlan address already specified - ignoring '{}'", words.draft().name, words.text());
        return;
    }
    core::Prefix prefix = {address, address.bits()};
    if (length) {
        const auto number = read_unsigned(*length, {0, address.bits()});
        if (number.fault != NumberFault::none) {
            words.error("({}) invalid prefix length of ipvlan address '{}' - ignoring", words.draft().name,
                        words.text());
            return;
        }
        prefix.length = static_cast<std::uint8_t>(number.value);
    }
    if (!words.draft().fits(address.family())) {
        words.error("({}) ipvlan address family must match VRRP instance [{}] - ignoring", words.draft().name,
                    words.text());
        return;
    }
    words.interface().address = prefix;
    words.draft().source = address;
}

void use_ipvlan(Context& context, const Statement& statement) {
    Words words(context, statement);
    vrrp::OwnInterface& own = words.draft().own_interface.make();
    if (own.kind == vrrp::OwnInterface::Kind::ipvlan) {
        context.error(statement, 0, fmt::format("({}) use_ipvlan already specified", words.draft().name));
        return;
    }
    own.kind = vrrp::OwnInterface::Kind::ipvlan;
    bool has_mode = false;
    while (words.next()) {
        const AddressText text = split_prefix(words.text());
        if (words.text() == "group") {
            if (!words.argument()) {
                return;
            }
            words.read_group();
        } else if (words.text() == "name") {
            if (!words.argument()) {
                return;
            }
            words.read_name("IPVLAN");
        } else if (const auto mode = read_mode(words.text())) {
            if (std::exchange(has_mode, true)) {
                words.error("({}) ipvlan type already specified - ignoring '{}'", words.draft().name, words.text());
            } else {
                own.mode = *mode;
            }
        } else if (const auto address = core::Address::parse(text.address)) {
            read_address(words, *address, text.length);
        } else {
            words.read_name("IPVLAN");
        }
    }
}

constexpr Keyword kRows[] = {
    not_yet({.name = "use_vmac",
             .apply = use_vmac,
             .repeat = Repeat::accumulates,
             .arguments = "[[name] INTERFACE] [MAC] [netlink_notify_msg] [group GROUP]",
             .fallback = "off"}),
    not_yet({.name = "use_vmac_addr", .apply = set<&vrrp::Instance::vmac_for_addresses, true>, .fallback = "off"}),
    not_yet({.name = "vmac_xmit_base", .apply = set<&InstanceDraft::transmit_base, true>, .fallback = "off"}),
    keeps_from_starting({.name = "use_ipvlan",
                         .apply = use_ipvlan,
                         .repeat = Repeat::first_wins,
                         .arguments = "[[name] INTERFACE] [ADDRESS[/LENGTH]] [bridge|private|vepa] [group GROUP]",
                         .fallback = "off"}),
};

}  // namespace

Rows instance_own_interface_rows() {
    return kRows;
}

}  // namespace sustain::parser
