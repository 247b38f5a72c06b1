#include "daemon/log_setup.hpp"

#include "core/log.hpp"
#include "core/log_sink.hpp"

namespace sustain::daemon {

void open_log(const Options& options, std::string ident) {
    core::log::clear_sinks();
    core::log::set_detail(options.log_detail);
    if (options.log_to_syslog) {
        core::log::add_sink(core::make_syslog_sink(std::move(ident), options.log_facility));
    }
    if (options.log_to_console && options.foreground) {
        core::log::add_sink(core::make_console_sink());
    }
}

}  // namespace sustain::daemon
