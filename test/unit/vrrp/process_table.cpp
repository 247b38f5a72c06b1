#include "vrrp/process_table.hpp"

#include <catch2/catch.hpp>

using namespace sustain;
using namespace sustain::vrrp;
using namespace std::chrono_literals;

namespace {

ProcessFacts facts(std::string name, const std::vector<std::string>& arguments = {}) {
    ProcessFacts result{.name = std::move(name), .command_line = {}};
    for (const std::string& argument : arguments) {
        result.command_line += argument + '\0';
    }
    return result;
}

TrackProcess tracked(std::string process, unsigned quorum = 1) {
    TrackProcess result;
    result.name = "t";
    result.process = std::move(process);
    result.quorum = quorum;
    return result;
}

TrackProcess command(std::string process, std::vector<std::string> parameters, ParameterMatch match) {
    TrackProcess result = tracked(std::move(process));
    result.full_command = true;
    result.parameters = std::move(parameters);
    result.match = match;
    return result;
}

/// A table after its first scan, in virtual time that starts at 0.
struct Table {
    explicit Table(TrackProcess process) {
        table.configure({std::move(process)});
        scan({});
    }
    void scan(const std::vector<std::pair<pid_t, std::string>>& all) {
        table.begin_scan();
        for (const auto& [pid, name] : all) {
            table.found(pid, facts(name));
        }
        table.end_scan(now, lines);
    }
    void fork(pid_t parent, pid_t child) { table.forked(parent, child, now, lines); }
    void exec(pid_t pid, std::string name) { table.changed(pid, facts(std::move(name)), now, lines); }
    void exit(pid_t pid) { table.ended(pid, now, lines); }
    void pass(core::Duration duration) {
        const auto end = now + duration;
        while (table.deadline() && *table.deadline() <= end) {
            now = *table.deadline();
            table.expire(now, lines);
        }
        now = end;
    }
    [[nodiscard]] bool up() const { return table.up(0); }
    [[nodiscard]] std::vector<std::string> log() {
        std::vector<std::string> texts;
        for (const Action& action : lines) {
            texts.push_back(std::get<action::Log>(action).text);
        }
        lines.clear();
        return texts;
    }
    ProcessTable table;
    core::TimePoint now{};
    Actions lines;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a process may have any name, parentheses and blanks included") {
    CHECK(name_in_stat("12 (nginx) S 1 12") == "nginx");
    CHECK(name_in_stat("12 (a) R (b) S 1 12") == "a) R (b");
    CHECK(name_in_stat("12 ()) Z 1") == ")");
    CHECK(name_in_stat("12 () Z 1").empty());
    CHECK(name_in_stat("").empty());
    CHECK(name_in_stat("12 (nginx").empty());
    CHECK(name_in_stat(")(").empty());
}

TEST_CASE("a process is known by the name that the kernel has for it") {
    CHECK(matches(tracked("nginx"), facts("nginx", {"/usr/sbin/nginx"})));
    CHECK_FALSE(matches(tracked("nginx"), facts("nginx2")));
    CHECK_FALSE(matches(tracked("/usr/sbin/nginx"), facts("nginx", {"/usr/sbin/nginx"})));
    CHECK(matches(tracked("a-very-long-name-of-a-program"), facts("a-very-long-nam")));
}

TEST_CASE("or by its command line") {
    using Match = ParameterMatch;
    const auto process = facts("sleep", {"/bin/sleep", "30", "40"});
    CHECK(matches(command("/bin/sleep", {}, Match::none), process));
    CHECK_FALSE(matches(command("sleep", {}, Match::none), process));
    CHECK_FALSE(matches(command("/bin/sleep", {}, Match::exact), process));
    CHECK(matches(command("/bin/sleep", {"30", "40"}, Match::exact), process));
    CHECK_FALSE(matches(command("/bin/sleep", {"30"}, Match::exact), process));
    CHECK_FALSE(matches(command("/bin/sleep", {"30", "4"}, Match::exact), process));
    CHECK_FALSE(matches(command("/bin/sleep", {"30", "40", "50"}, Match::exact), process));
    CHECK(matches(command("/bin/sleep", {"30"}, Match::initial), process));
    CHECK_FALSE(matches(command("/bin/sleep", {"3"}, Match::initial), process));
    CHECK(matches(command("/bin/sleep", {"3"}, Match::partial), process));
    CHECK(matches(command("/bin/sleep", {"30", "4"}, Match::partial), process));
    CHECK_FALSE(matches(command("/bin/sleep", {"3", "40"}, Match::partial), process));
    CHECK_FALSE(matches(command("/bin/sleep", {"30", "40", "5"}, Match::partial), process));
    CHECK(matches(command("/bin/x", {"", "a"}, Match::exact), facts("x", {"/bin/x", "", "a"})));
    CHECK_FALSE(matches(command("kthreadd", {}, Match::none), facts("kthreadd")));  // it has no command line
}

TEST_CASE("as many as the quorum are enough, more than quorum_max are too many") {
    TrackProcess process = tracked("web", 2);
    process.quorum_max = 3;
    Table table(process);
    CHECK_FALSE(table.up());
    table.exec(10, "web");
    CHECK_FALSE(table.up());
    table.exec(11, "web");
    CHECK(table.up());
    CHECK(table.log() == Lines{"Quorum gained for tracked process t"});
    table.fork(11, 12);
    CHECK(table.up());
    table.fork(12, 13);
    CHECK_FALSE(table.up());
    CHECK(table.log() == Lines{"Quorum lost for tracked process t"});
    table.exec(13, "other");
    CHECK(table.up());
    table.exit(10);
    table.exit(11);
    CHECK_FALSE(table.up());
    CHECK(table.table.count(0) == 1);
    table.exit(12);
    table.exit(12);
    table.exit(99);
    CHECK(table.table.count(0) == 0);
    CHECK(table.table.size() == 0);
}

TEST_CASE("none may run where quorum_max is 0") {
    TrackProcess process = tracked("web", 0);
    process.quorum_max = 0;
    Table table(process);
    CHECK(table.up());
    table.exec(10, "web");
    CHECK_FALSE(table.up());
    table.exit(10);
    CHECK(table.up());
}

TEST_CASE("changes of name count like an exec") {
    Table table(tracked("web"));
    table.exec(10, "other");
    CHECK(table.table.size() == 0);
    table.exec(10, "web");
    CHECK(table.up());
    table.exec(10, "web");
    CHECK(table.table.count(0) == 1);
    table.exec(10, "other");
    CHECK_FALSE(table.up());
}

TEST_CASE("losses by ends are late by terminate_delay, and do not come if undone") {
    TrackProcess process = tracked("web");
    process.terminate_delay = 1s;
    Table table(process);
    table.exec(10, "web");
    table.exit(10);
    CHECK(table.up());
    table.pass(500ms);
    table.exec(11, "web");
    table.pass(5s);
    CHECK(table.up());
    CHECK(table.log() == Lines{"Quorum gained for tracked process t"});
    table.exit(11);
    table.pass(999ms);
    CHECK(table.up());
    table.pass(1ms);
    CHECK_FALSE(table.up());
}

TEST_CASE("gains by forks are late by fork_delay, those by an exec are not") {
    TrackProcess process = tracked("web", 2);
    process.fork_delay = 1s;
    Table table(process);
    table.exec(10, "web");
    table.fork(10, 11);
    CHECK_FALSE(table.up());
    table.pass(900ms);
    table.exec(11, "helper");
    table.pass(5s);
    CHECK_FALSE(table.up());
    table.fork(10, 12);
    table.pass(1s);
    CHECK(table.up());
    table.exit(12);
    CHECK_FALSE(table.up());
    table.exec(13, "web");
    CHECK(table.up());
}

TEST_CASE("a scan finds what messages did not tell, and says nothing of the first one") {
    Table table(tracked("web", 2));
    table.table.configure({tracked("web", 2)});
    CHECK_FALSE(table.table.scanned());
    table.scan({{1, "init"}, {10, "web"}, {11, "web"}});
    CHECK(table.up());
    CHECK(table.log().empty());
    table.scan({{1, "init"}, {11, "web"}});
    CHECK_FALSE(table.up());
    CHECK(table.log() == Lines{"Quorum lost for tracked process t"});
    table.scan({{11, "web"}, {12, "web"}, {13, "web"}});
    CHECK(table.up());
    CHECK(table.table.count(0) == 3);
    table.scan({{11, "other"}});
    CHECK(table.table.count(0) == 0);
}

TEST_CASE("what happens while a scan is under way is newer than what it finds") {
    Table table(tracked("web"));
    table.scan({{10, "web"}});
    table.table.begin_scan();
    table.exit(10);
    table.table.found(10, facts("web"));  // it was read before it ended
    table.fork(1, 20);
    table.exec(20, "web");
    table.fork(20, 21);
    table.table.found(21, facts("old"));  // likewise
    table.table.end_scan(table.now, table.lines);
    CHECK(table.table.count(0) == 2);
    table.table.begin_scan();
    table.exit(20);
    table.fork(21, 20);  // its number is in use again
    table.table.found(20, facts("web"));
    table.table.found(21, facts("web"));
    table.table.end_scan(table.now, table.lines);
    CHECK(table.table.count(0) == 2);
}

TEST_CASE("a storm of processes that are not meant leaves nothing behind") {
    Table table(tracked("web"));
    for (pid_t pid = 100; pid < 100'100; ++pid) {
        table.fork(1, pid);
        table.exec(pid, "sh");
        table.exit(pid);
    }
    CHECK(table.table.size() == 0);
    CHECK(table.log().empty());
}
