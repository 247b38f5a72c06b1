#include "netlink/acknowledgements.hpp"

#include <catch2/catch.hpp>
#include <cerrno>

#include "netlink/datagrams.hpp"

using namespace sustain::netlink;

namespace {

Message answer(std::uint32_t sequence, int code, std::uint16_t flags = NLM_F_CAPPED, std::string_view text = {},
               std::uint32_t repeated = sizeof(nlmsghdr)) {
    Message message(NLMSG_ERROR, flags);
    message.header()->nlmsg_flags = flags;
    message.header()->nlmsg_seq = sequence;
    nlmsgerr error{};
    error.error = -code;
    error.msg.nlmsg_len = repeated;
    message.append(error);
    if (!text.empty()) {
        message.put_string(NLMSGERR_ATTR_MSG, text);
    }
    return message;
}

}  // namespace

TEST_CASE("acknowledgements are matched by sequence number, across its wrap and in any order") {
    Acknowledgements acknowledgements(0xffffffff, 3);
    acknowledgements.take(answer(1, ENOENT).header());
    acknowledgements.take(answer(0xffffffff, 0).header());
    CHECK(acknowledgements.missing() == 1);
    CHECK_FALSE(acknowledgements.complete());
    acknowledgements.take(answer(0, EEXIST).header());
    CHECK(acknowledgements.complete());
    CHECK(acknowledgements.outcomes()[0]->code == 0);
    CHECK(acknowledgements.outcomes()[1]->code == EEXIST);
    CHECK(acknowledgements.outcomes()[2]->code == ENOENT);
}

TEST_CASE("what is no answer to these requests changes nothing") {
    Acknowledgements acknowledgements(10, 2);
    acknowledgements.take(answer(9, 0).header());
    acknowledgements.take(answer(12, 0).header());
    Message data(0x20, 0);
    data.header()->nlmsg_seq = 10;
    acknowledgements.take(data.header());
    CHECK(acknowledgements.missing() == 2);
    acknowledgements.take(answer(11, ENOENT).header());
    acknowledgements.take(answer(11, 0).header());
    CHECK(acknowledgements.missing() == 1);
    CHECK(acknowledgements.outcomes()[1]->code == ENOENT);
}

TEST_CASE("the kernel's explanation is read where it stands and never beyond the message") {
    constexpr std::uint16_t kCapped = NLM_F_CAPPED | NLM_F_ACK_TLVS;
    CHECK(outcome_of(answer(1, EINVAL, kCapped, "Invalid scope").header()).explanation == "Invalid scope");
    CHECK(outcome_of(answer(1, 0, NLM_F_ACK_TLVS, "A warning").header()).explanation == "A warning");
    CHECK(outcome_of(answer(1, EINVAL, NLM_F_ACK_TLVS, "Not capped", sizeof(nlmsghdr)).header()).explanation ==
          "Not capped");
    CHECK(outcome_of(answer(1, EINVAL, NLM_F_CAPPED, "Not announced").header()).explanation.empty());
    for (const std::uint32_t repeated : {0U, 15U, 4000U, 0xffffffffU}) {
        const Outcome outcome = outcome_of(answer(1, EINVAL, NLM_F_ACK_TLVS, "Out of reach", repeated).header());
        CHECK(outcome.code == EINVAL);
        CHECK(outcome.explanation.empty());
    }
    Message empty(NLMSG_ERROR, 0);
    CHECK(outcome_of(empty.header()).code == EBADMSG);
}

TEST_CASE("a datagram is split into its complete messages") {
    std::vector<std::uint8_t> octets;
    for (const std::uint32_t sequence : {1U, 2U, 3U}) {
        const Message message = answer(sequence, 0);
        octets.insert(octets.end(), message.octets().begin(), message.octets().end());
    }
    CHECK(split(octets).size() == 3);
    CHECK(split(std::span(octets).first(octets.size() - 1)).size() == 2);
    CHECK(split({}).empty());
    octets[0] = 5;  // shorter than a header
    CHECK(split(octets).empty());
}
