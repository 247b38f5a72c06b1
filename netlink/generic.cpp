#include "netlink/generic.hpp"

#include <linux/genetlink.h>

#include <cerrno>

#include "netlink/attributes.hpp"

namespace sustain::netlink {

namespace {

const Policy<CTRL_ATTR_FAMILY_ID> kPolicy = [] {
    Policy<CTRL_ATTR_FAMILY_ID> policy{};
    policy[CTRL_ATTR_FAMILY_ID].type = NLA_U16;
    return policy;
}();

}  // namespace

Message generic_message(std::uint16_t family, std::uint8_t command, std::uint8_t version, std::uint16_t flags) {
    Message message(family, flags);
    genlmsghdr header{};
    header.cmd = command;
    header.version = version;
    message.append(header);
    return message;
}

core::Awaitable<core::Result<std::uint16_t>> resolve_family(RequestSocket& socket, std::string name) {
    const std::string attempt = "looking up the netlink family " + name;
    Message question = generic_message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
    question.put_string(CTRL_ATTR_FAMILY_NAME, name);
    const auto replies = co_await socket.query(std::move(question), attempt);
    if (!replies) {
        co_return std::unexpected(replies.error());
    }
    for (const nlmsghdr* message : replies->messages()) {
        const auto attributes = Attributes<CTRL_ATTR_FAMILY_ID>::of(message, GENL_HDRLEN, kPolicy);
        if (attributes && attributes->has(CTRL_ATTR_FAMILY_ID)) {
            co_return attributes->u16(CTRL_ATTR_FAMILY_ID);
        }
    }
    co_return core::failure(attempt, ENOENT);
}

}  // namespace sustain::netlink
