#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace sustain::parser {

namespace {

using namespace std::chrono_literals;

constexpr const char* kSecure = "global_defs {\nscript_user root\nenable_script_security\n}\n";

/// Its users are root and nobody, and of its programs those in /bad/ can be changed by others.
class Machine final : public Environment {
public:
    [[nodiscard]] bool interface_exists(const std::string& name) const override { return name.starts_with("eth"); }
    [[nodiscard]] std::optional<core::Account> user(const std::string& name) const override {
        return name == "root" ? std::optional(core::Account{}) : std::nullopt;
    }
    [[nodiscard]] Program program(const std::string& name, const core::Account&) const override {
        return {.finding = name.starts_with("/bad/")       ? Program::Finding::insecure
                           : name.starts_with("/missing/") ? Program::Finding::not_found
                                                           : Program::Finding::fine,
                .path = name,
                .reason = "it is " + name};
    }
};

std::string instance(const std::string& name, unsigned vrid, const std::string& more = {}) {
    return "vrrp_instance " + name + " {\ninterface eth0\nvirtual_router_id " + std::to_string(vrid) +
           "\nvirtual_ipaddress {\n192.0.2." + std::to_string(vrid) + "\n}\n" + more + "}\n";
}

Outcome read(const std::string& text) {
    return test::test_text(text, Machine());
}

TEST_CASE("vrrp_script") {
    const auto outcome = read(std::string(kSecure) +
                              "vrrp_script a {\nscript \"/x 'y z'\"\ninterval 2.5\nweight 300\n}\n"
                              "vrrp_script b {\nscript \"< /proc/x\"\ntimeout 0\n}\nvrrp_script c {\n}\n" +
                              instance("A", 1));
    const auto& scripts = outcome.config.vrrp.track_scripts;
    REQUIRE(scripts.size() == 2);
    CHECK(scripts[0].command.arguments == std::vector<std::string>{"/x", "y z"});
    CHECK(scripts[0].interval == 2500ms);
    CHECK(scripts[0].weight == 300);  // reported and used
    CHECK(scripts[1].file == "/proc/x");
    CHECK(scripts[1].timeout == 1s);
    CHECK(outcome.test_status == 5);
    CHECK(read("vrrp_script {\n}\n").test_status == 2);
    CHECK(read("vrrp_script a {\nscript '/x\n}\n").test_status == 5);  // where keepalived crashes
    CHECK(read("vrrp_script a {\nscript /x\\\n}\n").test_status == 5);
}

TEST_CASE("Scripts and script security") {
    const std::string script = "vrrp_script a {\nscript ";
    CHECK(read(kSecure + script + "/x\n}\n" + instance("A", 1)).test_status == 0);
    CHECK(read(kSecure + script + "/bad/x\n}\n" + instance("A", 1)).test_status == 5);
    CHECK(read(kSecure + script + "/missing/x\n}\n" + instance("A", 1)).test_status == 5);
    CHECK(read(script + "/x\n}\n" + instance("A", 1)).test_status == 6);
    CHECK(read(script + "/missing/x\n}\n" + instance("A", 1)).test_status == 5);
    CHECK(read(script + "/x\n}\n").test_status == 0);  // nobody runs it
    // without a default user
    const auto none = read("global_defs {\nenable_script_security\nvrrp_notify_fifo x\n}\n" + script + "/x\n}\n");
    CHECK(none.test_status == 5);
    CHECK(none.config.global.fifos.vrrp.path.empty());
    // which was found before security asked for one
    CHECK(read("global_defs {\nvrrp_notify_fifo x\nenable_script_security\n}\n").test_status == 0);
    CHECK(read("global_defs {\nscript_user nosuch\n}\n").test_status == 5);
    CHECK(read("global_defs {\nshutdown_script /x\n}\n").test_status == 6);
    CHECK(read("global_defs {\nvrrp_notify_fifo x nosuch\n}\n").test_status == 0);
}

TEST_CASE("vrrp_track_process") {
    const auto outcome = read(
        "vrrp_track_process p {\nprocess \"a b\" c\nquorum_max 0\nweight 5 reverse\n}\n"
        "vrrp_track_process q {\nprocess x\nquorum 3\nquorum_max 2\n}\n");
    const auto& processes = outcome.config.vrrp.track_processes;
    REQUIRE(processes.size() == 2);
    CHECK(processes[0].process == "a b");
    CHECK(processes[0].full_command);
    CHECK(processes[0].match == vrrp::ParameterMatch::exact);
    CHECK(processes[0].quorum == 0);
    CHECK(processes[0].reverse);
    CHECK_FALSE(processes[1].quorum_max.has_value());
    CHECK(outcome.test_status == 5);
}

TEST_CASE("bfd_instance") {
    const auto neighbors = [](const std::string& text) {
        return read("bfd_instance b {\n" + text + "\n}\n").config.bfd.neighbors;
    };
    const auto six = neighbors("neighbor_ip 2001:db8::1\nmin_rx 10.5\nmax_hops -1");
    REQUIRE(six.size() == 1);
    CHECK(six[0].ttl == 64);
    CHECK(six[0].max_hops == 64);  // reported
    CHECK(six[0].min_rx == 10500us);
    CHECK(neighbors("").empty());
    CHECK(neighbors("neighbor_ip 192.0.2.1\nsource_ip 2001:db8::1").empty());
    CHECK(neighbors("neighbor_ip 192.0.2.1\nmin_rx 0")[0].min_rx == 10ms);
    CHECK(read("bfd_instance {\n}\n").test_status == 5);  // where keepalived crashes
    CHECK(read("bfd_instance a {\nneighbor_ip\n}\n").test_status == 2);
    const auto pair = [](const std::string& first, const std::string& second) {
        return read("bfd_instance a {\nneighbor_ip 192.0.2.1\n" + first +
                    "\n}\nbfd_instance b {\nneighbor_ip 192.0.2.1\n" + second + "\n}\n")
            .config.bfd.neighbors.size();
    };
    CHECK(pair("", "") == 1);
    CHECK(pair("source_ip 192.0.2.8", "") == 1);
    CHECK(pair("", "source_ip 192.0.2.8") == 1);
    CHECK(pair("source_ip 192.0.2.8", "source_ip 192.0.2.8") == 1);
    CHECK(pair("source_ip 192.0.2.8", "source_ip 192.0.2.9") == 2);
    CHECK(pair("source_ip 192.0.2.8", "source_ip 192.0.2.8\nmultihop") == 2);
    CHECK(read("bfd_instance a {\nneighbor_ip 192.0.2.1/24\nsource_ip 192.0.2.2-9\n}\n").test_status == 0);
}

TEST_CASE("A child that reads its slice knows the neighbours that it tracks") {
    const Machine machine;
    const test::Folder folder;
    const std::string text =
        "bfd_instance b {\nneighbor_ip 192.0.2.1\nweight 3\n}\n" + instance("A", 1, "track_bfd {\nb\n}\n");
    const Outcome whole = load({.file = folder.write("k.conf", text), .config_id = {}}, machine);
    REQUIRE(whole.test_status == 0);
    const Outcome child = Loader::from_expanded(whole.vrrp_text, machine).finish();
    CHECK(child.diagnostics.size() <= whole.diagnostics.size());
    CHECK(child.config.bfd.neighbors.size() == 1);
}

TEST_CASE("Sync groups") {
    const auto group = [](const std::string& members, const std::string& more = {}) {
        return "vrrp_sync_group G {\ngroup {\n" + members + "\n}\n" + more + "}\n";
    };
    const std::string instances = instance("A", 1) + instance("B", 2);
    const auto fine = read(group("A B") + instances);
    CHECK(fine.test_status == 0);
    REQUIRE(fine.config.vrrp.sync_groups.size() == 1);
    CHECK(fine.config.vrrp.sync_groups[0].members == std::vector<std::string>{"A", "B"});
    CHECK(read(group("A B C") + instances).config.vrrp.sync_groups[0].members.size() == 2);
    CHECK(read(group("A B A") + instances).test_status == 5);
    CHECK(read(group("A") + instances).test_status == 5);
    CHECK(read(group("C") + instances).config.vrrp.sync_groups.empty());
    CHECK(read(group("A B", "group {\nA\n}\n") + instances).config.vrrp.sync_groups.empty());
    CHECK(read("vrrp_sync_group G {\n}\n").test_status == 5);
    CHECK(read("vrrp_sync_group G H {\ngroup {\nA\n}\n}\n" + instances).config.vrrp.sync_groups.empty());
}

TEST_CASE("Weights on an owner, and on a member of a group that does not count them") {
    const std::string objects = std::string(kSecure) +
                                "vrrp_script s {\nscript /x\n}\ntrack_file f {\nfile /run/f\n}\n"
                                "track_file g {\nfile /run/g\n}\nvrrp_track_process p {\nprocess a\n}\n";
    const std::string trackers =
        "track_script {\ns weight 5\n}\ntrack_file {\nf weight 1\ng weight 2\n}\n"
        "track_interface {\neth1 weight 7\neth2\n}\ntrack_process {\np weight 9\n}\n";
    const auto tracked = [](const Outcome& outcome) {
        std::string found;
        for (const vrrp::Tracker& tracker : outcome.config.vrrp.instances.at(0).trackers) {
            found += (found.empty() ? "" : " ") + tracker.name + ":" + std::to_string(tracker.weight);
        }
        return found;
    };
    const auto has = [](const std::string& text, std::string_view word) {
        return text.find(word) != std::string::npos;
    };

    const Outcome owner = read(objects + instance("A", 1, "priority 255\n" + trackers));
    CHECK(owner.test_status == 5);
    // An interface is dropped: with weight 0 its loss would be a fault of an owner that only gave it a weight.
    CHECK_FALSE(has(tracked(owner), "eth1"));
    CHECK((has(tracked(owner), "f:0") && has(tracked(owner), "eth2:0") && has(tracked(owner), "p:9")));
    CHECK_FALSE((has(tracked(owner), "s:") || has(tracked(owner), "g:")));

    const std::string both =
        objects + instance("A", 1, trackers) + instance("B", 2) + "vrrp_sync_group G {\ngroup {\nA\nB\n}\n";
    const Outcome member = read(both + "}\n");
    CHECK(member.test_status == 5);
    CHECK((has(tracked(member), "eth1:0") && has(tracked(member), "f:0") && has(tracked(member), "p:9")));
    CHECK_FALSE((has(tracked(member), "s:") || has(tracked(member), "g:")));

    const Outcome counted = read(both + "sync_group_tracking_weight\n}\n");
    CHECK(counted.test_status == 0);
    for (const char* all : {"s:5", "f:1", "g:2", "eth1:7", "p:9"}) {
        CHECK(has(tracked(counted), all));
    }
}

TEST_CASE("Interfaces that had better be there") {
    CHECK(read("linkbeat_interfaces {\nnosuch0\n}\n").test_status == 4);
    CHECK(read("linkbeat_interfaces {\nnosuch0\n}\nglobal_defs {\ndynamic_interfaces\n}\n").test_status == 0);
    CHECK(read("linkbeat_interfaces {\neth0 FOO\n}\n").test_status == 5);
    const auto outcome = read("interface_up_down_delays {\neth0 2 3.5\neth1 1\n}\n");
    CHECK(outcome.test_status == 0);
    REQUIRE(outcome.config.vrrp.link_delays.size() == 2);
    CHECK(outcome.config.vrrp.link_delays[0].up == 3500ms);
    CHECK(outcome.config.vrrp.link_delays[1].up == 0s);
    CHECK(read("garp_group {\ninterface eth0\n}\n").test_status == 5);
    CHECK(read("garp_group {\ngarp_interval 0.1\ninterfaces {\neth0 eth1\n}\n}\n").config.vrrp.garp_groups.size() == 1);
    CHECK(read("garp_group {\ngarp_interval 0.1\ninterfaces {\neth0 eth0\n}\n}\n").test_status == 5);
}

TEST_CASE("Track groups") {
    const auto outcome = read("track_group T {\ngroup {\nA\nX\n}\n}\n" + instance("A", 1));
    CHECK(outcome.test_status == 0);  // who is not there is only logged
    REQUIRE(outcome.config.vrrp.track_groups.size() == 1);
    CHECK(outcome.config.vrrp.track_groups[0].members == std::vector<std::string>{"A"});
    CHECK(read("track_group T {\n}\n").test_status == 5);
}

}  // namespace

}  // namespace sustain::parser
