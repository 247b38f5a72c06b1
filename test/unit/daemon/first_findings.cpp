#include "daemon/first_findings.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "temporary_folder.hpp"

using namespace sustain;
using namespace sustain::daemon;

namespace {

/// One virtual server, a real server for each check.
struct Setup {
    ipvs::Config config;
    checker::Config checks;

    void add(checker::Kind kind) {
        if (config.virtual_servers.empty()) {
            config.virtual_servers.emplace_back();
        }
        ipvs::RealServer server;
        server.checks.push_back(
            {.number = static_cast<std::uint32_t>(checks.checks.size()), .alpha = false, .identity = "x"});
        config.virtual_servers.front().real_servers.push_back(std::move(server));
        checks.checks.emplace_back().identity.kind = std::move(kind);
    }
    void add_file(const std::string& path, std::int32_t factor, bool reverse) {
        checker::FileCheck check;
        check.path = path;
        check.weight = checker::FileCheck::Weight{factor, reverse};
        add(core::Boxed<checker::FileCheck>(std::move(check)));
    }
    [[nodiscard]] ipvs::Check found(std::size_t server) const {
        return with_first_findings(config, checks).virtual_servers.front().real_servers[server].checks.front();
    }
};

}  // namespace

TEST_CASE("what a file says of its real server is known before the first result") {
    const TemporaryFolder folder;
    const std::string three = folder / "three";
    std::ofstream(three) << "3\n";
    const std::string huge = folder / "huge";
    std::ofstream(huge) << "99999999999\n";

    Setup setup;
    setup.add_file(three, 0, false);
    setup.add_file(three, 0, true);
    setup.add_file(three, -2, false);
    setup.add_file(folder / "none", 0, false);
    setup.add_file(folder / "none", 0, true);
    setup.add_file(huge, 0, false);
    setup.add(checker::TcpCheck{});

    CHECK(setup.found(0).failed);
    CHECK_FALSE(setup.found(1).failed);
    CHECK_FALSE(setup.found(2).failed);
    CHECK(setup.found(2).contribution == -6);
    CHECK_FALSE(setup.found(3).failed);
    CHECK(setup.found(4).failed);
    CHECK_FALSE(setup.found(5).failed);  // a number that does not fit says nothing
    CHECK_FALSE(setup.found(6).failed);
    CHECK(setup.found(6).contribution == 0);
}
