#include "daemon/diagnostics.hpp"

#include "core/log.hpp"

namespace sustain::daemon {

parser::Options loader_options(const Options& options) {
    return {.file = options.config_file,
            .config_id = options.config_id,
            .all_required = options.all_config_required,
            .strict = false,
            .keep_text = true};
}

void log_diagnostics(const parser::Outcome& outcome) {
    for (const parser::Diagnostic& diagnostic : outcome.diagnostics) {
        std::string line = parser::headline(diagnostic);
        if (!diagnostic.hint.empty()) {
            line += fmt::format(" ({})", diagnostic.hint);
        }
        core::log::write(diagnostic.severity == parser::Severity::notice ? LOG_INFO : LOG_WARNING, line);
    }
}

std::optional<int> fatal_status(const parser::Outcome& outcome, const Parts& parts) {
    if (outcome.parent_fatal) {
        return outcome.parent_fatal;
    }
    if (parts.vrrp && outcome.vrrp_fatal) {
        return outcome.vrrp_fatal;
    }
    return parts.checker ? outcome.checker_fatal : std::nullopt;
}

}  // namespace sustain::daemon
