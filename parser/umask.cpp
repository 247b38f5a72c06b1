#include "parser/umask.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <utility>

#include "parser/values.hpp"

namespace sustain::parser {

namespace {

constexpr std::array kBits = {
    std::pair{std::string_view("IRUSR"), S_IRUSR}, std::pair{std::string_view("IWUSR"), S_IWUSR},
    std::pair{std::string_view("IXUSR"), S_IXUSR}, std::pair{std::string_view("IRGRP"), S_IRGRP},
    std::pair{std::string_view("IWGRP"), S_IWGRP}, std::pair{std::string_view("IXGRP"), S_IXGRP},
    std::pair{std::string_view("IROTH"), S_IROTH}, std::pair{std::string_view("IWOTH"), S_IWOTH},
    std::pair{std::string_view("IXOTH"), S_IXOTH}, std::pair{std::string_view("IRWXU"), S_IRWXU},
    std::pair{std::string_view("IRWXG"), S_IRWXG}, std::pair{std::string_view("IRWXO"), S_IRWXO}};

UmaskText read_number(std::span<const ast::Word> words) {
    constexpr std::int64_t kMost = 0777;
    const std::string_view text = words[0].text;
    const auto value = read_c_number(text);
    if (!value || *value > kMost) {
        return {.bits = std::nullopt, .complaint = fmt::format("invalid umask value {}", text), .word = 0};
    }
    if (words.size() > 1) {
        return {.bits = std::nullopt, .complaint = "Extra parameter(s) to umask option", .word = 1};
    }
    return {.bits = static_cast<unsigned>(*value), .complaint = {}, .word = 0};
}

}  // namespace

UmaskText read_umask(std::span<const ast::Word> words) {
    if (!words[0].text.empty() && words[0].text[0] >= '0' && words[0].text[0] <= '9') {
        return read_number(words);
    }
    if (words[0].text.empty()) {
        return {.bits = std::nullopt, .complaint = "Unknown umask bit ", .word = 0};
    }
    unsigned bits = 0;
    bool joined = true;  // a name may come
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string_view text = words[i].text;
        while (!text.empty()) {
            if (text.front() == '|') {
                joined = true;
                text.remove_prefix(1);
                continue;
            }
            const std::string_view name = text.substr(0, text.find('|'));
            text.remove_prefix(name.size());
            const auto* const bit = std::ranges::find(kBits, name, [](const auto& known) { return known.first; });
            if (!std::exchange(joined, false) || bit == kBits.end()) {
                return {.bits = std::nullopt, .complaint = fmt::format("Unknown umask bit {}", name), .word = i};
            }
            bits |= bit->second;
        }
    }
    return {.bits = bits, .complaint = {}, .word = 0};
}

}  // namespace sustain::parser
