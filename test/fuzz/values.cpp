// Fuzzes the grammars of values. The first byte of the input chooses the grammar, the rest is the text; with
// SUSTAIN_FUZZ_GRAMMAR=NAME all of the input is a text of that grammar.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "machine.hpp"
#include "parser/address_range.hpp"
#include "parser/comment.hpp"
#include "parser/excerpt.hpp"
#include "parser/grammar.hpp"
#include "parser/kernel_names.hpp"
#include "parser/loader.hpp"
#include "parser/script.hpp"
#include "parser/text/condition.hpp"
#include "parser/text/list.hpp"
#include "parser/text/parameters.hpp"
#include "parser/text/sequence.hpp"
#include "parser/umask.hpp"
#include "parser/values_route.hpp"
#include "promise.hpp"

using namespace sustain;
using namespace sustain::parser;
using fuzz::check;
using fuzz::machine;

namespace {

/// Where the grammar is part of a statement: the statement, in what it needs around it.
void interpret(std::string_view before, std::string_view text, std::string_view behind) {
    std::string all(before);
    all += text;
    all += behind;
    std::ignore = Loader::from_expanded(std::move(all), machine()).finish();
}

void integers(std::string_view text) {
    const auto number = read_signed(text, {-20, 19});
    check(!number.usable || (number.value >= -20 && number.value <= 19), "a usable number is in its range");
    const auto positive = read_unsigned(text, {1, 255});
    check(!positive.usable || (positive.value >= 1 && positive.value <= 255), "a usable number is in its range");
    std::ignore = describe(number.fault, text, "integer", "-20, 19");
    std::ignore = read_unsigned64(text);
}

void decimals(std::string_view text) {
    for (const unsigned places : {0U, 3U, 6U}) {
        const auto number = read_decimal(text, places, {10, 255'000'000});
        check(!number.usable || (number.value >= 10 && number.value <= 255'000'000), "a usable number is in its range");
        std::ignore = format_decimal(number.value, places);
        std::ignore = short_decimal(number.value, places);
        std::ignore = to_duration(number.value);
    }
}

void c_numbers(std::string_view text) {
    std::ignore = read_c_number(text);
    std::ignore = read_c_unsigned(text);
    std::ignore = read_mark(text);
    const auto number = read_kernel_number(text);
    KernelNames names;
    check(!number || names.find(KernelNames::Kind::table, text, {}, machine()) == number, "a number needs no name");
    std::ignore = names.find(KernelNames::Kind::scope, text, {}, machine());
}

void booleans(std::string_view text) {
    std::ignore = read_boolean(text);
}

void addresses(std::string_view text) {
    if (const auto address = core::Address::parse(text)) {
        check(core::Address::parse(address->to_string()) == address, "an address is what it is printed as");
    }
    std::ignore = read_server_address(text);
    std::ignore = read_netmask(text);
    std::ignore = split_prefix(text);
}

void ranges(std::string_view text) {
    std::ignore = read_address_range(text);
    if (const auto pair = read_number_pair(text)) {
        check(text.find('-') != std::string_view::npos, "a range has a hyphen");
    }
}

void scripts(std::string_view text) {
    for (const Escapes escapes : {Escapes::keep, Escapes::replace}) {
        const ScriptWords words = split_script(text, escapes);
        std::size_t size = 0;
        for (const std::string& word : words.words) {
            size += word.size();
        }
        check(size <= 4 * text.size(), "words are not longer than the text");
    }
}

void hexadecimal(std::string_view text) {
    const std::string both = fmt::format("{0}\nrequire_reply {0}", text);
    interpret("virtual_server 192.0.2.1 80 {\nprotocol UDP\nreal_server 192.0.2.2 80 {\nUDP_CHECK {\npayload ", both,
              "\n}\n}\n}\n");
}

void umasks(std::string_view text) {
    ast::Line line;
    parse_line(text, line);
    if (!line.words.empty()) {
        const UmaskText umask = read_umask(line.words);
        check(!umask.bits || *umask.bits <= 0777, "a umask has nine bits");
        check(umask.bits || !umask.complaint.empty(), "a umask or what is wrong with it");
    }
}

void mac_addresses(std::string_view text) {
    interpret("vrrp_instance V {\ninterface eth0\nvirtual_router_id 1\nuse_vmac ", text,
              "\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
}

void status_codes(std::string_view text) {
    interpret("virtual_server 192.0.2.1 80 {\nreal_server 192.0.2.2 80 {\nHTTP_GET {\nurl {\npath /\nstatus_code ",
              text, "\n}\n}\n}\n}\n");
}

void route_times(std::string_view text) {
    const RouteTime time = read_route_time(text, 8);
    check((time.fault != NumberFault::none && time.fault != NumberFault::too_many_decimals) ||
              (time.value >= 1600 && time.value <= 960000),
          "a time is in its range");
    std::ignore = read_mpls_labels(text);
    std::ignore = read_ila_locator(text);
}

void address_lines(std::string_view text) {
    interpret("static_ipaddress {\n", text,
              "\n}\nvrrp_instance V {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n");
}
void route_lines(std::string_view text) {
    interpret("track_group G {\ngroup {\nV\n}\n}\nstatic_routes {\n", text, "\n}\n");
}
void rule_lines(std::string_view text) {
    interpret("track_group G {\ngroup {\nV\n}\n}\nstatic_rules {\n", text, "\n}\n");
}

void sequences(std::string_view text) {
    const std::string all = "~SEQ" + std::string(text);
    const auto parsed = parse_sequence(all, [](std::string_view number) { return std::string(number); });
    if (parsed) {
        check(parsed->sequence.size > 0, "a sequence is not empty");
        std::ignore = parsed->sequence.value(0);
        std::ignore = parsed->sequence.value(parsed->sequence.size - 1);
    }
}

void lists(std::string_view text) {
    const std::string all = "~LST" + std::string(text);
    if (const auto parsed = parse_list(all)) {
        check(!parsed->list.sets.empty(), "a list is not empty");
    }
}

void parameters(std::string_view text) {
    if (text.starts_with('$')) {
        std::ignore = parse_definition(text);
        if (const auto reference = parse_reference(text)) {
            check(reference->size <= text.size(), "a reference is part of the text");
        }
    }
    if (text.starts_with('@')) {
        std::ignore = apply_condition(text, "id");
    }
    std::ignore = remove_continuation(text);
}

void words(std::string_view text) {
    ast::Line line;
    parse_line(text, line);
    for (const ast::Word& word : line.words) {
        check(word.text.data() >= text.data() && word.text.data() + word.text.size() <= text.data() + text.size(),
              "a word is part of the line");
    }
    std::ignore = conceal(text);
    std::ignore = printable(text);
    std::ignore = cut_excerpt(text, text.size() / 2, 3);
}

struct Grammar {
    char letter;
    std::string_view name;
    void (*read)(std::string_view text);
};
constexpr Grammar kGrammars[] = {
    {'i', "integer", integers},
    {'d', "decimal", decimals},
    {'c', "c-number", c_numbers},
    {'b', "boolean", booleans},
    {'A', "address", addresses},
    {'R', "range", ranges},
    {'s', "script", scripts},
    {'h', "hex", hexadecimal},
    {'m', "umask", umasks},
    {'M', "mac", mac_addresses},
    {'S', "status", status_codes},
    {'t', "route-time", route_times},
    {'a', "address-line", address_lines},
    {'r', "route-line", route_lines},
    {'u', "rule-line", rule_lines},
    {'q', "sequence", sequences},
    {'l', "list", lists},
    {'p', "parameter", parameters},
    {'w', "words", words},
};

const Grammar* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    if (const char* const name = std::getenv("SUSTAIN_FUZZ_GRAMMAR")) {
        const auto* const found = std::ranges::find(kGrammars, std::string_view(name), &Grammar::name);
        check(found != std::end(kGrammars), "SUSTAIN_FUZZ_GRAMMAR is the name of a grammar");
        chosen = found;
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const Grammar* grammar = chosen;
    if (grammar == nullptr) {
        if (text.empty()) {
            return 0;
        }
        grammar = std::ranges::find(kGrammars, text.front(), &Grammar::letter);
        if (grammar == std::end(kGrammars)) {
            grammar = &kGrammars[data[0] % std::size(kGrammars)];
        }
        text.remove_prefix(1);
    }
    grammar->read(text);
    return 0;
}
