#include <fmt/format.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace sustain;
using namespace sustain::parser;
using namespace std::chrono_literals;

namespace {

/// Interfaces of every kind that the checks tell apart.
class Machine final : public Environment {
public:
    [[nodiscard]] bool interface_exists(const std::string& name) const override {
        static const std::set<std::string> kNames = {"lo", "eth0", "eth1", "tun0", "ib0", "mv0", "vr51"};
        return kNames.contains(name);
    }
    [[nodiscard]] Interface interface(const std::string& name) const override {
        Interface result = Environment::interface(name);
        result.multicast = name != "tun0";
        result.ethernet = name != "ib0";
        result.mtu = name == "eth1" ? 100 : 1500;
        result.base = name == "mv0" ? "eth0" : "";
        result.private_macvlan = name == "vr51";
        return result;
    }
    [[nodiscard]] std::optional<core::Address> source_address(const std::string& interface,
                                                              core::Address::Family family) const override {
        return family == core::Address::Family::ipv4 && interface == "eth0" ? core::Address::parse("192.0.2.250")
                                                                            : std::nullopt;
    }
};

Outcome read(std::string_view text) {
    return test::test_text(text, Machine());
}

std::string block(std::string_view statements, std::string_view name = "A", std::string_view vrid = "51") {
    return fmt::format("vrrp_instance {} {{\nvirtual_router_id {}\n{}\n}}\n", name, vrid, statements);
}

constexpr std::string_view kAddress = "\nvirtual_ipaddress {\n192.0.2.1 dev eth0\n}\n";
constexpr std::string_view kAddress6 = "\nvirtual_ipaddress {\nfe80::1 dev eth0\n}\n";

struct Case {
    std::string_view id;  ///< in spec/semantic-checks-core.md
    std::string statements;
    std::string_view message;  ///< empty: nothing is wrong
    bool stops = false;        ///< the VRRP process does not start
};

void check(const std::vector<Case>& cases, std::string_view addresses) {
    for (const Case& one : cases) {
        const Outcome outcome = read(block(one.statements + std::string(addresses)));
        INFO(one.id << '\n' << one.statements << '\n' << test::headlines(outcome));
        CHECK(outcome.test_status == (one.message.empty() ? 0 : 5));
        CHECK(test::headlines(outcome).find(one.message) != std::string::npos);
        CHECK(outcome.vrrp_fatal.has_value() == one.stops);
    }
}

constexpr const char* kPeer = "\nunicast_peer {\n192.0.2.7\n}\n";
constexpr const char* kKey = "key 1 abcdefghijklmnopqrstuvwxyz012345\n";

std::string hmac(std::string_view statements) {
    return fmt::format("interface eth0\nauth_hmac {{\n{}\n}}", statements);
}

}  // namespace

