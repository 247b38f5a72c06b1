#include "daemon/vrrp_notices.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace sustain;
using namespace sustain::daemon;
namespace message = core::message;

namespace {

constexpr std::uint8_t kInit = 0;
constexpr std::uint8_t kBackup = 1;
constexpr std::uint8_t kMaster = 2;
constexpr std::uint8_t kFault = 3;

/// A configuration and everything that is told about it.
struct Fixture {
    vrrp::Config config;
    core::GlobalConfig global;
    std::vector<Notice> told;
    VrrpNotices notices{[this](Notice notice) { told.push_back(std::move(notice)); }};

    vrrp::Instance& instance(const std::string& name, std::uint8_t vrid, std::uint8_t priority = 100) {
        vrrp::Instance& added = config.instances.emplace_back();
        added.name = name;
        added.interface = "eth0";
        added.vrid = vrid;
        added.priority = priority;
        return added;
    }
    vrrp::SyncGroup& group(std::vector<std::string> members) {
        vrrp::SyncGroup& added = config.sync_groups.emplace_back();
        added.name = "G";
        added.members = std::move(members);
        return added;
    }
    core::CommandNumber script(const std::string& name) {
        config.scripts.push_back({.arguments = {"/etc/" + name}, .account = {}});
        return static_cast<core::CommandNumber>(config.scripts.size() - 1);
    }
    vrrp::NotifyScripts scripts(const std::string& prefix) {
        return {.backup = script(prefix + "backup"),
                .master = script(prefix + "master"),
                .fault = script(prefix + "fault"),
                .stop = script(prefix + "stop"),
                .any = script(prefix + "any")};
    }
    std::vector<Notice> take_told() { return std::exchange(told, {}); }
};

std::vector<std::string> lines(const std::vector<Notice>& notices) {
    std::vector<std::string> result;
    for (const Notice& notice : notices) {
        if (!notice.line.empty()) {
            result.push_back(notice.line);
        }
    }
    return result;
}

std::vector<std::vector<std::string>> commands(const Notice& notice) {
    std::vector<std::vector<std::string>> result;
    for (const core::Command& command : notice.scripts) {
        result.push_back(command.arguments);
    }
    return result;
}

using Lines = std::vector<std::string>;
using Commands = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("a change of an instance: its script, the generic one with four arguments, a line, a mail") {
    Fixture f;
    vrrp::Instance& v1 = f.instance("V 1", 1);
    v1.smtp_alert = true;
    v1.scripts = f.scripts("");
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 0, kBackup, 100});
    const auto backup = f.take_told();
    REQUIRE(backup.size() == 1);
    CHECK(commands(backup[0]) == Commands{{"/etc/backup"}, {"/etc/any", "INSTANCE", "V 1", "BACKUP", "100"}});
    CHECK(backup[0].line == "INSTANCE \"V 1\" BACKUP 100");
    CHECK(backup[0].subject == "VRRP Instance V 1 - Entering BACKUP state");
    CHECK(backup[0].body == "=> VRRP Instance is no longer owning VRRP VIPs <=");
    CHECK_FALSE(backup[0].at_stop);

    f.notices.take(message::InstanceState{1, 0, kMaster, 120});
    const auto master = f.take_told();
    REQUIRE(master.size() == 1);
    CHECK(commands(master[0]) == Commands{{"/etc/master"}, {"/etc/any", "INSTANCE", "V 1", "MASTER", "120"}});
    CHECK(master[0].body == "=> VRRP Instance is now owning VRRP VIPs <=");
}

