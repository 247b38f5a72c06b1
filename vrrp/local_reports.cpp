#include "vrrp/local_reports.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/log.hpp"
#include "core/unique_fd.hpp"

namespace sustain::vrrp {

namespace {

constexpr const char* kSetting = "/proc/sys/net/ipv4/igmp_link_local_mcast_reports";

bool are_suppressed() {
    const core::UniqueFd file(::open(kSetting, O_RDONLY | O_CLOEXEC));
    char value = '1';
    return file && ::read(file.get(), &value, 1) == 1 && value == '0';
}

bool write_setting(char value) {
    const core::UniqueFd file(::open(kSetting, O_WRONLY | O_CLOEXEC));
    if (!file || ::write(file.get(), &value, 1) != 1) {
        core::log::error("Unable to set igmp_link_local_mcast_reports: {}", std::strerror(errno));
        return false;
    }
    return true;
}

}  // namespace

void LocalReports::configure(bool suppressed, bool restarted) {
    if (!suppressed) {
        restore();
    } else if (are_suppressed()) {
        changed_ |= restarted;
    } else {
        changed_ = write_setting('0');
    }
}

void LocalReports::restore() {
    if (changed_) {
        changed_ = !write_setting('1');
    }
}

}  // namespace sustain::vrrp