TEST_CASE("checks at statements and at the end of an instance") {
    const std::string peer = kPeer;
    check(
        {
            {"B3", "interface eth0\nmcast_src_ip fe80::7\nmcast_src_ip 192.0.2.3", "MUST be of the same family", true},
            {"B6", "interface eth0\nmcast_src_ip 192.0.2.3\nnative_ipv6", "Cannot specify native_ipv6 with IPv4"},
            {"B7", "interface eth0\nvrf eth1", "Cannot specify VRF interface and interface"},
            {"B8", "interface eth1\ninterface eth0", ""},
            {"B9", "interface eth0\ninterface lo", "cannot use a loopback interface (lo) for vrrp", true},
            {"B10", "use_vmac\nunicast_src_ip 192.0.2.3" + peer, "unicast and no interface - clearing use_vmac"},
            {"B11", "interface eth0\nuse_vmac" + peer, "unicast with use_vmac requires vmac_xmit_base - setting"},
            {"B12", "interface eth0\nunicast_ttl 7", "Cannot use unicast_ttl without unicast peers"},
            {"B12", "interface eth0\nunicast_ttl 7" + peer, ""},
            {"B14", "interface eth0\nuse_vmac eth1", "already exists and is not a private macvlan"},
            {"B14", "interface eth0\nuse_vmac vr51", ""},
            {"peer", "interface eth0\nunicast_peer {\n192.0.2.7\n192.0.2.7/24\n}",
             "duplicate unicast peer 192.0.2.7/24"},
            {"peer", "interface eth0\nunicast_peer {\n192.0.2.7 min_ttl\n}", "min_ttl is missing a value"},
            {"peer", "interface eth0\nunicast_peer {\n192.0.2.7 ttl 3\n}", "unknown unicast_peer option ttl"},
            {"peer", "interface eth0\nunicast_peer {\n192.0.2.7 min_ttl 9 max_ttl 3\n}", "min_ttl 9 > max_ttl 3"},
            {"peer", "interface eth0\nunicast_peer {\n192.0.2.7 max_ttl 256\n}", "'256' outside range [0, 255]"},
            {"vmac", "interface eth0\nuse_vmac x 02:00:00:00:00:01 group 3 netlink_notify_msg", ""},
            {"vmac", "interface eth0\nuse_vmac 02:00:00:00:00", ""},
            {"vmac", "interface eth0\nuse_vmac 02:00:00:00", "VMAC invalid MAC address 02:00:00:00"},
            {"vmac", "interface eth0\nuse_vmac 03:00:00:00:00:01", "MAC address is multicast"},
            {"vmac", "interface eth0\nuse_vmac 00:00:5e:00:02:09", "not allowed to be RFC5798 address"},
            {"vmac", "interface eth0\nuse_vmac a b", "VMAC interface name already specified"},
            {"vmac", "interface eth0\nuse_vmac a/b", "too long or invalid characters"},
            {"ipvlan", "interface eth0\nuse_ipvlan 192.0.2.3\nuse_ipvlan", "use_ipvlan already specified"},
            {"ipvlan", "interface eth0\nuse_ipvlan 192.0.2.3 vepa bridge", "ipvlan type already specified"},
            {"group", "interface eth0\nmcast_dst_ip 192.0.2.1", "mcast_dst_ip 192.0.2.1 not multicast"},
            {"kernel_rx_buf_size", "interface eth0\nkernel_rx_buf_size 5 6", "invalid kernel_rx_buf_size"},
            {"garp_extra_if", "interface eth0\ngarp_extra_if all", "specified without time"},
            {"garp_extra_if", "interface eth0\ngarp_extra_if 5 all", ""},
            {"deprecated", "interface eth0\nvmac_garp_intvl 5", "\"vmac_garp_intvl\" is deprecated"},
            {"deprecated", "interface eth0\nlinkbeat_use_polling", "deprecated - use linkbeat_interfaces"},
            {"deprecated", "interface eth0\nlvs_sync_daemon_interface eth1", "is deprecated"},
            {"boolean", "interface eth0\nskip_check_adv_addr zzz", "skip_check_adv_addr"},
        },
        kAddress);
}

