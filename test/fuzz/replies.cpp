// Fuzzes what reads the replies to health checks. The first byte of the input chooses the reader, the rest is what a
// server sends; with SUSTAIN_FUZZ_GRAMMAR=NAME all of the input is for that reader.
#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "checker/dns_message.hpp"
#include "checker/echo_message.hpp"
#include "checker/page.hpp"
#include "checker/smtp_dialogue.hpp"
#include "checker/udp_reply.hpp"
#include "promise.hpp"

using namespace sustain;
using namespace sustain::checker;
using sustain::fuzz::check;

namespace {

using Octets = std::span<const std::uint8_t>;

std::uint8_t take_octet(Octets& rest) {
    if (rest.empty()) {
        return 0;
    }
    const std::uint8_t octet = rest.front();
    rest = rest.subspan(1);
    return octet;
}

Regex make_regex(std::string pattern, std::initializer_list<RegexOption> options) {
    Regex regex;
    regex.pattern = std::move(pattern);
    for (const RegexOption option : options) {
        regex.add(option);
    }
    return regex;
}

/// Expressions with partial matches, looks behind and UTF of all kinds.
struct Expressions {
    std::vector<Regex> regexes{make_regex("w[a-z]+d", {}), make_regex("(?<=ab)c.*z", {RegexOption::dotall}),
                               make_regex("^<p>(x|y)*</p>$", {RegexOption::multiline}),
                               make_regex("\\w{3,9}\xc3\xa4", {RegexOption::utf, RegexOption::ucp}),
                               make_regex("(a+)+b", {RegexOption::caseless})};
    std::vector<std::shared_ptr<const Pattern>> patterns;
    RegexStack stack{32768, 65536};

    Expressions() {
        for (const Regex& regex : regexes) {
            patterns.push_back(Pattern::compile(regex).value());
        }
    }
};

/// The first octets choose expression, offsets and the sizes of the reads.
void http(Octets input) {
    static const Expressions kExpressions;
    const std::uint8_t choice = take_octet(input);
    const std::size_t number = choice % (kExpressions.regexes.size() + 1);
    const std::size_t step = 1U + take_octet(input);
    Url url;
    const Pattern* pattern = nullptr;
    if (number < kExpressions.regexes.size()) {
        Regex regex = kExpressions.regexes[number];
        regex.forbidden = (choice & 0x80U) != 0;
        regex.min_offset = (choice & 0x40U) != 0 ? take_octet(input) : 0;
        if ((choice & 0x20U) != 0) {
            regex.max_offset = take_octet(input);
        }
        url.regex = core::Boxed(std::move(regex));
        pattern = kExpressions.patterns[number].get();
    }
    url.digest = "d41d8cd98f00b204e9800998ecf8427e";
    Page page(url, pattern, kExpressions.stack);
    bool over = false;
    while (!input.empty() && !over) {
        const auto room = page.room();
        check(!room.empty(), "there is room until it is over");
        const std::size_t count = std::min({room.size(), step, input.size()});
        std::copy_n(input.begin(), count, room.begin());
        input = input.subspan(count);
        over = !page.received(count);
    }
    const Attempt attempt = page.judge();
    check(attempt.outcome != Outcome::abandoned, "a page is good or bad");
    check((attempt.outcome == Outcome::success) == attempt.reason.empty(), "a failure has a reason");
    check(!over || attempt.outcome == Outcome::failure, "what is over early is bad");
}

void smtp(Octets input) {
    SmtpDialogue dialogue("fuzz");
    const std::size_t step = 1U + take_octet(input);
    int sent = 0;
    while (!input.empty()) {
        const std::size_t count = std::min(step, input.size());
        const auto next = dialogue.take(input.first(count));
        input = input.subspan(count);
        if (next == SmtpDialogue::Next::send) {
            check(++sent <= 2, "HELO and QUIT, no more");
            check(dialogue.text().ends_with("\r\n"), "a command is a line");
        } else if (next != SmtpDialogue::Next::read) {
            check(next == SmtpDialogue::Next::failure || sent == 2, "success comes after QUIT");
            return;
        }
    }
}

void dns(Octets input) {
    const auto id = static_cast<std::uint16_t>(take_octet(input));
    const DnsAnswer answer = read_dns_answer(input, id);
    check(answer.kind == DnsAnswer::Kind::foreign || input.size() >= 12, "an answer has a header");
    // and the other direction: a name from the configuration
    const DnsCheck named{DnsType::a, std::string(input.begin(), input.end())};
    if (const auto query = make_dns_query(named, id)) {
        check(query->size() <= 12 + 255 + 4, "a query fits");
        check(read_dns_answer(*query, id).kind == DnsAnswer::Kind::foreign, "a query is no answer");
    }
}

void udp(Octets input) {
    UdpCheck wanted;
    wanted.require_reply = true;
    wanted.min_reply_length = take_octet(input) % 8U;
    const std::size_t wish = take_octet(input) % 16U;
    const std::size_t length = std::min(wish, input.size() / 2);
    BytePattern pattern;
    pattern.bytes.assign(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(length));
    input = input.subspan(length);
    pattern.mask.assign(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(length));
    input = input.subspan(length);
    wanted.reply = std::move(pattern);
    const bool good = is_good_reply(wanted, input, input.size());
    check(!good || input.size() >= wanted.min_reply_length, "a good reply is long enough");
    check(is_good_reply(UdpCheck{}, input, input.size()), "without a pattern anything will do");
    const NetworkError error = read_network_error(input);
    check(!is_unreachable(error) || is_failure(UdpCheck{}, error), "unreachable is a failure");
}

void icmp(Octets input) {
    const std::uint16_t sequence = take_octet(input);
    for (const auto family : {core::Address::Family::ipv4, core::Address::Family::ipv6}) {
        const bool good = is_echo_reply(input, family, sequence);
        check(!good || input.size() >= kEchoHeaderSize, "an echo has a header");
    }
}

struct Reader {
    char letter;
    std::string_view name;
    void (*read)(Octets);
};

constexpr Reader kReaders[] = {
    {'h', "http", http}, {'s', "smtp", smtp}, {'d', "dns", dns}, {'u', "udp", udp}, {'i', "icmp", icmp},
};

const Reader* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    if (const char* const name = std::getenv("SUSTAIN_FUZZ_GRAMMAR")) {
        const auto* const found = std::ranges::find(kReaders, std::string_view(name), &Reader::name);
        check(found != std::end(kReaders), "SUSTAIN_FUZZ_GRAMMAR is the name of a reader");
        chosen = found;
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Octets input(data, size);
    const Reader* reader = chosen;
    if (reader == nullptr) {
        if (input.empty()) {
            return 0;
        }
        const auto letter = static_cast<char>(take_octet(input));
        reader = std::ranges::find(kReaders, letter, &Reader::letter);
        if (reader == std::end(kReaders)) {
            reader = &kReaders[static_cast<std::uint8_t>(letter) % std::size(kReaders)];
        }
    }
    reader->read(input);
    return 0;
}
