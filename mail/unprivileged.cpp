#include "mail/unprivileged.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>

#include "core/capabilities.hpp"

namespace sustain::mail {

core::Result<> give_up_all_rights() {
    uid_t uid = 65534;
    gid_t gid = 65534;
    if (const passwd* const nobody = ::getpwnam("nobody"); nobody != nullptr && nobody->pw_uid != 0) {
        uid = nobody->pw_uid;
        gid = nobody->pw_gid;
    }
    // While there is CAP_SETPCAP: it takes the others out of the bounding set.
    if (auto reduced = core::keep_only_capabilities({CAP_SETUID, CAP_SETGID}); !reduced) {
        return reduced;
    }
    if (::geteuid() == 0 &&
        (::setgroups(0, nullptr) != 0 || ::setresgid(gid, gid, gid) != 0 || ::setresuid(uid, uid, uid) != 0)) {
        const int error = errno;
        if (auto reduced = core::keep_only_capabilities({}); !reduced) {
            return reduced;
        }
        return core::failure("becoming the user nobody", error);
    }
    return core::keep_only_capabilities({});
}

}  // namespace sustain::mail
