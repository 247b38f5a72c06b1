// One netlink message being built, owned (libnl's nl_msg). It grows as needed; lengths, padding and nesting are
// libnl's.
#pragma once

#include <linux/netlink.h>
#include <netlink/msg.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace sustain::netlink {

class Message {
public:
    /// NLM_F_REQUEST is added to `flags`; NLM_F_ACK is the business of RequestSocket.
    Message(std::uint16_t type, std::uint16_t flags);
    /// Takes a message over that libnl has built, such as from rtnl_addr_build_add_request().
    explicit Message(nl_msg* owned);

    /// The header of the family (ifaddrmsg, genlmsghdr …), before any attribute.
    template <typename Header>
    void append(const Header& header) {
        static_assert(std::is_trivially_copyable_v<Header>);
        append_octets({reinterpret_cast<const std::uint8_t*>(&header), sizeof header});
    }

    /// Attributes. Numbers are in host order: where the kernel wants network order, the caller converts.
    void put(int type, std::span<const std::uint8_t> octets);
    void put_u8(int type, std::uint8_t value) { put_value(type, value); }
    void put_u16(int type, std::uint16_t value) { put_value(type, value); }
    void put_u32(int type, std::uint32_t value) { put_value(type, value); }
    /// With the NUL that ends it.
    void put_string(int type, std::string_view text);

    /// Everything put while it lives is nested in one attribute. One without content leaves no trace.
    class Nest {
    public:
        Nest(Message& message, int type);
        ~Nest();
        Nest(const Nest&) = delete;
        Nest& operator=(const Nest&) = delete;

    private:
        Message& message_;
        std::size_t offset_;  // of the attribute's header: growing the message moves it
    };
    [[nodiscard]] Nest nest(int type) { return {*this, type}; }

    [[nodiscard]] nlmsghdr* header() { return nlmsg_hdr(message_.get()); }
    [[nodiscard]] const nlmsghdr* header() const { return nlmsg_hdr(message_.get()); }
    [[nodiscard]] nl_msg* raw() { return message_.get(); }
    /// The whole message as it goes on the wire.
    [[nodiscard]] std::span<const std::uint8_t> octets() const;

private:
    template <typename Value>
    void put_value(int type, Value value) {
        put(type, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
    }
    void append_octets(std::span<const std::uint8_t> octets);
    void grow(std::size_t by);
    std::uint8_t* reserve(int type, std::size_t length);

    struct Free {
        void operator()(nl_msg* message) const { nlmsg_free(message); }
    };
    std::unique_ptr<nl_msg, Free> message_;
};

}  // namespace sustain::netlink
