#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

/// How many addresses an advert has room for.
std::size_t room(const InstanceCheck& check) {
    using vrrp::HmacAuthentication;
    constexpr unsigned kEthernetHeader = 14;
    constexpr unsigned kVrrpHeader = 8;
    constexpr unsigned kAuthenticationData = 8;
    constexpr unsigned kAuthenticationHeader = 24;
    constexpr unsigned kHmacTrailer = 28;
    constexpr unsigned kUsualMtu = 1500;
    constexpr unsigned kMost = 255;
    const InstanceDraft& draft = check.draft;
    unsigned overhead = kEthernetHeader + (draft.is_ipv6() ? 40 : 20) + kVrrpHeader;
    if (!draft.is_ipv6() && draft.version == 2) {
        overhead += kAuthenticationData;
    }
    if (draft.authentication.type == vrrp::AuthenticationType::digest) {
        overhead += kAuthenticationHeader;
    }
    if (draft.hmac && draft.hmac->mode != HmacAuthentication::Mode::receive_only) {
        overhead += kHmacTrailer;
    }
    const Interface* const interface = check.interface();
    const unsigned mtu = interface != nullptr ? interface->mtu : kUsualMtu;
    return mtu > overhead ? std::min(kMost, (mtu - overhead) / (draft.is_ipv6() ? 16 : 4)) : 0;
}

/// Addresses without `dev` have no place to be on.
void remove_homeless(InstanceCheck& check, std::vector<vrrp::VirtualAddress>& addresses) {
    std::erase_if(addresses, [&check](const vrrp::VirtualAddress& address) {
        if (!address.device.empty()) {
            return false;
        }
        check.error("address {} has no dev and the instance no interface - removing", address.prefix.address);
        return true;
    });
}

/// Addresses that want a VMAC in an instance that has VMACs anyhow.
void check_vmacs(InstanceCheck& check, std::vector<vrrp::VirtualAddress>& addresses) {
    const InstanceDraft& draft = check.draft;
    for (vrrp::VirtualAddress& address : addresses) {
        if (!address.use_vmac) {
            continue;
        }
        const bool here = address.device.empty() || address.device == draft.interface;
        if (here && check.has_vmac()) {
            check.error("use_vmac specified for VIP/eVIP {} and vrrp instance", address.prefix.address);
            address.use_vmac = false;
            address.device.clear();
        } else if (!here && draft.vmac_for_addresses) {
            check.error("use_vmac_addr specified and use_vmac specified for VIP/eVIP {}", address.prefix.address);
        }
    }
}

}  // namespace

void check_room(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    auto& addresses = draft.addresses;
    if (draft.is_ipv6() && !draft.unicast && !addresses.empty() && !addresses.front().prefix.address.is_link_local()) {
        if (draft.strict) {
            check.error("the first IPv6 VIP address must be link local");
        } else {
            check.log("the first IPv6 VIP address should be link local");
        }
    }
    const std::size_t most = room(check);
    if (addresses.size() <= most) {
        return;
    }
    check.error(
        "Number of VIPs ({}) exceeds maximum/space available in packet (max {} addresses) - excess moved to eVIPs",
        addresses.size(), most);
    check.adjusted("virtual_ipaddress", fmt::format("the first {}", most), "an advert has no room for more");
    const auto first = addresses.begin() + static_cast<std::ptrdiff_t>(most);
    draft.excluded.insert(draft.excluded.begin(), std::make_move_iterator(first),
                          std::make_move_iterator(addresses.end()));
    addresses.erase(first, addresses.end());
}

void check_addresses(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    check_vmacs(check, draft.addresses);
    check_vmacs(check, draft.excluded);
    if (!check.has_interface() && draft.unicast_keyword) {  // without one the missing interface is all there is to say
        remove_homeless(check, draft.addresses);
        remove_homeless(check, draft.excluded);
    }
    if (draft.no_addresses && draft.strict) {
        check.error("no_virtual_ipaddress is incompatible with strict mode - resetting");
        check.adjusted("no_virtual_ipaddress", "off", "strict mode");
        draft.no_addresses = false;
    }
    if (!draft.addresses.empty() || draft.no_addresses) {
        return;
    }
    const bool required = draft.version == 3 || draft.strict;
    check.context().report.error(
        required ? Rank::general : Rank::warning, Prefix::file_line, draft.closed,
        fmt::format("({}) No VIP specified; at least one is {}", draft.name, required ? "required" : "sensible"));
    if (required) {
        check.stop();
    }
}

}  // namespace sustain::parser
