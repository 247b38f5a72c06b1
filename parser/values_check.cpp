#include "parser/values_check.hpp"

#include <algorithm>
#include <boost/spirit/home/x3.hpp>

#include "parser/values.hpp"

namespace sustain::parser {

namespace {

namespace x3 = boost::spirit::x3;

struct DnsTypes : x3::symbols<checker::DnsType> {
    DnsTypes() {
        using enum checker::DnsType;
        add("a", a)("ns", ns)("cname", cname)("soa", soa)("mx", mx)("txt", txt)("aaaa", aaaa)("rrsig", rrsig)("dnskey",
                                                                                                              dnskey);
    }
};

struct RegexOptions : x3::symbols<checker::RegexOption> {
    RegexOptions() {
        using enum checker::RegexOption;
        add("allow_empty_class", allow_empty_class)("alt_bsux", alt_bsux)("alt_circumflex", alt_circumflex)(
            "alt_verbnames", alt_verbnames)("auto_callout", auto_callout)("caseless", caseless)(
            "dollar_endonly", dollar_endonly)("dotall", dotall)("dupnames", dupnames)("extended", extended)(
            "firstline", firstline)("match_unset_backref", match_unset_backref)("multiline", multiline)(
            "never_backslash_c", never_backslash_c)("never_ucp", never_ucp)("never_utf", never_utf)(
            "no_auto_capture", no_auto_capture)("no_auto_possess", no_auto_possess)(
            "no_dotstar_anchor", no_dotstar_anchor)("no_start_optimize", no_start_optimize)("ucp", ucp)(
            "ungreedy", ungreedy)("use_offset_limit", use_offset_limit)("utf", utf);
    }
};

/// The symbol that the whole word is.
template <typename T>
std::optional<T> find(const auto& grammar, std::string_view word) {
    T value{};
    const char* position = word.data();
    if (x3::parse(position, word.data() + word.size(), grammar >> x3::eoi, value)) {
        return value;
    }
    return std::nullopt;
}

}  // namespace

std::optional<checker::BytePattern> read_hex(std::string_view text, Wildcards wildcards) {
    checker::BytePattern pattern;
    const auto add = [&pattern](auto& context) {
        std::uint8_t byte = 0;
        std::uint8_t mask = 0;
        for (const char c : x3::_attr(context)) {
            const bool any = c == 'x' || c == 'X';
            const int digit = any ? 0 : c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
            byte = static_cast<std::uint8_t>(byte << 4 | digit);
            mask = static_cast<std::uint8_t>(mask << 4 | (any ? 0 : 0xf));
        }
        if (x3::_attr(context).size() == 1) {
            mask |= 0xf0;
        }
        pattern.bytes.push_back(byte);
        pattern.mask.push_back(mask);
    };
    const auto blanks = x3::omit[*x3::space];
    const auto parse = [&](const auto& digit) {
        const char* position = text.data();
        return x3::parse(position, text.data() + text.size(),
                         blanks >> +(x3::raw[digit >> -digit][add] >> blanks) >> x3::eoi);
    };
    const bool complete =
        wildcards == Wildcards::taken ? parse(x3::xdigit | x3::char_("xX")) : parse(x3::char_("0-9a-fA-F"));
    return complete ? std::optional(std::move(pattern)) : std::nullopt;
}

std::optional<checker::StatusRange> read_status_range(std::string_view word) {
    const auto code = [](std::string_view text) -> std::optional<std::uint16_t> {
        const auto number = read_unsigned(text, {100, 599});
        return number.fault == NumberFault::none ? std::optional(static_cast<std::uint16_t>(number.value))
                                                 : std::nullopt;
    };
    const auto dash = word.find('-');
    const auto first = code(word.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : code(word.substr(dash + 1));
    if (!first || !last || *first > *last) {
        return std::nullopt;
    }
    return checker::StatusRange{*first, *last};
}

bool is_digest(std::string_view word) {
    constexpr std::size_t kDigits = 32;
    const char* position = word.data();
    return word.size() == kDigits && x3::parse(position, word.data() + word.size(), *x3::xdigit >> x3::eoi);
}

std::optional<checker::DnsType> read_dns_type(std::string_view word) {
    static const DnsTypes kTypes;
    return find<checker::DnsType>(x3::no_case[kTypes], word);
}

std::optional<std::string> read_domain(std::string_view word) {
    if (word.ends_with('.')) {
        word.remove_suffix(1);
        if (word.empty()) {
            return std::string();
        }
    }
    if (word.starts_with('.') || word.ends_with('.') || word.find("..") != std::string_view::npos) {
        return std::nullopt;
    }
    return std::string(word);
}

bool fits_query(std::string_view domain) {
    constexpr std::size_t kMaxName = 253;
    constexpr std::size_t kMaxLabel = 63;
    if (domain.size() > kMaxName) {
        return false;
    }
    for (std::size_t begin = 0; begin < domain.size();) {
        const std::size_t end = std::min(domain.find('.', begin), domain.size());
        if (end - begin > kMaxLabel) {
            return false;
        }
        begin = end + 1;
    }
    return true;
}

std::optional<checker::RegexOption> read_regex_option(std::string_view word) {
    static const RegexOptions kOptions;
    return find<checker::RegexOption>(kOptions, word);
}

}  // namespace sustain::parser
