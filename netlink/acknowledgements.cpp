#include "netlink/acknowledgements.hpp"

#include <cerrno>
#include <cstring>

#include "netlink/attributes.hpp"

namespace sustain::netlink {

namespace {

const Policy<NLMSGERR_ATTR_MAX> kPolicy = [] {
    Policy<NLMSGERR_ATTR_MAX> policy{};
    policy[NLMSGERR_ATTR_MSG].type = NLA_STRING;
    return policy;
}();

/// The text of NETLINK_EXT_ACK, behind the error code and as much of the request as the kernel repeats.
std::string explanation_of(const nlmsghdr* message) {
    nlmsgerr error{};
    const int length = nlmsg_datalen(message);
    if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0 || length < static_cast<int>(sizeof error)) {
        return {};
    }
    std::memcpy(&error, nlmsg_data(message), sizeof error);
    std::size_t before = sizeof error;
    if ((message->nlmsg_flags & NLM_F_CAPPED) == 0 && error.error != 0) {
        if (error.msg.nlmsg_len < sizeof error.msg || error.msg.nlmsg_len > static_cast<std::uint32_t>(length)) {
            return {};
        }
        before += error.msg.nlmsg_len - sizeof error.msg;
    }
    const auto attributes = Attributes<NLMSGERR_ATTR_MAX>::of(message, before, kPolicy);
    return attributes ? std::string(attributes->text(NLMSGERR_ATTR_MSG)) : std::string();
}

}  // namespace

Outcome outcome_of(const nlmsghdr* message) {
    std::int32_t code = 0;
    if (nlmsg_datalen(message) < static_cast<int>(sizeof code)) {
        return {EBADMSG, {}};
    }
    std::memcpy(&code, nlmsg_data(message), sizeof code);
    Outcome outcome{code < 0 ? -code : 0, {}};
    if (message->nlmsg_type == NLMSG_ERROR) {
        outcome.explanation = explanation_of(message);
    }
    return outcome;
}

void Acknowledgements::take(const nlmsghdr* message) {
    const std::uint32_t index = message->nlmsg_seq - first_;
    if (message->nlmsg_type != NLMSG_ERROR || index >= outcomes_.size() || outcomes_[index]) {
        return;
    }
    outcomes_[index] = outcome_of(message);
    --missing_;
}

void Acknowledgements::settle_silent_ones() {
    for (auto& outcome : outcomes_) {
        if (!outcome) {
            outcome = Outcome{};
            --missing_;
        }
    }
}

}  // namespace sustain::netlink
