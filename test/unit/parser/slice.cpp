// The slices that the children get: expanded once, the same configuration when read again.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;

namespace {

const test::FakeMachine kMachine;

void compare(const vrrp::Config& a, const vrrp::Config& b) {
    REQUIRE(a.instances.size() == b.instances.size());
    for (std::size_t i = 0; i < a.instances.size(); ++i) {
        const auto& left = a.instances[i];
        const auto& right = b.instances[i];
        CHECK(left.name == right.name);
        CHECK(left.interface == right.interface);
        CHECK(left.vrid == right.vrid);
        CHECK(left.priority == right.priority);
        CHECK(left.addresses == right.addresses);
        CHECK(left.excluded == right.excluded);
        CHECK(left.authentication == right.authentication);
        CHECK(left.garp == right.garp);
        CHECK(left.preempt_delay == right.preempt_delay);
    }
}

}  // namespace

TEST_CASE("a child reads the same from its slice, odd as the text may be") {
    const test::Folder folder;
    folder.write("vips", "192.0.2.1 label \"a # b\" # comment\n192.0.2.2 dev eth1\n");
    const std::string file =
        folder.write("k.conf",
                     "global_defs { dynamic_interfaces\nrouter_id \\#\"x{y\"\n}\nnonsense {\n}\n"
                     "vrrp_instance \"A { B\" { interface eth0 # x\n  virtual_router_id 7\npreempt_delay 5s\n"
                     "authentication { auth_type PASS\nauth_pass a!b\n}\nvirtual_ipaddress\n{ include vips\n}\n"
                     "virtual_ipaddress_excluded {\n192.0.2.3 }\nnotify_master \"x 'y\nunknown here\n}\n"
                     "vrrp_instance C { interface eth0\nvirtual_router_id 8\nvirtual_ipaddress { 192.0.2.9\n}\n}\n"
                     "vrrp_instance C { interface eth0\nvirtual_router_id 9\n}\n"
                     "virtual_server 192.0.2.1 80 { protocol TCP\nlb_algo rr\nlb_kind NAT\n"
                     "real_server 192.0.2.5 80x { TCP_CHECK { retry 2\n}\n}\n}\n");
    const Outcome whole = load({.file = file, .config_id = {}}, kMachine);
    INFO(whole.vrrp_text);
    REQUIRE(whole.config.vrrp.instances.size() == 2);
    CHECK(whole.config.vrrp.instances[0].name == "A { B");
    CHECK(whole.config.vrrp.instances[0].addresses.size() == 2);
    CHECK(whole.config.vrrp.instances[0].authentication.password.reveal() == "a");

    const Outcome vrrp = Loader::from_expanded(whole.vrrp_text, kMachine).finish();
    compare(whole.config.vrrp, vrrp.config.vrrp);
    CHECK(vrrp.config.has_vrrp);
    CHECK_FALSE(vrrp.config.has_checker);
    CHECK(vrrp.config.global.router_id == whole.config.global.router_id);
    CHECK(vrrp.config.global.dynamic_interfaces);

    const Outcome checker = Loader::from_expanded(whole.checker_text, kMachine).finish();
    REQUIRE(checker.config.checker.checks.size() == 1);
    CHECK(checker.config.checker.checks[0].identity == whole.config.checker.checks[0].identity);
    CHECK(checker.config.checker.checks[0].retry == 2);
    CHECK(checker.config.ipvs.virtual_servers[0].real_servers[0].checks[0].identity ==
          whole.config.ipvs.virtual_servers[0].real_servers[0].checks[0].identity);
    CHECK_FALSE(checker.config.has_vrrp);
}

TEST_CASE("reading can be done in steps") {
    const test::Folder folder;
    const std::string file = folder.write("k.conf", "global_defs {\nrouter_id a\nrouter_id b\n}\n");
    Loader loader({.file = file, .config_id = {}}, kMachine);
    int steps = 1;
    while (loader.step(2)) {
        ++steps;
    }
    CHECK(steps == 3);  // five logical lines
    const Outcome outcome = loader.finish();
    CHECK(outcome.config.global.router_id == "b");
    Loader early({.file = file, .config_id = {}}, kMachine);
    CHECK(early.step(1));
    CHECK(early.finish().config.global.router_id == "b");
}

TEST_CASE("no slices where nobody wants them") {
    const test::Folder folder;
    const std::string file = folder.write("k.conf", "global_defs {\nrouter_id a\n}\n");
    CHECK(load({.file = file, .config_id = {}, .keep_text = false}, kMachine).vrrp_text.empty());
    CHECK_FALSE(load({.file = file, .config_id = {}}, kMachine).vrrp_text.empty());
}
