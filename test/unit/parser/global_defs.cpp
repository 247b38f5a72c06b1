#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace sustain::parser {

namespace {

using namespace std::chrono_literals;

Outcome global(const std::string& text) {
    return test::test_text("global_defs {\n" + text + "\n}\n");
}

TEST_CASE("Mail settings") {
    const auto outcome = global(R"(notification_email {
a@example.com "B <b@example.com>"
c@example.com
}
notification_email_from ka@example.com
smtp_server 192.0.2.2 2525
smtp_connect_timeout 0
smtp_alert off
smtp_alert_vrrp
no_email_faults)");
    const core::MailSettings& mail = outcome.config.global.mail;
    CHECK(mail.recipients == std::vector<std::string>{"a@example.com", "B <b@example.com>", "c@example.com"});
    CHECK(mail.sender == "ka@example.com");
    REQUIRE(mail.server.has_value());
    CHECK(mail.server->host == "192.0.2.2");
    CHECK(mail.server->port == 2525);
    CHECK(mail.connect_timeout == 1s);  // reported
    CHECK(mail.alert == false);
    CHECK(outcome.config.vrrp.defaults.smtp_alert == true);
    CHECK(mail.no_fault_mails);
    CHECK(outcome.test_status == 5);
    CHECK_FALSE(global("smtp_server 192.0.2.2\nsmtp_server 192.0.2.2 0").config.global.mail.server.has_value());
    CHECK(global("smtp_server").test_status == 2);
    CHECK(global("smtp_helo_name").test_status == 0);
}

TEST_CASE("Processes") {
    const auto outcome = global(
        "vrrp_process_name a_name_of_16byte\nchecker_rt_priority 150\nbfd_rlimit_rttime 1\n"
        "max_auto_priority\nvrrp_priority 30\nchecker_cpu_affinity 0 1\n"
        "min_auto_priority_delay 2000");
    const core::ProcessesSettings& processes = outcome.config.global.processes;
    CHECK(processes.vrrp.name == "a_name_of_16byt");
    CHECK(processes.checker.realtime_priority == 99);
    CHECK(processes.bfd.realtime_limit == 2us);
    CHECK(processes.max_auto_priority == 99);
    CHECK(processes.vrrp.priority == 0);
    CHECK(processes.checker.cpus.empty());  // there is only one
    CHECK(processes.min_auto_priority_delay == 2ms);
    CHECK(outcome.test_status == 5);
}

TEST_CASE("umask") {
    const auto bits = [](const std::string& text) { return global("umask " + text).config.global.processes.umask; };
    CHECK(bits("022") == 022U);
    CHECK(bits("0x12") == 0x12U);
    CHECK(bits("8") == 8U);
    CHECK(bits("IWGRP|IWOTH") == 022U);
    CHECK(bits("IWGRP | IRWXO") == 027U);
    for (const char* const wrong : {"08", "01000", "IXXX", "022 x", "IWGRP IWOTH"}) {
        INFO(wrong);
        CHECK(bits(wrong) == std::nullopt);
        CHECK(global(std::string("umask ") + wrong).test_status == 5);
    }
}

TEST_CASE("What instances inherit") {
    const auto outcome = global(
        "vrrp_garp_master_repeat 0\nvrrp_garp_master_refresh x\nvrrp_version 3\n"
        "vrrp_mcast_group6 ff05::77\nvrrp_garp_extra_if 5 all 7\nv3_checksum_as_v2 no\n"
        "vmac_prefix a\nvmac_prefix b");
    const vrrp::Defaults& defaults = outcome.config.vrrp.defaults;
    CHECK(defaults.garp_master_repeat == 1);
    CHECK(defaults.garp_master_refresh == 0s);
    CHECK(defaults.version == 3);
    CHECK(defaults.mcast_group6 == core::Address::parse("ff05::77"));
    CHECK(defaults.garp_extra_if.interval == 7s);
    CHECK(defaults.garp_extra_if.all_interfaces);
    CHECK(defaults.v3_checksum_as_v2);
    CHECK(defaults.vmac_prefix == "a");
    const auto least = global("vrrp_garp_master_delay 3\nvrrp_min_garp");
    CHECK(least.config.vrrp.defaults.garp_master_delay == 3s);
    CHECK(least.config.vrrp.defaults.garp_master_repeat == 1);
    CHECK(least.config.vrrp.defaults.garp_master_refresh_repeat == 0);
}

