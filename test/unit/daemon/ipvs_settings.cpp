#include "daemon/ipvs_settings.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::daemon;

namespace {

parser::Config config() {
    parser::Config result;
    result.has_checker = true;
    vrrp::Instance instance;
    instance.name = "VI_1";
    instance.vrid = 51;
    result.vrrp.instances = {instance, instance};
    result.vrrp.instances[1].name = "VI_2";
    result.vrrp.instances[1].vrid = 52;
    return result;
}

core::LvsSyncDaemon sync(std::string instance) {
    core::LvsSyncDaemon daemon;
    daemon.interface = "eth1";
    daemon.instance = std::move(instance);
    return daemon;
}

}  // namespace

TEST_CASE("the id of a sync daemon is that of its instance unless it is written") {
    auto written = config();
    written.global.lvs.sync_daemon = sync("VI_2");
    CHECK(ipvs_settings(written, true, true).lvs.sync_daemon->id == 52);
    written.global.lvs.sync_daemon->id = 7;
    CHECK(ipvs_settings(written, true, true).lvs.sync_daemon->id == 7);
    CHECK(ipvs_settings(written, false, true).lvs.sync_daemon.has_value());
    CHECK_FALSE(ipvs_settings(written, true, false).lvs.sync_daemon.has_value());  // nothing to follow
    written.global.lvs.sync_daemon = sync("VI_3");
    CHECK_FALSE(ipvs_settings(written, true, true).lvs.sync_daemon.has_value());
}

TEST_CASE("sync daemons without instance need virtual servers") {
    auto written = config();
    written.global.lvs.sync_daemon = sync("");
    CHECK(ipvs_settings(written, true, true).lvs.sync_daemon.has_value());
    CHECK_FALSE(ipvs_settings(written, false, true).lvs.sync_daemon.has_value());
    written.has_checker = false;
    CHECK_FALSE(ipvs_settings(written, true, true).lvs.sync_daemon.has_value());
}

TEST_CASE("lvs_sync_daemon_interface is a sync daemon that follows its instance") {
    auto written = config();
    written.vrrp.instances[1].rare.make().lvs_sync_interface = "eth2";
    const auto daemon = ipvs_settings(written, true, true).lvs.sync_daemon;
    REQUIRE(daemon.has_value());
    CHECK(daemon->interface == "eth2");
    CHECK(daemon->instance == "VI_2");
    CHECK(daemon->id == 52);
    written.global.lvs.sync_daemon = sync("VI_1");
    CHECK(ipvs_settings(written, true, true).lvs.sync_daemon->interface == "eth1");
}

TEST_CASE("the namespace of the table is that of net_namespace_ipvs") {
    auto written = config();
    CHECK(ipvs_settings(written, true, true).network_namespace.empty());
    written.global.run.ipvs_namespace = "";
    CHECK(ipvs_settings(written, true, true).network_namespace.empty());
    written.global.run.ipvs_namespace = "blue";
    CHECK(ipvs_settings(written, true, true).network_namespace == "blue");
}

TEST_CASE("the sizes of buffers are handed on") {
    auto written = config();
    written.global.netlink.lvs_commands = 4096;
    written.global.netlink.lvs_monitor = 8192;
    written.global.netlink.lvs_monitor_force = true;
    const auto settings = ipvs_settings(written, true, true);
    CHECK(settings.command_buffer == 4096);
    CHECK_FALSE(settings.command_buffer_force);
    CHECK(settings.monitor_buffer == 8192);
    CHECK(settings.monitor_buffer_force);
}