TEST_CASE("checks of an IPv4 instance after the last line") {
    const std::string peer = kPeer;
    const std::string strict = "interface eth0\nstrict_mode\n";
    check(
        {
            {"I2", "", "Unknown interface!", true},
            {"I8", strict + "state MASTER\npriority 9", "State MASTER must match being address owner"},
            {"I8", strict + "state BACKUP\npriority 255", "State MASTER must match being address owner"},
            {"I9", strict + "authentication {\nauth_type PASS\nauth_pass x\n}", "Strict mode does not support auth"},
            {"I10", "interface eth0\nstate MASTER\npriority 9\nauthentication {\nauth_type AH\nauth_pass x\n}",
             "Initial state master is incompatible with AH"},
            {"I12", hmac(std::string(kKey) + "active_key 1") + "\nauthentication {\nauth_type PASS\nauth_pass x\n}",
             "cannot be used together"},
            {"I13", hmac(""), "auth_hmac has no active key", true},
            {"I13", hmac(std::string(kKey) + "active_key 2"), "active key 2 is not defined", true},
            {"I14", strict + hmac(std::string(kKey) + "active_key 1\nmode permissive"),
             "requires auth_hmac mode enforce"},
            {"I16", "interface eth0\nunicast_peer {\n}", "unicast keyword has been specified without any"},
            {"I16", "interface eth0\ncheck_unicast_src", "unicast keyword has been specified without any"},
            {"I17", "interface eth0\nunicast_fault_no_peer\nunicast_src_ip 192.0.2.3", ""},
            {"I18", strict + peer, "Unicast peers are not supported in strict mode", true},
            {"I19", peer, "unicast_src_ip or an interface must be specified", true},
            {"I19", "unicast_src_ip 192.0.2.3", "without unicast peers an interface must be specified", true},
            {"I19", "unicast_src_ip 192.0.2.3" + peer, ""},
            {"I19", "unicast_src_ip 192.0.2.3\ndown_timer_adverts 1\ndont_track_primary" + peer, ""},
            {"I21", strict + "use_vmac 02:00:00:00:00:01", "cannot specify MAC address with strict mode"},
            {"I22", "interface ib0\nuse_vmac", "ib0 is not an Ethernet interface"},
            {"I23", "interface tun0", "interface tun0 does not support multicast"},
            {"I23", "interface tun0" + peer, ""},
            {"I26", "vrf eth1\ninterface eth0", "vrf eth1 is only for unicast without interface"},
            {"I28", "interface eth0\nnopreempt\npriority 255", "nopreempt is incompatible with priority 255"},
            {"I29", strict + "preempt_delay 3", "preempt_delay is incompatible with strict mode"},
            {"I29", "interface eth0\npriority 255\npreempt_delay 3", "preempt delay will not work with initial state"},
            {"I30", strict + "down_timer_adverts 4", "down_timer_adverts is incompatible with strict mode"},
            {"I31", "interface eth0\ntimer_expired_backup", "timer_expired_backup requires nopreempt"},
            {"I31", "interface eth0\ntimer_expired_backup\nnopreempt", ""},
            {"I34", strict + "accept", "does not comply with RFC3768"},
            {"I36", "interface eth0\nmcast_dst_ip 224.0.0.9" + peer, "multicast destination specified with unicast"},
            {"I37", strict + "garp_lower_prio_repeat 3", "Strict mode requires no repeat garps"},
            {"I37", strict + "garp_lower_prio_delay 3", "Strict mode requires no repeat garp delay"},
            {"I37", strict + "lower_prio_no_advert off", "requires no lower priority advert"},
            {"I37", strict + "higher_prio_send_advert", "requires higher_prio_send_advert to be clear"},
            {"I38", "interface eth0\nowner_ignore_adverts", "owner_ignore_adverts requires priority 255"},
            {"I39", "interface eth0\npriority 255\nowner_ignore_adverts off", "cannot be off for priority 255"},
            {"I42", "interface eth0\nversion 3\nadvert_int 0.015", "must be in units of 10ms"},
            {"I44", "interface eth0\ntrack_src_ip", ""},
            {"I45", strict + "use_vmac\nvmac_xmit_base", "xmit_base is incompatible with strict mode"},
            {"I46", "interface eth0\nuse_vmac\npromote_secondaries", "promote_secondaries is automatically set"},
            {"I47", "interface eth0\nuse_ipvlan", "IPv4 ipvlan requires a source ip address"},
            {"I48", "interface eth0\ntrack_interface {\neth0\n}", "Ignoring track_interface eth0 since own interface"},
            {"I49", "interface eth0\nvmac_xmit_base", "vmac_xmit_base is only valid with a vmac"},
            {"I53", strict + "no_virtual_ipaddress", "no_virtual_ipaddress is incompatible with strict mode"},
        },
        kAddress);
}

