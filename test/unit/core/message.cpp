#include "core/message.hpp"

#include <catch2/catch.hpp>

using namespace sustain::core;

TEST_CASE("every message survives encoding") {
    const std::vector<Message> messages{message::Ready{7},
                                        message::Stop{},
                                        message::Reload{8},
                                        message::Verdict{9, 40000, false, "no answer in time"},
                                        message::InstanceState{1, 2, 3, 254},
                                        message::GroupState{1, 2, 3},
                                        message::RunCommand{4, 5, 6},
                                        message::CommandEnded{4, 5, {CommandStatus::How::timed_out, 9}},
                                        message::EndCommand{5},
                                        message::Weight{2, 3, -5},
                                        message::Alive{2},
                                        message::Overdue{2, 3, true},
                                        message::Suspend{2, 3, true},
                                        message::PriorityChanged{1, 2, 99},
                                        message::LowerPriorityHeard{1, 2},
                                        message::Mail{1'800'000'000, "[r] a subject", "=> a body <="}};
    REQUIRE(messages.size() == std::variant_size_v<Message>);
    for (const Message& message : messages) {
        const auto octets = encode(message);
        CHECK(octets.size() <= kLargestMessage);
        CHECK(decode(octets) == message);
    }
}

TEST_CASE("what is not exactly one message is refused") {
    CHECK_FALSE(decode({}));
    CHECK_FALSE(decode(std::vector<std::uint8_t>{0xff}));
    auto octets = encode(message::Ready{7});
    octets.push_back(0);
    CHECK_FALSE(decode(octets));
    octets.resize(octets.size() - 2);
    CHECK_FALSE(decode(octets));
}

TEST_CASE("the reason of a verdict is cut, not refused, and none that is longer is accepted") {
    CHECK(decode(encode(message::Verdict{9, 1, true})) == Message(message::Verdict{9, 1, true}));
    const std::string longest(message::Verdict::kLongestReason, 'r');
    auto octets = encode(message::Verdict{9, 1, false, longest + "!"});
    CHECK(decode(octets) == Message(message::Verdict{9, 1, false, longest}));
    octets[1 + 4 + 4 + 1] = 1;  // 511 octets
    CHECK_FALSE(decode(octets));
}

TEST_CASE("the texts of a mail are cut, not refused, and none that is longer is accepted") {
    const message::Mail longest{1, std::string(message::Mail::kLongestSubject, 's'),
                                std::string(message::Mail::kLongestBody, 'b')};
    const auto octets = encode(longest);
    CHECK(octets.size() <= kLargestMessage);
    CHECK(decode(octets) == Message(longest));
    message::Mail longer = longest;
    longer.subject += "!";
    longer.body += "!";
    CHECK(encode(longer) == octets);

    auto forged = encode(message::Mail{1, std::string(255, 's'), "b"});
    forged[1 + 8] = 1;  // a subject of 511 octets
    CHECK_FALSE(decode(forged));
}