TEST_CASE("a group is told of with priority 0") {
    Fixture f;
    f.instance("V1", 1);
    f.group({"V1"}).scripts = f.scripts("g");
    f.config.sync_groups[0].smtp_alert = true;
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::GroupState{1, 0, kFault});
    const auto told = f.take_told();
    REQUIRE(told.size() == 1);
    CHECK(commands(told[0]) == Commands{{"/etc/gfault"}, {"/etc/gany", "GROUP", "G", "FAULT", "0"}});
    CHECK(told[0].line == "GROUP \"G\" FAULT 0");
    CHECK(told[0].subject == "VRRP Group G - Entering FAULT state");
    CHECK(told[0].body == "=> All VRRP group instances are now in FAULT state <=");
}

TEST_CASE("a group that was not MASTER for a moment is told of once more, without a mail") {
    Fixture f;
    f.group({"V1"}).scripts = f.scripts("g");
    f.config.sync_groups[0].smtp_alert = true;
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::GroupState{1, 0, kMaster});
    f.notices.take(message::GroupState{1, 0, kMaster});
    CHECK(f.take_told().size() == 1);
    f.notices.take(message::GroupState{1, 0, kInit});
    CHECK(f.told.empty());
    f.notices.take(message::GroupState{1, 0, kMaster});
    const auto told = f.take_told();
    REQUIRE(told.size() == 1);
    CHECK(commands(told[0]) == Commands{{"/etc/gmaster"}, {"/etc/gany", "GROUP", "G", "MASTER", "0"}});
    CHECK(told[0].subject.empty());
}

TEST_CASE("the mail of a group follows smtp_alert_vrrp, then smtp_alert") {
    for (const auto& [vrrp, all, wanted] : {std::tuple(std::optional<bool>(), std::optional<bool>(), false),
                                            {std::nullopt, true, true},
                                            {false, true, false},
                                            {true, std::nullopt, true}}) {
        Fixture f;
        f.config.defaults.smtp_alert = vrrp;
        f.global.mail.alert = all;
        f.group({"V1"});
        f.notices.configure(1, f.config, f.global);
        f.notices.take(message::GroupState{1, 0, kMaster});
        CHECK(f.told.at(0).subject.empty() != wanted);
    }
}

TEST_CASE("nothing is told twice, and INIT not at all") {
    Fixture f;
    f.instance("V1", 1);
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 0, kInit, 100});
    CHECK(f.told.empty());
    f.notices.take(message::InstanceState{1, 0, kBackup, 100});
    f.notices.take(message::InstanceState{1, 0, kMaster, 100});
    // A child that has crashed is replaced by one that goes on as MASTER.
    f.notices.take(message::InstanceState{1, 0, kMaster, 100});
    CHECK(lines(f.take_told()) == Lines{"INSTANCE \"V1\" BACKUP 100", "INSTANCE \"V1\" MASTER 100"});
}

TEST_CASE("what a broken or hostile child says about what does not exist is ignored") {
    Fixture f;
    f.instance("V1", 1);
    f.notices.take(message::InstanceState{1, 0, kMaster, 100});
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 1, kMaster, 100});
    f.notices.take(message::InstanceState{1, 0, 4, 100});
    f.notices.take(message::InstanceState{2, 0, kMaster, 100});
    f.notices.take(message::GroupState{1, 0, kMaster});
    f.notices.take(message::PriorityChanged{1, 7, 3});
    f.notices.take(message::LowerPriorityHeard{1, 0xffffffff});
    f.notices.take(message::Ready{9});
    CHECK(f.told.empty());
}

TEST_CASE("priority changes are told where they are wanted, to FIFOs only") {
    Fixture f;
    f.instance("V1", 1).notify_priority_changes = true;
    f.instance("V2", 2).scripts = f.scripts("");
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::PriorityChanged{1, 0, 90});  // before it has started
    f.notices.take(message::InstanceState{1, 0, kBackup, 90});
    f.take_told();
    f.notices.take(message::PriorityChanged{1, 0, 80});
    f.notices.take(message::PriorityChanged{1, 0, 80});
    f.notices.take(message::PriorityChanged{1, 1, 80});
    f.notices.take(message::InstanceState{1, 0, kMaster, 80});
    f.notices.take(message::PriorityChanged{1, 0, 100});
    for (const Notice& notice : f.told) {
        CHECK(notice.scripts.empty());
    }
    CHECK(lines(f.take_told()) == Lines{"INSTANCE \"V1\" BACKUP_PRIORITY 80", "INSTANCE \"V1\" MASTER 80",
                                        "INSTANCE \"V1\" MASTER_PRIORITY 100"});
}

