#include "parser/environment.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "core/unique_fd.hpp"

namespace sustain::parser {

Interface Environment::interface(const std::string& name) const {
    return {.loopback = name == "lo"};
}

bool SystemEnvironment::interface_exists(const std::string& name) const {
    return if_nametoindex(name.c_str()) != 0;
}

Interface SystemEnvironment::interface(const std::string& name) const {
    Interface result;
    const core::UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    if (name.size() >= sizeof request.ifr_name) {
        return result;
    }
    std::memcpy(request.ifr_name, name.data(), name.size());
    if (ioctl(socket.get(), SIOCGIFFLAGS, &request) == 0) {
        result.loopback = (request.ifr_flags & IFF_LOOPBACK) != 0;
        result.multicast = (request.ifr_flags & IFF_MULTICAST) != 0;
    }
    if (ioctl(socket.get(), SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0) {
        result.mtu = static_cast<unsigned>(request.ifr_mtu);
    }
    return result;
}

}  // namespace sustain::parser
