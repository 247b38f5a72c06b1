// The two configuration files of the first real set-up, as they stand: every value that they give.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using namespace std::chrono_literals;

namespace {

Outcome load_seed(const std::string& name) {
    return load({.file = std::string(SUSTAIN_CORPUS) + "/seed/" + name, .config_id = {}, .strict = true},
                test::FakeMachine());
}

core::Address address(const char* text) {
    return core::Address::parse(text).value();
}

void check_instance(const Config& config, vrrp::State state, unsigned priority) {
    REQUIRE(config.vrrp.instances.size() == 1);
    const vrrp::Instance& instance = config.vrrp.instances[0];
    CHECK(instance.name == "VI_1");
    CHECK(instance.interface == "ens33");
    CHECK(instance.vrid == 100);
    CHECK(instance.priority == priority);
    REQUIRE(instance.initial_state.has_value());
    CHECK(*instance.initial_state == state);
    CHECK(instance.advert_interval == 1s);
    CHECK(instance.preempt);
    CHECK(instance.preempt_delay == 0s);
    CHECK(instance.authentication.type == vrrp::AuthenticationType::password);
    CHECK(instance.authentication.password.reveal() == "1111");
    REQUIRE(instance.addresses.size() == 1);
    const vrrp::VirtualAddress& vip = instance.addresses[0];
    CHECK(vip.prefix.address == address("172.27.9.100"));
    CHECK(vip.prefix.length == 32);
    CHECK(vip.device.empty());
    CHECK_FALSE(vip.broadcast.has_value());
    CHECK(vip.label.empty());
    CHECK(vip.scope == 0);
    CHECK(vip.track);
    CHECK(instance.excluded.empty());
    CHECK(instance.garp == vrrp::GarpSettings{});
}

void check_virtual_server(const Config& config) {
    REQUIRE(config.ipvs.virtual_servers.size() == 1);
    const ipvs::VirtualServer& server = config.ipvs.virtual_servers[0];
    CHECK(server.address == address("172.27.9.100"));
    CHECK(server.port == 81);
    CHECK(server.protocol == ipvs::Protocol::tcp);
    CHECK(server.scheduler == "wrr");
    CHECK(server.persistence_timeout == 50);
    CHECK(server.persistence_granularity == 0xffffffff);
    CHECK(server.flags == 0);
    CHECK(server.quorum == 1);
    CHECK(server.hysteresis == 0);
    CHECK_FALSE(server.sorry_server.has_value());
    REQUIRE(server.real_servers.size() == 2);
    REQUIRE(config.checker.checks.size() == 2);
    for (std::uint32_t i = 0; i < 2; ++i) {
        const ipvs::RealServer& real = server.real_servers[i];
        CHECK(real.address == address(i == 0 ? "172.27.9.91" : "172.27.9.92"));
        CHECK(real.port == 81);
        CHECK(real.weight == 1);
        CHECK(real.forwarding == ipvs::Forwarding::direct);
        CHECK_FALSE(real.inhibit_on_failure);
        CHECK(real.upper_threshold == 0);
        CHECK(real.lower_threshold == 0);
        REQUIRE(real.checks.size() == 1);
        CHECK(real.checks[0].number == i);
        CHECK_FALSE(real.checks[0].alpha);

        const checker::Check& check = config.checker.checks[i];
        CHECK(std::holds_alternative<checker::TcpCheck>(check.identity.kind));
        CHECK(check.identity.endpoint ==
              checker::Endpoint{.address = real.address, .port = 81, .bind_address = {}, .bind_interface = {}});
        CHECK(check.identity.connect_timeout == 10s);
        CHECK(check.real_server == (i == 0 ? "[172.27.9.91]:tcp:81" : "[172.27.9.92]:tcp:81"));
        CHECK(check.virtual_server == "[172.27.9.100]:tcp:81");
        CHECK_FALSE(check.alpha);
        CHECK(check.retry == 3);
        CHECK(check.delay_before_retry == 3s);
        CHECK(check.delay_loop == 6s);
        CHECK(check.warmup == 6s);
        CHECK_FALSE(check.log_all_failures);
    }
    CHECK(server.real_servers[0].checks[0].identity != server.real_servers[1].checks[0].identity);
}

}  // namespace

TEST_CASE("the seed configuration of lvs01") {
    const Outcome outcome = load_seed("lvs01.keepalived.conf");
    INFO(test::headlines(outcome));
    CHECK(outcome.diagnostics.empty());
    CHECK(outcome.test_status == 0);
    CHECK_FALSE(test::fatal_status(outcome).has_value());
    CHECK(outcome.config.has_vrrp);
    CHECK(outcome.config.has_checker);
    CHECK(outcome.config.global.router_id == "lvs01");
    CHECK_FALSE(outcome.config.global.dynamic_interfaces);
    check_instance(outcome.config, vrrp::State::master, 100);
    check_virtual_server(outcome.config);
}

TEST_CASE("the seed configuration of lvs02") {
    const Outcome outcome = load_seed("lvs02.keepalived.conf");
    CHECK(outcome.diagnostics.empty());
    CHECK(outcome.test_status == 0);
    CHECK(outcome.config.global.router_id == "lvs02");
    check_instance(outcome.config, vrrp::State::backup, 99);
    check_virtual_server(outcome.config);
}

TEST_CASE("the children get the same configuration from their slices") {
    const test::FakeMachine machine;
    const Outcome outcome = load_seed("lvs01.keepalived.conf");
    CHECK(outcome.vrrp_text.find("virtual_server") == std::string::npos);
    CHECK(outcome.checker_text.find("vrrp_instance") == std::string::npos);
    const Outcome vrrp = Loader::from_expanded(outcome.vrrp_text, machine).finish();
    CHECK(vrrp.diagnostics.empty());
    CHECK(vrrp.config.global.router_id == "lvs01");
    check_instance(vrrp.config, vrrp::State::master, 100);
    CHECK_FALSE(vrrp.config.has_checker);
    const Outcome checker = Loader::from_expanded(outcome.checker_text, machine).finish();
    CHECK(checker.diagnostics.empty());
    CHECK(checker.config.global.router_id == "lvs01");
    check_virtual_server(checker.config);
    CHECK_FALSE(checker.config.has_vrrp);
}
