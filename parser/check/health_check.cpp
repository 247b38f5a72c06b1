#include "parser/check/health_check.hpp"

#include <optional>
#include <string_view>
#include <unordered_map>

#include "parser/check/identity.hpp"

namespace sustain::parser {

namespace {

using namespace std::chrono_literals;

constexpr core::Duration kDelayLoop = 60s;
constexpr core::Duration kConnectTimeout = 5s;

/// What is written first: the check's, the real server's, the virtual server's.
class Inheritance {
public:
    Inheritance(const CheckDefaults& check, const CheckDefaults& real_server, const CheckDefaults& virtual_server)
        : check_(check), real_server_(real_server), virtual_server_(virtual_server) {}

    template <auto Member>
    [[nodiscard]] auto get() const {
        return check_.*Member ? check_.*Member : real_server_.*Member ? real_server_.*Member : virtual_server_.*Member;
    }

private:
    const CheckDefaults& check_;
    const CheckDefaults& real_server_;
    const CheckDefaults& virtual_server_;
};

template <typename Kind>
bool is(const CheckDraft& draft) {
    return std::holds_alternative<core::Boxed<Kind>>(draft.kind);
}

unsigned default_retry(const CheckDraft& draft) {
    return is<checker::DnsCheck>(draft) ? 3 : is<checker::MiscCheck>(draft) ? 0 : 1;
}

core::Duration default_delay_before_retry(const CheckDraft& draft, core::Duration delay_loop) {
    return is<checker::HttpGet>(draft) ? 3s : is<checker::DnsCheck>(draft) ? delay_loop : 1s;
}

checker::Endpoint make_endpoint(const TargetDraft& draft, const CheckedServer& server) {
    checker::Endpoint endpoint;
    endpoint.address = draft.connect_ip.value_or(server.draft.address);
    endpoint.port = draft.connect_port.value_or(server.draft.written_port);  // spec/lvs.md 5.1
    if (draft.bindto) {
        endpoint.bind_address = draft.bindto;
        endpoint.bind_port = draft.bind_port.value_or(0);
    }
    endpoint.bind_interface = draft.bind_if;
    endpoint.fwmark = draft.fwmark;
    return endpoint;
}

bool connects(const checker::Kind& kind) {
    return !std::holds_alternative<core::Boxed<checker::MiscCheck>>(kind) &&
           !std::holds_alternative<core::Boxed<checker::BfdCheck>>(kind) &&
           !std::holds_alternative<core::Boxed<checker::FileCheck>>(kind);
}

checker::Check make_check(CheckDraft& draft, const CheckedServer& server) {
    const Inheritance inherited(draft, server.draft, server.virtual_server);
    checker::Check check;
    check.real_server = server.name;
    check.virtual_server = server.virtual_server_name;
    if (connects(draft.kind)) {
        check.identity.endpoint = make_endpoint(draft, server);
        check.identity.connect_timeout = inherited.get<&CheckDefaults::connect_timeout>().value_or(kConnectTimeout);
    }
    check.alpha = inherited.get<&CheckDefaults::alpha>().value_or(false);
    check.retry = inherited.get<&CheckDefaults::retry>().value_or(default_retry(draft));
    check.delay_loop = inherited.get<&CheckDefaults::delay_loop>().value_or(kDelayLoop);
    check.delay_before_retry = inherited.get<&CheckDefaults::delay_before_retry>().value_or(
        default_delay_before_retry(draft, check.delay_loop));
    check.warmup = inherited.get<&CheckDefaults::warmup>().value_or(check.delay_loop);
    check.log_all_failures = draft.log_all_failures;
    check.suspendable = server.virtual_server.ha_suspend;
    if (is<checker::FileCheck>(draft)) {  // what it says counts at once
        check.retry = 0;
        check.alpha = false;
    }
    check.identity.kind = std::move(draft.kind);
    return check;
}

/// The hosts of an SMTP_CHECK are checks of their own. The enclosing one stays only if it says where to connect to
/// itself (spec/lvs.md 5.6).
std::vector<checker::Check> make_checks(CheckDraft& draft, const CheckedServer& server) {
    const bool own_target = draft.connect_ip || draft.connect_port || draft.bindto || draft.bind_port ||
                            !draft.bind_if.empty() || draft.fwmark != 0 || draft.connect_timeout;
    std::vector<checker::Check> checks;
    checker::Check check = make_check(draft, server);
    for (const HostDraft& host : draft.hosts) {
        checker::Check& other = checks.emplace_back(check);
        other.identity.endpoint = make_endpoint(host, server);
        other.identity.connect_timeout = host.connect_timeout.value_or(check.identity.connect_timeout);
    }
    if (own_target || draft.hosts.empty()) {
        checks.insert(checks.begin(), std::move(check));
    }
    return checks;
}

/// Only scripts of checks that are there in the end are examined, so the draft kept it until now.
void settle_script(Context& context, CheckDraft& draft, const CheckedServer& server) {
    if (!draft.script) {
        return;
    }
    auto& check = *std::get<core::Boxed<checker::MiscCheck>>(draft.kind);
    check.script = context.draft.scripts_of(ScriptUse::check).add(std::move(*draft.script));
    if (check.timeout == core::Duration(0)) {
        // not the one of the real server or check
        check.timeout = server.virtual_server.delay_loop.value_or(kDelayLoop);
    }
    check.configured_weight = server.draft.weight.value_or(server.virtual_server.weight);
}

}  // namespace

std::vector<ipvs::Check> add_checks(Context& context, const CheckedServer& server) {
    checker::Config& config = context.draft.config.checker;
    std::vector<ipvs::Check> numbers;
    numbers.reserve(server.draft.checks.size());
    const auto add = [&](checker::Check check) {
        if (!checker::is_supported(check.identity.kind)) {
            config.idle.push_back(std::move(check));
            return;
        }
        numbers.push_back({.number = static_cast<std::uint32_t>(config.checks.size()),
                           .alpha = check.alpha,
                           .identity = identity_text(check.identity)});
        config.checks.push_back(std::move(check));
    };
    for (CheckDraft& draft : server.draft.checks) {
        settle_script(context, draft, server);
        if (auto* const http = std::get_if<core::Boxed<checker::HttpGet>>(&draft.kind)) {
            (*http)->real_server_virtualhost = server.draft.virtualhost;
            (*http)->virtual_server_virtualhost = server.virtual_server.virtualhost;
        }
        if (draft.hosts.empty()) {
            add(make_check(draft, server));
            continue;
        }
        for (checker::Check& check : make_checks(draft, server)) {
            add(std::move(check));
        }
    }
    return numbers;
}

void drop_checks_without_script(checker::Config& config, ipvs::Config& servers) {
    std::vector<bool> dropped(config.checks.size());
    bool any = false;
    for (std::size_t number = 0; number < config.checks.size(); ++number) {
        auto* const misc = std::get_if<core::Boxed<checker::MiscCheck>>(&config.checks[number].identity.kind);
        if (misc != nullptr &&
            ((*misc)->script >= config.scripts.size() || !config.scripts[(*misc)->script].usable())) {
            (*misc)->script = core::kNoCommand;
            dropped[number] = any = true;
        }
    }
    if (!any) {
        return;
    }
    for (ipvs::VirtualServer& server : servers.virtual_servers) {
        for (ipvs::RealServer& real_server : server.real_servers) {
            std::erase_if(real_server.checks, [&](const ipvs::Check& check) { return dropped[check.number]; });
        }
    }
}

void settle_files(checker::Config& config, const std::vector<core::TrackFile>& files) {
    std::unordered_map<std::string_view, const core::TrackFile*> by_name;
    for (const core::TrackFile& file : files) {
        by_name.try_emplace(file.name, &file);
    }
    for (checker::Check& check : config.checks) {
        if (auto* const boxed = std::get_if<core::Boxed<checker::FileCheck>>(&check.identity.kind)) {
            const auto found = by_name.find((*boxed)->track_file);
            if (found == by_name.end()) {
                continue;  // its block was left out, and that was said
            }
            const core::TrackFile& file = *found->second;
            (*boxed)->path = file.path;
            if (!(*boxed)->weight) {
                (*boxed)->weight = {.factor = file.weight, .reverse = file.reverse};
            }
        }
    }
}

/// Once the whole file has been read: the global option may come behind the checks.
void log_all_failures(checker::Config& config) {
    for (checker::Check& check : config.checks) {
        check.log_all_failures = true;
    }
}

}  // namespace sustain::parser
