// Fuzzes what comes after the words: the input chooses keywords from the tables, arguments that suit them or do not,
// and blocks, and so gets far deeper into the language than bytes do.
//
// Promises: every diagnostic has a text, the exit status is one of keepalived's, and the slice of the text that a child
// reads means what it meant to the parent: requests of the children name scripts and checks by their numbers.
// SUSTAIN_FUZZ_SHOW=1 prints the configuration.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "machine.hpp"
#include "outcome.hpp"
#include "parser/keyword.hpp"
#include "parser/keywords/tables.hpp"
#include "parser/loader.hpp"

using namespace sustain;
using namespace sustain::parser;
using fuzz::check;

namespace {

constexpr std::size_t kDeepest = 6;
constexpr std::size_t kLongestText = 20'000;

// Names come again and again, so that they refer to one another.
constexpr std::string_view kNames[] = {"A", "B", "C", "D"};
constexpr std::string_view kInterfaces[] = {"eth0", "eth1", "red", "lo", "nosuch"};
constexpr std::string_view kAddresses[] = {"192.0.2.1",      "192.0.2.2", "192.0.2.3/24", "2001:db8::1",
                                           "2001:db8::2/64", "fe80::1",   "192.0.2.4-9",  "default"};
// clang-format off
constexpr std::string_view kWords[] = {
    "192.0.2.1-9", "2001:db8::1-f", "0.0.0.0", "::", "224.0.0.18", "ff02::12", "192.0.2.1/24{", "80", "0", "1",
    "-1", "2", "3", "254", "255", "256", "65535", "65536", "4294967295", "4294967296", "18446744073709551616",
    "0.001", "1.5", "-0.5", "1e3", "0x10", "5x", "on", "off", "yes", "no", "true", "MASTER", "BACKUP", "PASS", "AH",
    "TCP", "UDP", "SCTP", "NAT", "DR", "TUN", "fwmark", "group", "default6", "via", "dev", "from", "to", "port",
    "weight", "reverse", "inet", "inet6", "label", "scope", "nexthop", "encap", "mpls", "ip", "200-299", "200", "+",
    "-", "=", "!", "@A", "@^A", "$A", "$A=B", "${A}", "~SEQ(x,1,3)", "\"\"", "\" \"", "\"{\"", "\"}\"", "\"a b\"",
    "\"/bin/true {} b\"", "/bin/true", "/nosuch", "</etc/passwd>", "\"%s%n\"", "{", "}", "\"\\\"\"", "a@b.example",
    "127.0.0.1:25", "rr", "wlc", "mh", "00:00:5e:00:01:01", "deadbeef", "\"xn\\t{0}\"", "include /nosuch",
    "\xc3\xa4", "\xff", "user", "root", "nobody:nogroup", "global", "link", "blue", "100/200",
};
// clang-format on

// What most of a configuration is.
constexpr std::string_view kMain[] = {"vrrp_instance", "vrrp_sync_group", "virtual_server", "vrrp_script"};

bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}
bool is_letter(char letter) {
    return is_upper(letter) || (letter >= 'a' && letter <= 'z') || letter == '_';
}

/// The input as a row of choices; zeros when it is over.
class Choices {
public:
    explicit Choices(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool over() const { return bytes_.empty(); }
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : next() % limit; }
    /// True once in so many times; never when the input is over.
    bool once_in(unsigned times) { return next() % times == times - 1; }

private:
    unsigned next() {
        if (bytes_.empty()) {
            return 0;
        }
        const auto byte = static_cast<unsigned char>(bytes_.front());
        bytes_.remove_prefix(1);
        return byte;
    }

    std::string_view bytes_;
};

class Writer {
public:
    explicit Writer(std::string_view bytes) : choices_(bytes) {}

    std::string write() {
        while (!full()) {
            statement(top_level_table(), 0);
        }
        return std::move(text_);
    }

private:
    [[nodiscard]] bool full() const { return choices_.over() || text_.size() > kLongestText; }

    void one_of(std::span<const std::string_view> words) { text_ += words[choices_.below(words.size())]; }

    /// The next word of a row's arguments as a manual writes them; empty: there is none.
    static std::string_view next_word(std::string_view& manual) {
        const auto begin = std::ranges::find_if(manual, is_letter);
        const auto end = std::find_if_not(begin, manual.end(), is_letter);
        const std::string_view found(begin, end);
        manual = {end, manual.end()};
        return found;
    }

    void number(const Value& value) {
        if (value.type == Value::Type::decimal && !choices_.once_in(4)) {
            text_ += fmt::format("{}.{:02}", choices_.below(20), choices_.below(100));
        } else if (value.max != 0 && choices_.once_in(2)) {
            const auto least = static_cast<std::uint64_t>(value.min);
            const std::uint64_t numbers[] = {least, value.max, least - 1, value.max + 1};
            text_ += fmt::format("{}", numbers[choices_.below(std::size(numbers))]);
        } else {
            text_ += fmt::format("{}", choices_.below(256));
        }
    }

    /// What suits this word of a manual: an address for ADDRESS, a number for NUMBER; words in small letters stand for
    /// themselves.
    void suiting(std::string_view word, const Value& value) {
        const auto is_one_of = [word](std::initializer_list<std::string_view> names) {
            return std::ranges::find(names, word) != names.end();
        };
        if (!value.choices.empty()) {
            const std::size_t at = value.choices.find_first_not_of(' ', choices_.below(value.choices.size()));
            text_ += value.choices.substr(at, value.choices.find(' ', at) - at);
        } else if (!word.empty() && !is_upper(word.front())) {
            text_ += word;
        } else if (is_one_of({"ADDRESS", "IP", "IPADDR", "DESTINATION", "HOP"})) {
            one_of(kAddresses);
        } else if (word == "INTERFACE") {
            one_of(kInterfaces);
        } else if (is_one_of({"NAME", "GROUP", "INSTANCE", "VS", "BFD", "SCRIPT", "PROCESS", "LABEL"})) {
            one_of(kNames);
        } else if (value.max != 0 || is_one_of({"PORT", "SECONDS", "NUMBER", "MARK", "TABLE", "LENGTH", "PRIORITY"})) {
            number(value);
        } else {
            one_of(kWords);
        }
    }

