// The attributes of a received message, validated against a policy before anything reads them (libnl's nla_parse).
#pragma once

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sustain::netlink {

/// What types 0 … Max must look like; a type left out is taken as it comes and can only be read as octets or text.
/// (To libnl an NLA_STRING must end with a NUL.)
template <int Max>
using Policy = std::array<nla_policy, static_cast<std::size_t>(Max) + 1>;

template <int Max>
class Attributes {
public:
    /// The attributes behind a family header of `header_length` octets; nothing if the message is too short for it or
    /// an attribute is not what the policy says. The message must live as long as what is read from it.
    [[nodiscard]] static std::optional<Attributes> of(const nlmsghdr* message, std::size_t header_length,
                                                      const Policy<Max>& policy) {
        Attributes found;
        if (nlmsg_parse(const_cast<nlmsghdr*>(message), static_cast<int>(header_length), found.attributes_.data(), Max,
                        policy.data()) < 0) {
            return std::nullopt;
        }
        return found;
    }
    /// The attributes within a nested attribute.
    [[nodiscard]] static std::optional<Attributes> within(nlattr* nest, const Policy<Max>& policy) {
        Attributes found;
        if (nest == nullptr || nla_parse_nested(found.attributes_.data(), Max, nest, policy.data()) < 0) {
            return std::nullopt;
        }
        return found;
    }

    [[nodiscard]] nlattr* operator[](int type) const { return attributes_[static_cast<std::size_t>(type)]; }
    [[nodiscard]] bool has(int type) const { return (*this)[type] != nullptr; }

    /// Numbers in host order, `otherwise` where the attribute is absent. The policy must say NLA_U8, _U16, _U32.
    [[nodiscard]] std::uint8_t u8(int type, std::uint8_t otherwise = 0) const {
        return has(type) ? nla_get_u8((*this)[type]) : otherwise;
    }
    [[nodiscard]] std::uint16_t u16(int type, std::uint16_t otherwise = 0) const {
        return has(type) ? nla_get_u16((*this)[type]) : otherwise;
    }
    [[nodiscard]] std::uint32_t u32(int type, std::uint32_t otherwise = 0) const {
        return has(type) ? nla_get_u32((*this)[type]) : otherwise;
    }
    /// Empty where the attribute is absent.
    [[nodiscard]] std::span<const std::uint8_t> octets(int type) const {
        if (!has(type)) {
            return {};
        }
        return {static_cast<const std::uint8_t*>(nla_data((*this)[type])),
                static_cast<std::size_t>(nla_len((*this)[type]))};
    }
    /// Up to the first NUL.
    [[nodiscard]] std::string_view text(int type) const {
        const auto bytes = octets(type);
        const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return all.substr(0, all.find('\0'));
    }

private:
    std::array<nlattr*, static_cast<std::size_t>(Max) + 1> attributes_{};
};

}  // namespace sustain::netlink
