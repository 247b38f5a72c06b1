// Which virtual servers there are: at the end of each block, when the group of one comes, and after the last line.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>

#include "parser/check/check.hpp"
#include "parser/check/virtual_server.hpp"

namespace sustain::parser {

namespace {

using Family = core::Address::Family;
using ipvs::Selector;

void check_sorry_family(Context& context, VirtualServerDraft& draft) {
    auto& sorry = draft.sorry_server;
    const bool tunnel = sorry && sorry->method && sorry->method->forwarding == ipvs::Forwarding::tunnel;
    if (!sorry || tunnel) {
        return;
    }
    if (!draft.family) {
        draft.family = sorry->address.family();
    } else if (*draft.family != sorry->address.family()) {
        context.report.error(Rank::general, Prefix::file_line, draft.closed,
                             fmt::format("Address family of virtual server and sorry server {} don't match - skipping "
                                         "sorry server.",
                                         sorry->address));
        sorry.reset();
    }
}

/// Of a mark that only tunnels lead away from: the one that all servers have, or IPv4.
void settle_family_of_mark(VirtualServerDraft& draft) {
    if (draft.selector != Selector::fwmark || draft.family) {
        return;
    }
    const auto is_ipv6 = [](const auto& server) { return server.address.is_ipv6(); };
    const bool ipv6 =
        std::ranges::all_of(draft.real_servers, is_ipv6) && (!draft.sorry_server || is_ipv6(*draft.sorry_server));
    draft.family = ipv6 ? Family::ipv6 : Family::ipv4;
}

/// Something for the log, never an error (spec/lvs.md 3.2).
void drop(Context& context, const VirtualServerDraft& draft, std::string_view why) {
    context.report.add(Severity::notice, Rank::none, Prefix::none, draft.place,
                       fmt::format("Virtual server {}: {} - ignoring", name_of(draft), why));
}

/// Whether the virtual server can be for this group.
bool link(Context& context, VirtualServerDraft& draft, const GroupTraits& group) {
    const bool mixed = group.ipv4 && group.ipv6;
    if (!draft.family) {
        if (!mixed) {
            draft.family = group.ipv6 ? Family::ipv6 : Family::ipv4;
        }
        return true;
    }
    if (mixed) {
        drop(context, draft, fmt::format("virtual server group {} has both IPv4 and IPv6 entries", draft.group));
        return false;
    }
    if (*draft.family == Family::ipv4 ? group.ipv6 : group.ipv4) {
        drop(context, draft, fmt::format("address family does not match that of virtual server group {}", draft.group));
        return false;
    }
    return true;
}

void finish(Context& context, VirtualServerDraft& draft, const GroupTraits* group) {
    if (group != nullptr && !link(context, draft, *group)) {
        return;
    }
    if (draft.real_servers.empty()) {
        context.report.error(Rank::general, Prefix::none, draft.closed,
                             fmt::format("Virtual server {} has no real servers - ignoring", name_of(draft)));
        context.left_out(draft.place, "it has no real servers");
        return;
    }
    settle_virtual_server(context, draft, group);
    build_virtual_server(context, draft, group);
}

/// Those that had to wait for their group go to where their blocks stand.
void restore_order(Draft& draft) {
    auto& order = draft.virtual_server_order;
    if (std::ranges::is_sorted(order)) {
        return;
    }
    std::vector<std::size_t> places(order.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::ranges::sort(places, {}, [&](std::size_t place) { return order[place]; });
    std::vector<ipvs::VirtualServer> sorted;
    sorted.reserve(places.size());
    for (const std::size_t place : places) {
        sorted.push_back(std::move(draft.config.ipvs.virtual_servers[place]));
    }
    draft.config.ipvs.virtual_servers = std::move(sorted);
}

/// What is not written comes from global_defs, which may stand anywhere. Without a word there, the quorum makes no mail
/// and real servers do.
void settle_mail(Config& config) {
    const core::MailSettings& mail = config.global.mail;
    const std::optional<bool> global = mail.alert_checker ? mail.alert_checker : mail.alert;
    for (ipvs::VirtualServer& server : config.ipvs.virtual_servers) {
        server.smtp_alert = server.smtp_alert.value_or(global.value_or(false));
        for (ipvs::RealServer& real_server : server.real_servers) {
            real_server.smtp_alert = real_server.smtp_alert.value_or(global.value_or(true));
        }
    }
}

/// Counts things that are called the same.
template <typename Key>
class Twins {
public:
    /// Empty for the first one, " (2)" for the second ….
    [[nodiscard]] std::string mark(const Key& key) {
        const unsigned number = ++counts_[key];
        return number > 1 ? fmt::format(" ({})", number) : std::string();
    }

private:
    std::map<Key, unsigned> counts_;
};

/// A reload finds the predecessor of a check by the names of its servers (checker::migrate). Virtual servers that are
/// written twice have one name, and so have real servers whose port was reset, and marks in both families: here they
/// get names of their own, in the way in which ipvs::Pools and ipvs::Pool tell them apart. Were one to be taken for
/// the other, a dead server could stay in: a check reports only what is new to it.
void tell_twins_apart(Config& config) {
    using Place = std::pair<core::Address, std::uint16_t>;
    Twins<std::tuple<std::uint32_t, bool, ipvs::Protocol, Place>> services;
    for (const ipvs::VirtualServer& server : config.ipvs.virtual_servers) {
        const bool ipv6 = server.family == Family::ipv6;
        // The name of a group's virtual server has its ordinal.
        const std::string service =
            server.selector == Selector::group
                ? std::string()
                : services.mark({server.fwmark, ipv6, server.protocol, {server.address, server.port}});
        Twins<Place> places;
        for (const ipvs::RealServer& real_server : server.real_servers) {
            const std::string place = places.mark({real_server.address, real_server.port});
            const bool crosses = server.selector == Selector::fwmark && real_server.address.is_ipv6() != ipv6;
            for (const ipvs::Check& check : real_server.checks) {
                checker::Check& named = config.checker.checks[check.number];
                named.virtual_server += crosses ? (ipv6 ? " (IPv6)" : " (IPv4)") : "";
                named.virtual_server += service;
                named.real_server += place;
            }
        }
    }
}

}  // namespace

void check_virtual_server(Context& context) {
    VirtualServerDraft& draft = context.draft.virtual_server;
    check_sorry_family(context, draft);
    settle_family_of_mark(draft);
    if (draft.selector != Selector::group) {
        finish(context, draft, nullptr);
    } else if (const auto group = context.draft.groups.find(draft.group); group != context.draft.groups.end()) {
        finish(context, draft, &group->second);
    } else {
        context.draft.waiting[draft.group].push_back(std::move(draft));
    }
}

void release_virtual_servers(Context& context, const std::string& group) {
    const auto waiting = context.draft.waiting.extract(group);
    if (waiting) {
        for (VirtualServerDraft& draft : waiting.mapped()) {
            finish(context, draft, &context.draft.groups.at(group));
        }
    }
}

void check_virtual_servers(Context& context) {
    for (const auto& [group, drafts] : context.draft.waiting) {
        for (const VirtualServerDraft& draft : drafts) {
            drop(context, draft, fmt::format("there is no virtual server group {}", group));
        }
    }
    restore_order(context.draft);
    settle_mail(context.draft.config);
    tell_twins_apart(context.draft.config);
}

std::vector<bool> server_scripts_in_use(const Context& context) {
    std::vector<bool> in_use;
    const auto note = [&](core::CommandNumber number) {
        if (number != core::kNoCommand) {
            in_use.resize(std::max(in_use.size(), number + std::size_t{1}));
            in_use[number] = true;
        }
    };
    for (const ipvs::VirtualServer& server : context.draft.config.ipvs.virtual_servers) {
        note(server.quorum_up);
        note(server.quorum_down);
        for (const ipvs::RealServer& real_server : server.real_servers) {
            note(real_server.notify_up);
            note(real_server.notify_down);
        }
    }
    return in_use;
}

}  // namespace sustain::parser
