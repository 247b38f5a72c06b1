#include <linux/genetlink.h>
#include <linux/ip_vs.h>

#include <catch2/catch.hpp>

#include "examples.hpp"
#include "ipvs/global_codec.hpp"

using namespace sustain;
using namespace sustain::ipvs;
using namespace sustain::test;

namespace {

using Role = SyncDaemon::Role;

core::LvsSyncDaemon settings() {
    core::LvsSyncDaemon result;
    result.interface = "eth1";
    result.id = 51;
    return result;
}

/// As the kernel shows a daemon of these settings.
SyncDaemon shown(Role role, core::LvsSyncDaemon what) {
    what.port = what.port.value_or(8848);
    what.ttl = what.ttl.value_or(1);
    what.group = what.group.value_or(address("224.0.0.81"));
    what.max_length = what.max_length.value_or(1464);
    what.instance.clear();
    return {role, what};
}

}  // namespace

TEST_CASE("without an instance both sync daemons run, with one the one of its state") {
    auto wanted = settings();
    CHECK(wanted_daemons({}, true).empty());
    REQUIRE(wanted_daemons(wanted, false).size() == 2);
    CHECK(wanted_daemons(wanted, false)[0].role == Role::master);
    CHECK(wanted_daemons(wanted, false)[1].role == Role::backup);
    wanted.instance = "VI_1";
    REQUIRE(wanted_daemons(wanted, false).size() == 1);
    CHECK(wanted_daemons(wanted, false)[0].role == Role::backup);
    CHECK(wanted_daemons(wanted, true)[0].role == Role::master);
}

TEST_CASE("a sync daemon that runs is compared with what is written, and with the kernel's defaults") {
    const SyncDaemon wanted{Role::master, settings()};
    CHECK(is_as_wanted(shown(Role::master, settings()), wanted));
    CHECK_FALSE(is_as_wanted(shown(Role::backup, settings()), wanted));
    auto other = settings();
    other.port = 9000;
    CHECK_FALSE(is_as_wanted(shown(Role::master, other), wanted));
    CHECK(is_as_wanted(shown(Role::master, other), {Role::master, other}));
    other = settings();
    other.max_length = 1000;
    CHECK(is_as_wanted(shown(Role::master, other), wanted));  // nobody has asked for another
    CHECK_FALSE(is_as_wanted(shown(Role::master, settings()), {Role::master, other}));
    other = settings();
    other.interface = "eth2";
    CHECK_FALSE(is_as_wanted(shown(Role::master, other), wanted));
}

TEST_CASE("a sync daemon is written and read") {
    auto all = settings();
    all.max_length = 1000;
    all.port = 9000;
    all.ttl = 5;
    all.group = address("224.0.0.99");
    for (const auto& group : {address("224.0.0.99"), address("ff02::99")}) {
        all.group = group;
        const auto message = new_daemon(30, {Role::backup, all});
        const auto daemon = decode_daemon(message.header());
        REQUIRE(daemon.has_value());
        CHECK(*daemon == SyncDaemon{Role::backup, all});
    }
    CHECK_FALSE(decode_daemon(ask_daemons(30).header()).has_value());
    const auto farewell = decode_daemon(delete_daemon(30, {Role::master, settings()}).header());
    REQUIRE(farewell.has_value());
    CHECK(farewell->role == Role::master);
    CHECK(farewell->settings.interface.empty());
}

TEST_CASE("timeouts are written and read") {
    const core::LvsTimeouts timeouts{.tcp = 900, .tcp_fin = 120, .udp = 300};
    CHECK(decode_timeouts(set_timeouts(30, timeouts).header()) == timeouts);
    CHECK_FALSE(decode_timeouts(ask_timeouts(30).header()).has_value());
}
