#include "parser/kernel_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <unordered_set>
#include <vector>

#include "parser/address_protocol.hpp"
#include "parser/values_route.hpp"

namespace sustain::parser {

namespace {

struct Builtin {
    std::string_view name;
    std::uint32_t number;
};

struct KindOfName {
    std::string_view file;
    std::uint32_t highest;
    std::span<const Builtin> builtin;
};

constexpr Builtin kTables[] = {{"default", 253}, {"main", 254}, {"local", 255}};
constexpr Builtin kProtocols[] = {{"none", 0},      {"redirect", 1}, {"kernel", 2}, {"boot", 3},   {"static", 4},
                                  {"gated", 8},     {"ra", 9},       {"mrt", 10},   {"zebra", 11}, {"bird", 12},
                                  {"dnrouted", 13}, {"xorp", 14},    {"ntk", 15},   {"dhcp", 16},  {"babel", 42}};
constexpr Builtin kScopes[] = {{"global", 0}, {"site", 200}, {"link", 253}, {"host", 254}, {"nowhere", 255}};

constexpr KindOfName kKindsOfNames[] = {
    {"rt_tables", 0xffffffff, kTables},
    {"rt_protos", 255, kProtocols},
    {"rt_scopes", 255, kScopes},
    {"rt_dsfield", 255, {}},
    {"rt_realms", 255, {}},
    {"group", 0x7fffffff, {}},
};

constexpr std::size_t kLargestFile = 1 << 20;
constexpr std::size_t kMostFiles = 1000;
constexpr std::size_t kLongestLine = 127;

/// What the files say, the first of several meanings of a name.
class Reader {
public:
    explicit Reader(std::uint32_t highest) : highest_(highest) {}

    /// Lines "NUMBER NAME"; others are ignored, long ones cut into several.
    void read(std::string_view text) {
        while (!text.empty()) {
            const std::string_view piece = text.substr(0, kLongestLine);
            const auto length = piece.find('\n');
            read_line(piece.substr(0, length));
            text.remove_prefix(length == std::string_view::npos ? piece.size() : length + 1);
        }
    }

    void add(std::span<const Builtin> builtin) {
        for (const auto& [name, number] : builtin) {
            if (!known_.contains(number)) {
                names.try_emplace(std::string(name), number);
            }
        }
    }

    std::unordered_map<std::string, std::uint32_t> names;

private:
    static std::string_view take_field(std::string_view& line) {
        constexpr std::string_view kBlanks = " \t\r\f\v";
        line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
        const std::string_view field = line.substr(0, line.find_first_of(kBlanks));
        line.remove_prefix(field.size());
        return field;
    }

    void read_line(std::string_view line) {
        line = line.substr(0, line.find_first_of(std::string_view("#\0", 2)));
        const std::string_view number = take_field(line);
        const std::string_view name = take_field(line);
        const auto value = read_c_unsigned(number);
        if (name.empty() || !take_field(line).empty() || value.fault != NumberFault::none || value.value > highest_) {
            return;
        }
        names.try_emplace(std::string(name), static_cast<std::uint32_t>(value.value));
        known_.insert(static_cast<std::uint32_t>(value.value));
    }

    std::uint32_t highest_;
    std::unordered_set<std::uint32_t> known_;
};

std::vector<std::string> extensions(const Environment& machine, const std::string& folder) {
    std::vector<std::string> files = machine.folder_entries(folder, kMostFiles);
    std::erase_if(files, [](const std::string& name) { return name.starts_with('.') || !name.ends_with(".conf"); });
    std::ranges::sort(files);
    return files;
}

std::unordered_map<std::string, std::uint32_t> read_names(const KindOfName& kind, const KernelNames::Folders& folders,
                                                          const Environment& machine) {
    Reader reader(kind.highest);
    const std::string etc = fmt::format("{}/{}", folders.etc, kind.file);
    const std::string usr = fmt::format("{}/{}", folders.usr, kind.file);
    if (const auto text = machine.file_text(etc, kLargestFile)) {
        reader.read(*text);
    } else if (const auto other = machine.file_text(usr, kLargestFile)) {
        reader.read(*other);
    }
    const std::vector<std::string> ours = extensions(machine, etc + ".d");
    const auto add = [&](const std::string& folder, const std::string& name) {
        if (const auto text = machine.file_text(folder + ".d/" + name, kLargestFile)) {
            reader.read(*text);
        }
    };
    for (const std::string& name : extensions(machine, usr + ".d")) {
        if (!std::ranges::binary_search(ours, name)) {
            add(usr, name);
        }
    }
    for (const std::string& name : ours) {
        add(etc, name);
    }
    reader.add(kind.builtin);
    return std::move(reader.names);
}

}  // namespace

std::uint8_t address_protocol(const core::FileSettings& files, const Environment& machine) {
    constexpr std::uint8_t kUsual = 18;
    const KindOfName kind{"rt_addrprotos", 255, {}};
    KernelNames::Folders folders;
    folders.etc = files.iproute_etc.empty() ? folders.etc : files.iproute_etc;
    folders.usr = files.iproute_usr.empty() ? folders.usr : files.iproute_usr;
    const auto names = read_names(kind, folders, machine);
    const auto own = names.find("keepalived");
    return own == names.end() ? kUsual : static_cast<std::uint8_t>(own->second);
}

std::optional<std::uint32_t> KernelNames::find(Kind kind, std::string_view word, const Folders& folders,
                                               const Environment& machine) {
    const auto index = static_cast<std::size_t>(kind);
    const KindOfName& known = kKindsOfNames[index];
    if (const auto number = read_kernel_number(word)) {
        return *number <= known.highest ? number : std::nullopt;
    }
    std::optional<Numbers>& names = names_[index];
    if (!names) {
        names = read_names(known, folders, machine);
    }
    const auto found = names->find(std::string(word));
    return found == names->end() ? std::nullopt : std::optional(found->second);
}

}  // namespace sustain::parser