    /// All, some or more of what the row takes; now and then anything else.
    void arguments(const Keyword& keyword) {
        std::string_view manual = keyword.arguments;
        for (std::string_view word = next_word(manual); !word.empty() && !choices_.once_in(8);
             word = next_word(manual)) {
            text_ += ' ';
            if (choices_.once_in(8)) {
                one_of(kWords);
            } else {
                suiting(word, keyword.value);
            }
        }
        while (choices_.once_in(8)) {
            text_ += ' ';
            one_of(kWords);
        }
    }

    const Keyword& keyword_of(const BlockTable& table) {
        if (&table == &top_level_table() && choices_.once_in(2)) {
            return *table.find(kMain[choices_.below(std::size(kMain))]);
        }
        const BlockTable& from =
            choices_.once_in(40) ? keyword_tables()[choices_.below(keyword_tables().size())] : table;
        return from.keywords()[choices_.below(from.keywords().size())];
    }

    void entries(const Keyword& keyword) {
        do {
            if (choices_.once_in(4)) {
                one_of(kWords);
            } else if (choices_.once_in(3)) {
                one_of(kNames);
            } else {
                one_of(kAddresses);
            }
            while (choices_.once_in(2)) {
                text_ += ' ';
                if (keyword.table == nullptr || keyword.table().keywords().empty() || choices_.once_in(4)) {
                    one_of(kWords);
                    continue;
                }
                const Keyword& option = keyword_of(keyword.table());
                text_ += option.name;
                arguments(option);
            }
            text_ += '\n';
        } while (!full() && choices_.once_in(2));
    }

    /// What an instance cannot do without.
    void needs_of_instance() {
        text_ += fmt::format("interface {}\nvirtual_router_id {}\nvirtual_ipaddress {{\n192.0.2.{}\n}}\n",
                             kInterfaces[choices_.below(2)], choices_.below(256), choices_.below(256));
    }

    void statement(const BlockTable& table, std::size_t depth) {
        const Keyword& keyword = keyword_of(table);
        text_ += keyword.name;
        arguments(keyword);
        const bool is_block = keyword.kind == Kind::block || keyword.kind == Kind::lines || keyword.kind == Kind::words;
        if (!is_block || depth == kDeepest) {
            text_ += '\n';
            return;
        }
        text_ += " {\n";
        if (keyword.name == "vrrp_instance" && !choices_.once_in(8)) {
            needs_of_instance();
        }
        if (keyword.kind == Kind::block && keyword.table != nullptr) {
            do {
                statement(keyword.table(), depth + 1);
            } while (!full() && !choices_.once_in(6));
        } else {
            entries(keyword);
        }
        text_ += "}\n";
    }

    Choices choices_;
    std::string text_;
};

void check_slices(const Outcome& parent) {
    const vrrp::Config vrrp = Loader::from_expanded(parent.vrrp_text, fuzz::machine()).finish().config.vrrp;
    check(vrrp.instances == parent.config.vrrp.instances, "the VRRP child has the instances of the parent");
    check(vrrp.sync_groups == parent.config.vrrp.sync_groups, "the VRRP child has the sync groups of the parent");
    check(vrrp.static_addresses == parent.config.vrrp.static_addresses, "the VRRP child has the parent's addresses");
    check(vrrp.track_scripts == parent.config.vrrp.track_scripts, "the VRRP child has the parent's track scripts");
    check(vrrp.scripts.size() == parent.config.vrrp.scripts.size(), "the VRRP child numbers scripts as the parent");

    const checker::Config checker = Loader::from_expanded(parent.checker_text, fuzz::machine()).finish().config.checker;
    check(std::ranges::equal(checker.checks, parent.config.checker.checks, {}, &checker::Check::identity,
                             &checker::Check::identity),
          "the checker child has the checks of the parent");
    check(checker.scripts.size() == parent.config.checker.scripts.size(), "the checker numbers scripts as the parent");
}

/// The configuration as a file that needs no file system.
class MemoryFile {
public:
    MemoryFile() : fd_(::memfd_create("configuration", MFD_CLOEXEC)) {
        check(fd_ >= 0 && ::fchmod(fd_, 0600) == 0, "there is a file in memory");
    }

    std::string set(std::string_view text) const {
        check(::ftruncate(fd_, 0) == 0 && ::pwrite(fd_, text.data(), text.size(), 0) >= 0, "it can be written");
        return fmt::format("/proc/self/fd/{}", fd_);
    }

private:
    int fd_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const MemoryFile file;
    static const bool show = std::getenv("SUSTAIN_FUZZ_SHOW") != nullptr;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.empty()) {
        return 0;
    }
    const unsigned choice = data[0];
    const std::string text = Writer(input.substr(1)).write();
    if (show) {
        std::fputs(text.c_str(), stderr);
    }
    Options options{.file = file.set(text), .config_id = "A"};
    options.strict = (choice & 1) != 0;
    options.ignore_environment = (choice & 2) != 0;
    if ((choice & 4) != 0) {
        options.explain.emplace();
    }
    const Outcome outcome = load(options, fuzz::machine());
    fuzz::check_outcome(outcome);
    if (!options.strict && !outcome.parent_fatal) {
        check_slices(outcome);
    }
    return 0;
}
