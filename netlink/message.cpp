#include "netlink/message.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

namespace sustain::netlink {

namespace {

// Enough for an address, a service or a destination. libnl's own default is a page, which is much for thousands.
constexpr std::size_t kInitialSize = 256;
constexpr std::size_t kLargestAttribute = 0xffff - NLA_HDRLEN;

}  // namespace

Message::Message(std::uint16_t type, std::uint16_t flags) : message_(nlmsg_alloc_size(kInitialSize)) {
    if (message_ == nullptr) {
        throw std::bad_alloc();
    }
    nlmsg_put(message_.get(), 0, 0, type, 0, flags | NLM_F_REQUEST);
}

Message::Message(nl_msg* owned) : message_(owned) {
    header()->nlmsg_flags |= NLM_F_REQUEST;
}

void Message::grow(std::size_t by) {
    const std::size_t size = nlmsg_get_max_size(message_.get());
    if (nlmsg_expand(message_.get(), std::max(2 * size, size + by + NLMSG_ALIGNTO)) != 0) {
        throw std::bad_alloc();
    }
}

void Message::append_octets(std::span<const std::uint8_t> octets) {
    void* room = nlmsg_reserve(message_.get(), octets.size(), NLMSG_ALIGNTO);
    if (room == nullptr) {
        grow(octets.size());
        room = nlmsg_reserve(message_.get(), octets.size(), NLMSG_ALIGNTO);
    }
    std::memcpy(room, octets.data(), octets.size());
}

std::uint8_t* Message::reserve(int type, std::size_t length) {
    if (length > kLargestAttribute) {
        throw std::length_error("a netlink attribute of more than 64 KiB");
    }
    const int size = static_cast<int>(length);
    nlattr* attribute = nla_reserve(message_.get(), type, size);
    if (attribute == nullptr) {
        grow(static_cast<std::size_t>(nla_total_size(size)));
        attribute = nla_reserve(message_.get(), type, size);
    }
    return static_cast<std::uint8_t*>(nla_data(attribute));
}

void Message::put(int type, std::span<const std::uint8_t> octets) {
    std::ranges::copy(octets, reserve(type, octets.size()));
}

void Message::put_string(int type, std::string_view text) {
    *std::ranges::copy(text, reserve(type, text.size() + 1)).out = 0;
}

std::span<const std::uint8_t> Message::octets() const {
    return {reinterpret_cast<const std::uint8_t*>(header()), header()->nlmsg_len};
}

Message::Nest::Nest(Message& message, int type) : message_(message), offset_(message.octets().size()) {
    message.reserve(type | NLA_F_NESTED, 0);
}

Message::Nest::~Nest() {
    auto* attribute = reinterpret_cast<nlattr*>(reinterpret_cast<std::uint8_t*>(message_.header()) + offset_);
    nla_nest_end(message_.raw(), attribute);
}

}  // namespace sustain::netlink