TEST_CASE("checks of an IPv6 instance after the last line") {
    const std::string strict = "interface eth0\nstrict_mode\n";
    check(
        {
            {"B5", "interface eth0\nnative_ipv6\nversion 2", "conflicts with configured or deduced version 3"},
            {"I3", strict + "version 2", "cannot use IPv6 with VRRP version 2; setting version 3"},
            {"I3", "interface eth0\nversion 2", ""},
            {"I9", "interface eth0\nversion 2\nauthentication {\nauth_type AH\nauth_pass x\n}",
             "Cannot use AH authentication with IPv6"},
            {"I20", "unicast_src_ip fe80::5\nunicast_peer {\nfe80::6\n}", "needs an interface", true},
            {"group", "interface eth0\nmcast_dst_ip ff0e::1", "ff0e::1 not link-local multicast"},
            {"I47", "interface eth0\nuse_ipvlan", ""},
        },
        kAddress6);
    check({{"I25", strict, "the first IPv6 VIP address must be link local"}, {"I25", "interface eth0", ""}},
          "\nvirtual_ipaddress {\n2001:db8::1\n}\n");
}

TEST_CASE("an instance without addresses, or with too many") {
    check({{"I52", "unicast_src_ip 192.0.2.3" + std::string(kPeer), "has no dev and the instance no interface"},
           {"I55", "interface eth0\nstrict_mode\nno_virtual_ipaddress\nmcast_src_ip fe80::1", "required", true}},
          "\nvirtual_ipaddress {\n192.0.2.9\n}\n");
    check({{"I54", "interface eth0", "at least one is sensible"},
           {"I55", "interface eth0\nstrict_mode", "at least one is required", true},
           {"I55", "interface eth0\nversion 3", "at least one is required", true},
           {"I53", "interface eth0\nversion 3\nno_virtual_ipaddress", ""}},
          "");
    check({{"I50", "interface eth0\nuse_vmac", "use_vmac specified for VIP/eVIP 192.0.2.9 and vrrp instance"}},
          "\nvirtual_ipaddress {\n192.0.2.9 use_vmac\n}\n");
    check({{"I51", "interface eth0\nuse_vmac_addr", "use_vmac_addr specified and use_vmac specified for VIP/eVIP"}},
          "\nvirtual_ipaddress {\n192.0.2.9 dev eth1 use_vmac\n}\n");
    std::string addresses = "interface eth1\nvirtual_ipaddress {\n";
    for (int i = 1; i <= 20; ++i) {
        addresses += fmt::format("192.0.2.{}\n", i);
    }
    check({{"I27", addresses, "Number of VIPs (20) exceeds maximum/space available in packet (max 12 addresses)"}},
          "}\n");
}

TEST_CASE("what an instance inherits from global_defs, wherever that stands") {
    const auto inheriting = [](std::string_view globals, std::string_view statements) {
        Outcome outcome = read(block("interface eth0\n" + std::string(statements) + std::string(kAddress)) +
                               fmt::format("global_defs {{\n{}\n}}\n", globals));
        INFO(test::headlines(outcome));
        REQUIRE(outcome.config.vrrp.instances.size() == 1);
        return outcome.config.vrrp.instances[0];
    };
    CHECK(inheriting("vrrp_garp_master_delay 9", "").garp.lower_prio_delay == 9s);
    CHECK(inheriting("vrrp_garp_master_delay 9", "garp_master_delay 3").garp.delay == 3s);
    CHECK(inheriting("vrrp_down_timer_adverts 7", "").down_timer_adverts == 7);
    CHECK(inheriting("vrrp_lower_prio_no_advert", "").lower_prio_no_advert);
    CHECK_FALSE(inheriting("vrrp_lower_prio_no_advert", "lower_prio_no_advert off").lower_prio_no_advert);
    CHECK(inheriting("vrrp_higher_prio_send_advert", "").higher_prio_send_advert);
    CHECK_FALSE(inheriting("vrrp_higher_prio_send_advert\nvrrp_strict", "").higher_prio_send_advert);
    CHECK(inheriting("vrrp_skip_check_adv_addr", "").skip_check_adv_addr);
    CHECK(inheriting("", "skip_check_adv_addr off").skip_check_adv_addr);
    const auto strict = inheriting("vrrp_strict", "");
    CHECK((strict.strict && strict.lower_prio_no_advert && !strict.accept));
    CHECK(strict.garp.lower_prio_repeat == 0);
    CHECK(inheriting("vrrp_strict", "strict_mode off").accept);
    CHECK(inheriting("vrrp_strict", "priority 255").owner_ignore_adverts);
    CHECK(inheriting("smtp_alert", "").smtp_alert);
    CHECK_FALSE(inheriting("smtp_alert\nsmtp_alert_vrrp off", "").smtp_alert);
    CHECK(inheriting("vrrp_notify_priority_changes", "").notify_priority_changes);
}