TEST_CASE("a losing advert is told with its script") {
    Fixture f;
    f.instance("V1", 1).rare.make().lower_priority_script = f.script("lower");
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 0, kMaster, 100});
    f.take_told();
    f.notices.take(message::LowerPriorityHeard{1, 0});
    const auto told = f.take_told();
    REQUIRE(told.size() == 1);
    CHECK(commands(told[0]) == Commands{{"/etc/lower"}});
    CHECK(told[0].line == "INSTANCE \"V1\" MASTER_RX_LOWER_PRI 100");
}

TEST_CASE("no_email_faults drops only mails about faults; the same state is not mailed twice in a row") {
    Fixture f;
    f.instance("V1", 1).smtp_alert = true;
    f.global.mail.no_fault_mails = true;
    f.notices.configure(1, f.config, f.global);
    const auto subject_after = [&](std::uint8_t state) {
        f.take_told();
        f.notices.take(message::InstanceState{1, 0, state, 100});
        return f.told.at(0).subject;
    };
    CHECK_FALSE(subject_after(kBackup).empty());
    CHECK(subject_after(kFault).empty());
    CHECK(subject_after(kBackup).empty());  // the last mail said so
    CHECK_FALSE(subject_after(kMaster).empty());
}

TEST_CASE("at the end all instances are told to stop, then all groups") {
    Fixture f;
    f.instance("V1", 1).scripts = f.scripts("");
    f.instance("V2", 2).smtp_alert = true;
    f.group({"V1", "V2"}).scripts = f.scripts("g");
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 0, kMaster, 90});
    f.take_told();
    f.notices.stopped(true);
    const auto told = f.take_told();
    CHECK(lines(told) == Lines{"INSTANCE \"V1\" STOP 90", "INSTANCE \"V2\" STOP 100", "GROUP \"G\" STOP 0"});
    CHECK(commands(told[0]) == Commands{{"/etc/stop"}, {"/etc/any", "INSTANCE", "V1", "STOP", "90"}});
    CHECK(commands(told[2]) == Commands{{"/etc/gstop"}, {"/etc/gany", "GROUP", "G", "STOP", "0"}});
    CHECK(told[1].subject == "VRRP Instance V2 - Stopping");
    for (const Notice& notice : told) {
        CHECK(notice.at_stop);
    }
    f.notices.stopped(true);
    CHECK(f.told.empty());

    // Only the child was stopped: its successor starts anew.
    f.notices.take(message::InstanceState{1, 0, kBackup, 90});
    CHECK(lines(f.take_told()) == Lines{"INSTANCE \"V1\" BACKUP 90"});
}

