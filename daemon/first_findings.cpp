#include "daemon/first_findings.hpp"

#include <string>
#include <unordered_map>

#include "checker/file_check.hpp"
#include "checker/kind_of.hpp"
#include "core/small_file.hpp"
#include "core/track_number.hpp"

namespace sustain::daemon {

ipvs::Config with_first_findings(ipvs::Config config, const checker::Config& checks) {
    std::unordered_map<std::string, std::optional<std::int32_t>> numbers;  // by path
    const auto number_in = [&](const std::string& path) {
        const auto [entry, is_new] = numbers.try_emplace(path);
        if (is_new) {
            entry->second = core::parse_track_number(core::read_small_file(path).value_or(std::string()));
        }
        return entry->second;
    };
    for (ipvs::VirtualServer& virtual_server : config.virtual_servers) {
        for (ipvs::RealServer& server : virtual_server.real_servers) {
            for (ipvs::Check& check : server.checks) {
                const auto* const file =
                    checker::get_boxed<checker::FileCheck>(checks.checks[check.number].identity.kind);
                const auto number = file ? number_in(file->path) : std::nullopt;
                if (!number) {
                    continue;
                }
                const checker::Attempt finding = checker::judge(*file, *number);
                check.failed = finding.outcome == checker::Outcome::failure;
                check.contribution = check.failed ? 0 : finding.weight.value_or(0);
            }
        }
    }
    return config;
}

}  // namespace sustain::daemon