TEST_CASE("conflicts between instances") {
    const auto two = [](std::string_view first, std::string_view second) {
        const Outcome outcome = read(block(std::string(first) + std::string(kAddress), "A") +
                                     block(std::string(second) + std::string(kAddress), "B"));
        INFO(first << '\n' << second << '\n' << test::headlines(outcome));
        CHECK(outcome.test_status == (outcome.vrrp_fatal.has_value() ? 5 : 0));
        return outcome.vrrp_fatal.has_value();
    };
    CHECK(two("interface eth0", "interface eth0"));
    CHECK(two("interface eth0", "interface mv0"));
    CHECK(two("interface eth0", "interface eth0\nmcast_dst_ip 224.0.0.18"));
    CHECK_FALSE(two("interface eth0", "interface eth1"));
    CHECK_FALSE(two("interface eth0", "interface eth0\nmcast_dst_ip 224.0.0.19"));
    CHECK_FALSE(two("interface eth0", std::string("interface eth0") + kPeer));
    const std::string unicast = std::string("interface eth0") + kPeer;
    CHECK(two(unicast, unicast));
    CHECK(two(unicast, "interface eth0\nunicast_src_ip 192.0.2.250" + std::string(kPeer)));
    CHECK(two(unicast, "unicast_src_ip 192.0.2.250" + std::string(kPeer)));
    CHECK_FALSE(two(unicast, "interface eth0\nunicast_src_ip 192.0.2.251" + std::string(kPeer)));
    CHECK_FALSE(two(unicast, "interface eth0\nunicast_peer {\n192.0.2.8\n}\n"));
    CHECK_FALSE(two("unicast_src_ip 192.0.2.3" + std::string(kPeer),
                    "interface eth1\nunicast_src_ip 192.0.2.4" + std::string(kPeer)));
    CHECK_FALSE(two("interface eth0\nunicast_src_ip 192.0.2.3" + std::string(kPeer),
                    "interface eth1\nunicast_src_ip 192.0.2.3" + std::string(kPeer)));
}

TEST_CASE("keys of auth_hmac") {
    const test::Folder folder;
    const std::string good = folder.write("good", "abcdefghijklmnopqrstuvwxyz012345\n");
    chmod(good.c_str(), 0600);
    const std::string open = folder.write("open", "hex:" + std::string(64, 'a'));
    chmod(open.c_str(), 0644);
    const auto status = [](std::string_view statements, std::string_view message = {}) {
        const Outcome outcome = read(block(hmac(std::string(statements) + "\nactive_key 1") + std::string(kAddress)));
        INFO(statements << '\n' << test::headlines(outcome));
        CHECK(test::headlines(outcome).find(message) != std::string::npos);
        for (const Diagnostic& diagnostic : outcome.diagnostics) {
            CHECK(to_text(diagnostic).find("abcdefgh") == std::string::npos);
        }
        return outcome.test_status;
    };
    CHECK(status(kKey) == 0);
    CHECK(status("key 1 file:" + good) == 0);
    CHECK(status("key 1 file:" + open, "can be read by others") == 6);
    CHECK(status("key 1 file:" + good + ".not", "cannot be read") == 5);
    // Without its active key, the instance would not be authenticated: refused.
    CHECK(status("key 1", "needs an id and a key") == 5);
    CHECK(status("key 1 abcdefghijkl", "must have 32 to 64 bytes") == 5);
    CHECK(status("key 1 hex:" + std::string(63, 'a'), "invalid hex digits") == 5);
    CHECK(status("key 0 abcdefghijklmnopqrstuvwxyz012345", "outside range [1, 255]") == 5);
    CHECK(status(std::string(kKey) + kKey, "duplicate auth_hmac key id 1") == 5);
    CHECK(status(std::string(kKey) + "anti_replay never", "unknown anti_replay") == 5);
}
