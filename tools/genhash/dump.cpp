#include "tools/genhash/dump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sustain::genhash {

namespace {

constexpr std::size_t kLine = 16;
constexpr std::size_t kHalf = 8;

}  // namespace

std::string heading(std::string_view text) {
    constexpr std::size_t kWidth = 27;
    const std::string margin((kWidth - std::min(text.size(), kWidth)) / 2, ' ');
    return fmt::format("{0:->24}{1}{2}{1}{3:-<24}\n", '[', margin, text, ']');
}

std::string hex_dump(std::span<const std::uint8_t> octets) {
    std::string dump;
    const auto out = std::back_inserter(dump);
    for (std::size_t begin = 0; begin < octets.size(); begin += kLine) {
        const auto line = octets.subspan(begin, std::min(kLine, octets.size() - begin));
        fmt::format_to(out, "{:04} ", begin);
        for (std::size_t i = 0; i < kLine; ++i) {
            dump += i == kHalf ? " - " : " ";
            dump += i < line.size() ? fmt::format("{:02x}", line[i]) : "  ";
        }
        dump += "   ";
        for (std::size_t i = 0; i < kLine; ++i) {
            const char c = i < line.size() ? static_cast<char>(line[i]) : ' ';
            dump += c >= ' ' && c <= '~' ? c : '.';
        }
        dump += '\n';
    }
    return dump;
}

}  // namespace sustain::genhash
