#include "daemon/environments.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "parser/loader.hpp"
#include "temporary_folder.hpp"

using namespace sustain;
using namespace sustain::daemon;

namespace {

void write(const std::string& path, const std::string& text, mode_t mode) {
    std::ofstream(path) << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

std::string server(const std::string& port, const std::string& check) {
    return "real_server 192.0.2.5 " + port + " {\n" + check + "\n}\n";
}

}  // namespace

TEST_CASE("a child counts checks as its parent does, whatever has become of their scripts") {
    const TemporaryFolder folder;
    write(folder / "here", "#!/bin/sh\n", 0755);
    write(folder / "keepalived.conf",
          "global_defs {\nscript_user root\n}\n"
          "virtual_server 192.0.2.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n" +
              server("1", "MISC_CHECK {\nmisc_path " + (folder / "gone") + "\n}") +
              server("2", "MISC_CHECK {\nmisc_path " + (folder / "here") + "\n}") + server("3", "TCP_CHECK {\n}") +
              "}\n",
          0644);
    parser::Outcome parent = parser::load({.file = folder / "keepalived.conf", .config_id = {}}, Machine());
    const UnquestionedPrograms unquestioned;
    const parser::Outcome child = parser::Loader::from_expanded(parent.checker_text, unquestioned).finish();

    const auto& ours = parent.config.checker.checks;
    const auto& theirs = child.config.checker.checks;
    REQUIRE(ours.size() == 3);
    REQUIRE(theirs.size() == 3);
    for (std::size_t number = 0; number < ours.size(); ++number) {
        CHECK(ours[number].real_server == theirs[number].real_server);
        CHECK(ours[number].identity.kind.index() == theirs[number].identity.kind.index());
        CHECK(checker::has_timetable(theirs[number].identity.kind));
    }
    CHECK_FALSE(checker::has_timetable(ours[0].identity.kind));
    CHECK(checker::has_timetable(ours[1].identity.kind));
    CHECK(parent.config.ipvs.virtual_servers[0].real_servers[0].checks.empty());
    CHECK(parent.config.ipvs.virtual_servers[0].real_servers[2].checks[0].number == 2);
}
