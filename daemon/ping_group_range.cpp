#include "daemon/ping_group_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

#include "core/log.hpp"

namespace sustain::daemon {

namespace {

using Range = std::pair<std::uint32_t, std::uint32_t>;

bool is_ping(const checker::Check& check) {
    return std::holds_alternative<checker::PingCheck>(check.identity.kind);
}

std::optional<Range> read(const std::string& file) {
    std::string line;
    std::ifstream in(file);
    return std::getline(in, line) ? parse_group_range(line) : std::nullopt;
}

bool write(const std::string& file, Range range) {
    std::ofstream out(file);
    out << fmt::format("{} {}\n", range.first, range.second) << std::flush;
    return out.good();
}

}  // namespace

std::optional<Range> parse_group_range(std::string_view text) {
    const auto number = [&text]() -> std::optional<std::uint32_t> {
        text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        return error == std::errc() ? std::optional(value) : std::nullopt;
    };
    const auto first = number();
    const auto last = number();
    return first && last ? std::optional(Range{*first, *last}) : std::nullopt;
}

void PingGroupRange::prepare(const checker::Config& config) {
    if (before_ || std::ranges::none_of(config.checks, is_ping)) {
        return;
    }
    const auto present = read(file_);
    if (!present || present->first == 0) {
        return;
    }
    if (write(file_, {0, present->second})) {
        before_ = present;
    } else {
        core::log::error("{} cannot be written: PING_CHECK may not be possible", file_);
    }
}

void PingGroupRange::restore() {
    if (const auto before = std::exchange(before_, std::nullopt); before && read(file_) == Range{0, before->second}) {
        (void)write(file_, *before);
    }
}

}  // namespace sustain::daemon
