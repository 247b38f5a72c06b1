#include "netlink/network_namespace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>

#include "own_network.hpp"

using namespace sustain;
using namespace sustain::netlink;
using sustain::test::OwnNetwork;

namespace {

const std::string kName = "sustain-unit-" + std::to_string(::getpid());

std::string here() {
    return std::filesystem::read_symlink("/proc/thread-self/ns/net");
}

/// A namespace with a name, as `ip netns add` makes one.
class Named {
public:
    Named() {
        std::filesystem::create_directories("/run/netns");
        const OwnNetwork other;
        if (other.made()) {
            identity_ = here();
            const core::UniqueFd file(::open(path_.c_str(), O_CREAT | O_RDONLY | O_CLOEXEC, 0444));
            made_ = ::mount("/proc/thread-self/ns/net", path_.c_str(), nullptr, MS_BIND, nullptr) == 0;
        }
    }
    Named(const Named&) = delete;
    Named& operator=(const Named&) = delete;
    ~Named() {
        (void)::umount2(path_.c_str(), MNT_DETACH);
        (void)::unlink(path_.c_str());
    }
    [[nodiscard]] bool made() const { return made_; }
    [[nodiscard]] const std::string& identity() const { return identity_; }

private:
    std::string path_ = "/run/netns/" + kName;
    std::string identity_;
    bool made_ = false;
};

}  // namespace

TEST_CASE("a visit to another network namespace ends at home") {
    if (::geteuid() != 0) {
        WARN("needs root");
        return;
    }
    const Named named;
    if (!named.made()) {
        WARN("no right to make a network namespace");
        return;
    }
    const std::string home = here();
    REQUIRE(home != named.identity());
    {
        const auto visit = NamespaceVisit::enter(kName);
        REQUIRE(visit.has_value());
        CHECK(here() == named.identity());
    }
    CHECK(here() == home);
}

TEST_CASE("a network namespace that is not there is not entered") {
    const std::string home = here();
    const auto visit = NamespaceVisit::enter(kName + "-none");
    REQUIRE_FALSE(visit.has_value());
    CHECK(visit.error().code == ENOENT);
    CHECK(visit.error().what == "entering network namespace " + kName + "-none: No such file or directory");
    CHECK(here() == home);
}
