#include "parser/check/health_check.hpp"

namespace sustain::parser {

namespace {

using namespace std::chrono_literals;

constexpr core::Duration kDelayLoop = 60s;
constexpr core::Duration kConnectTimeout = 5s;
constexpr core::Duration kDelayBeforeRetry = 1s;
constexpr unsigned kRetry = 1;

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

}  // namespace

checker::Check make_check(const CheckDraft& draft, const RealServerDraft& real_server, std::uint16_t port,
                          const VirtualServerDraft& virtual_server) {
    const Inheritance inherited(draft, real_server, virtual_server);
    checker::Check check;
    checker::Endpoint& endpoint = check.identity.endpoint;
    endpoint.address = draft.connect_ip.value_or(real_server.address);
    endpoint.port = draft.connect_port.value_or(port);  // as written, not as inherited (spec/lvs.md 5.1)
    if (draft.bindto) {
        endpoint.bind_address = draft.bindto;
        endpoint.bind_port = draft.bind_port.value_or(0);
    }
    endpoint.bind_interface = draft.bind_if;
    endpoint.fwmark = draft.fwmark;
    check.identity.connect_timeout = inherited.get<&CheckDefaults::connect_timeout>().value_or(kConnectTimeout);
    check.alpha = inherited.get<&CheckDefaults::alpha>().value_or(false);
    check.retry = inherited.get<&CheckDefaults::retry>().value_or(kRetry);
    check.delay_before_retry = inherited.get<&CheckDefaults::delay_before_retry>().value_or(kDelayBeforeRetry);
    check.delay_loop = inherited.get<&CheckDefaults::delay_loop>().value_or(kDelayLoop);
    check.warmup = inherited.get<&CheckDefaults::warmup>().value_or(check.delay_loop);
    check.log_all_failures = draft.log_all_failures;
    return check;
}

}  // namespace sustain::parser