TEST_CASE("The sync daemon of IPVS, also as written of old") {
    const auto daemon = [](const std::string& text) {
        return global("lvs_sync_daemon " + text).config.global.lvs.sync_daemon.value();
    };
    const auto now = daemon("eth0 inst VI_1 id 7 maxlen 1400 port 8900 ttl 5 group 224.0.0.90");
    CHECK(now.instance == "VI_1");
    CHECK(now.id == 7);
    CHECK(now.max_length == 1400);
    CHECK(now.group == core::Address::parse("224.0.0.90"));
    CHECK(daemon("eth0 VI_1 9").id == 9);
    CHECK(daemon("eth0 VI_1 9").instance == "VI_1");
    CHECK(global("lvs_sync_daemon eth0 VI_1 9").test_status == 5);
    CHECK(global("lvs_sync_daemon eth0 inst").test_status == 2);
    CHECK_FALSE(daemon("eth0 group 192.0.2.1").group.has_value());
}

TEST_CASE("Receive buffers: a number beats MTU beats ADVERT") {
    using Policy = core::ReceiveBufferPolicy;
    const auto policy = [](const std::string& text) { return global(text).config.global.vrrp.receive_buffer; };
    CHECK(policy("vrrp_rx_bufs_policy mtu") == Policy::mtu);
    CHECK(policy("vrrp_rx_bufs_policy ADVERT MTU") == Policy::mtu);
    CHECK(policy("vrrp_rx_bufs_policy MTU\nvrrp_rx_bufs_policy 4096") == Policy::bytes);
    CHECK(policy("vrrp_rx_bufs_policy 4096 ADVERT") == Policy::bytes);
    CHECK(policy("vrrp_rx_bufs_policy 4096 and more") == Policy::bytes);
    CHECK(global("vrrp_rx_bufs_policy 4096 and more").test_status == 0);
    CHECK(global("vrrp_rx_bufs_policy MTU more").test_status == 5);
    CHECK(policy("vrrp_rx_bufs_policy ADVERT 4096") == Policy::advert);
}

TEST_CASE("Tables of nftables") {
    const auto outcome = global("nftables_priority 5\nnftables\nnftables_ipvs x\nnftables_ipvs y");
    const core::FirewallSettings& firewall = outcome.config.global.firewall;
    CHECK(firewall.table == "keepalived");
    CHECK(firewall.priority == -1);  // the table came after it
    CHECK(firewall.ipvs_table == "x");
    CHECK(outcome.test_status == 5);
    CHECK(global("vrrp_iptables").config.global.firewall.table == "keepalived");
    CHECK(global("vrrp_ipsets a").test_status == 5);
}

TEST_CASE("Top level statements") {
    const auto outcome =
        test::test_text("use_pid_dir\ninstance a\ninstance b\nchild_wait_time 7\nnet_namespace_ipvs\n");
    CHECK(outcome.config.global.run.pid_folder);
    CHECK(outcome.config.global.run.instance == "a");
    CHECK(outcome.config.global.run.child_wait == 7s);
    CHECK(outcome.config.global.run.ipvs_namespace == "");
    CHECK(outcome.test_status == 5);
    CHECK(test::status("net_namespace_ipvs a\nnet_namespace_ipvs\n") == 2);
    CHECK(test::status("child_wait_time -1\n") == 5);
}

}  // namespace

}  // namespace sustain::parser
