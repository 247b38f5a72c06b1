#include "core/log.hpp"

#include <cstring>
#include <vector>

namespace sustain::core {

Error system_error(std::string attempt, int code) {
    attempt += ": ";
    attempt += std::strerror(code);
    return {std::move(attempt), code};
}

namespace log {

namespace {

struct Logger {
    std::vector<std::unique_ptr<LogSink>> sinks;
    int detail = 0;
};

Logger& logger() {
    static Logger instance;
    return instance;
}

std::string without_control_characters(std::string_view line) {
    std::string clean(line);
    for (char& character : clean) {
        if (static_cast<unsigned char>(character) < 0x20 && character != '\t') {
            character = ' ';
        }
    }
    return clean;
}

}  // namespace

void add_sink(std::unique_ptr<LogSink> sink) {
    logger().sinks.push_back(std::move(sink));
}
void clear_sinks() {
    logger().sinks.clear();
}
void set_detail(int level) {
    logger().detail = level;
}
int detail_level() {
    return logger().detail;
}

void write(int priority, std::string_view line) noexcept try {
    const std::string clean = without_control_characters(line);
    for (const auto& sink : logger().sinks) {
        sink->write(priority, clean);
    }
} catch (...) {
    // Out of memory while logging: the line is lost, the daemon goes on.
}

}  // namespace log

void log_escaped_exception(std::string_view name, const std::exception_ptr& escaped) noexcept try {
    std::rethrow_exception(escaped);
} catch (const std::exception& exception) {
    log::error("internal error in {}: {}", name, exception.what());
} catch (...) {
    log::error("internal error in {}", name);
}

}  // namespace sustain::core
