// What no director can beat by much: adds the services of lab.config.virtual_servers(COUNT, SERVERS) to the kernel one
// request after another, each awaiting its acknowledgement, and prints the seconds that it took. The bench of IPVS
// compares with it.
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "core/time.hpp"
#include "ipvs/codec.hpp"
#include "netlink/datagrams.hpp"

using namespace sustain;

namespace {

ipvs::Edit service(std::uint32_t number) {
    const std::uint32_t high = number / 250;
    ipvs::Edit edit;
    edit.service = {.fwmark = 0,
                    .protocol = ipvs::Protocol::tcp,
                    .address = core::Address::ipv4((10U << 24) + ((100 + high / 250) << 16) + ((high % 250) << 8) +
                                                   number % 250 + 1),
                    .port = 80};
    edit.settings = {.scheduler = "wrr", .flags = 1, .timeout = 50, .netmask = 0xffffffff, .engine = {}};
    return edit;
}

ipvs::Edit destination(std::uint32_t number, std::uint32_t server) {
    ipvs::Edit edit = service(number);
    edit.operation = ipvs::Edit::Operation::new_destination;
    edit.destination = {
        .key = {core::Address::ipv4((10U << 24) + ((200 + server) << 16) + ((number / 250) << 8) + number % 250 + 1),
                80},
        .settings = {.forwarding = ipvs::Forwarding::direct, .weight = 1}};
    return edit;
}

/// \return 0 or errno
int request(int socket, std::uint16_t family, const ipvs::Edit& edit) {
    netlink::Message message = ipvs::encode(family, edit);
    message.header()->nlmsg_flags |= NLM_F_ACK;
    const netlink::Message* pointer = &message;
    if (const int code = netlink::send_together(socket, {&pointer, 1}); code != 0) {
        return code;
    }
    std::array<std::uint8_t, 4096> buffer{};
    pollfd ready{.fd = socket, .events = POLLIN, .revents = 0};
    (void)::poll(&ready, 1, 5000);
    const ssize_t length = ::recv(socket, buffer.data(), buffer.size(), 0);
    std::int32_t code = -EBADMSG;
    if (length >= static_cast<ssize_t>(sizeof(nlmsghdr) + sizeof code)) {
        std::memcpy(&code, buffer.data() + sizeof(nlmsghdr), sizeof code);
    }
    return -code;
}

}  // namespace

int main(int count, char* arguments[]) {
    if (count != 4) {
        std::fprintf(stderr, "usage: ipvs-loop FAMILY SERVICES SERVERS\n");
        return 2;
    }
    const auto family = static_cast<std::uint16_t>(std::atoi(arguments[1]));
    const auto services = static_cast<std::uint32_t>(std::atoi(arguments[2]));
    const auto servers = static_cast<std::uint32_t>(std::atoi(arguments[3]));
    const auto socket = netlink::open_netlink_socket(NETLINK_GENERIC, {});
    if (!socket) {
        std::fprintf(stderr, "%s\n", socket.error().what.c_str());
        return 1;
    }
    const auto begin = core::now();
    for (std::uint32_t number = 0; number < services; ++number) {
        int code = request(socket->get(), family, service(number));
        for (std::uint32_t server = 0; server < servers && code == 0; ++server) {
            code = request(socket->get(), family, destination(number, server));
        }
        if (code != 0) {
            std::fprintf(stderr, "service %u: %s\n", number, std::strerror(code));
            return 1;
        }
    }
    std::printf("%.6f\n", std::chrono::duration<double>(core::now() - begin).count());
    return 0;
}
