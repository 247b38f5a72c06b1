#include "checker/file_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/log.hpp"
#include "core/track_number.hpp"

namespace sustain::checker {

namespace {

constexpr std::int32_t kFailed = std::numeric_limits<std::int32_t>::min();

}  // namespace

Attempt judge(const FileCheck& check, std::int32_t number) {
    const FileCheck::Weight weight = check.weight.value_or(FileCheck::Weight{});
    if (weight.factor == 0) {
        const bool failed = (number != 0) != weight.reverse;
        return {failed ? Outcome::failure : Outcome::success, failed ? fmt::format("value {}", number) : std::string(),
                0};
    }
    const std::int64_t product = std::int64_t{number} * weight.factor * (weight.reverse ? -1 : 1);
    const auto contribution =
        static_cast<std::int32_t>(std::clamp<std::int64_t>(product, kFailed, std::numeric_limits<std::int32_t>::max()));
    if (contribution == kFailed) {
        return {Outcome::failure, fmt::format("value {}", number), 0};
    }
    return {Outcome::success, {}, contribution};
}

void FileChecks::start(const Config& config) {
    config_ = &config;
    watcher_.reset();
    checks_.clear();
    for (std::uint32_t number = 0; number < config.checks.size(); ++number) {
        if (const auto* const file = std::get_if<core::Boxed<FileCheck>>(&config.checks[number].identity.kind)) {
            checks_[(*file)->path].push_back(number);
        }
    }
    if (checks_.empty()) {
        return;
    }
    watcher_.emplace(loop_);
    for (const auto& [path, numbers] : checks_) {
        watcher_->add(path, [this, its_path = path](const std::string& text) { take(its_path, text); });
    }
}

void FileChecks::take(const std::string& path, const std::string& text) {
    const auto number = core::parse_track_number(text);
    if (!number) {
        core::log::warning("Tracked file {}: the number does not fit, the one before stays in force", path);
        return;
    }
    for (const std::uint32_t check : checks_[path]) {
        report_(check, judge(*std::get<core::Boxed<FileCheck>>(config_->checks[check].identity.kind), *number));
    }
}

}  // namespace sustain::checker