TEST_CASE("a reload tells what has changed, and who is gone") {
    Fixture f;
    f.instance("stays", 1).notify_priority_changes = true;
    f.instance("goes", 2).scripts.fault = f.script("fault");
    vrrp::Instance& deleted = f.instance("deleted", 3);
    deleted.notify_deleted = true;
    deleted.smtp_alert = true;
    deleted.rare.make().deleted_script = f.script("deleted");
    deleted.scripts.any = f.script("any");
    f.group({"stays"});
    f.notices.configure(1, f.config, f.global);
    for (const std::uint32_t index : {0U, 1U, 2U}) {
        f.notices.take(message::InstanceState{1, index, kMaster, 100});
    }
    f.notices.take(message::GroupState{1, 0, kMaster});
    f.take_told();

    Fixture next;
    next.instance("new", 7);
    next.instance("renamed", 1, 90).notify_priority_changes = true;
    next.group({"renamed"});
    f.notices.configure(2, next.config, next.global);
    f.notices.take(message::InstanceState{1, 0, kBackup, 100});  // the child has not begun yet
    CHECK(lines(f.take_told()) == Lines{"INSTANCE \"stays\" BACKUP 100"});
    f.notices.take(message::InstanceState{1, 0, kMaster, 100});
    f.take_told();

    f.notices.take(message::InstanceState{2, 0, kBackup, 100});
    f.notices.take(message::InstanceState{2, 1, kMaster, 90});
    f.notices.take(message::GroupState{2, 0, kMaster});
    f.notices.take(message::Ready{2});
    const auto told = f.take_told();
    CHECK(lines(told) == Lines{"INSTANCE \"goes\" FAULT 100", "INSTANCE \"deleted\" DELETED 100",
                               "INSTANCE \"new\" BACKUP 100", "INSTANCE \"renamed\" MASTER_PRIORITY 90"});
    CHECK(commands(told[0]) == Commands{{"/etc/fault"}});
    CHECK(commands(told[1]) == Commands{{"/etc/deleted"}, {"/etc/any", "INSTANCE", "deleted", "DELETED", "100"}});
    CHECK(told[1].subject == "VRRP Instance deleted - Deleted");
    CHECK(told[1].body == "=> VRRP Deleted at reload <=");

    f.notices.take(message::InstanceState{1, 0, kFault, 100});  // late: of the configuration before
    CHECK(f.told.empty());
}

TEST_CASE("two reloads while a child is away: those gone are told of once") {
    Fixture f;
    f.instance("V1", 1);
    f.instance("V2", 2);
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 0, kMaster, 100});
    f.notices.take(message::InstanceState{1, 1, kBackup, 100});
    f.take_told();
    Fixture second;
    second.instance("V2", 2);
    f.notices.configure(2, second.config, second.global);
    f.notices.configure(3, second.config, second.global);
    f.notices.take(message::Ready{2});
    CHECK(f.told.empty());
    f.notices.take(message::InstanceState{3, 0, kBackup, 100});
    f.notices.take(message::Ready{3});
    CHECK(lines(f.take_told()) == Lines{"INSTANCE \"V1\" FAULT 100"});
}

TEST_CASE("fifo_write_vrrp_states_on_reload repeats what has not changed") {
    Fixture f;
    f.instance("V1", 1).scripts = f.scripts("");
    f.instance("V2", 2);
    f.group({"V1"});
    f.global.fifos.write_vrrp_states_on_reload = true;
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 0, kMaster, 100});
    f.notices.take(message::InstanceState{1, 1, kBackup, 100});
    f.notices.take(message::GroupState{1, 0, kMaster});
    f.notices.take(message::Ready{1});
    f.take_told();
    f.notices.configure(2, f.config, f.global);
    f.notices.take(message::InstanceState{2, 0, kMaster, 100});
    f.notices.take(message::InstanceState{2, 1, kFault, 100});
    f.notices.take(message::GroupState{2, 0, kMaster});
    f.notices.take(message::Ready{2});
    const auto told = f.take_told();
    CHECK(lines(told) == Lines{"INSTANCE \"V2\" FAULT 100", "INSTANCE \"V1\" MASTER 100", "GROUP \"G\" MASTER 0"});
    CHECK(told[1].scripts.empty());
    f.notices.take(message::Ready{2});
    CHECK(f.told.empty());
}

TEST_CASE("scripts that may not be run are not run") {
    Fixture f;
    f.instance("V1", 1).scripts = {.backup = 0, .any = 5};
    f.config.scripts.resize(1);  // dropped by the parser
    f.notices.configure(1, f.config, f.global);
    f.notices.take(message::InstanceState{1, 0, kBackup, 100});
    CHECK(f.told.at(0).scripts.empty());
}
