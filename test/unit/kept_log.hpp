// The log of one test case.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/log.hpp"

namespace sustain::test {

/// Keeps what is logged while it exists, and nobody else gets it.
class KeptLog {
public:
    KeptLog() {
        core::log::clear_sinks();
        core::log::add_sink(std::make_unique<Sink>(lines));
    }
    KeptLog(const KeptLog&) = delete;
    KeptLog& operator=(const KeptLog&) = delete;
    ~KeptLog() { core::log::clear_sinks(); }

    std::vector<std::string> lines;

private:
    class Sink : public core::LogSink {
    public:
        explicit Sink(std::vector<std::string>& lines) : lines_(lines) {}
        void write(int /*priority*/, std::string_view line) noexcept override { lines_.emplace_back(line); }

    private:
        std::vector<std::string>& lines_;
    };
};

}  // namespace sustain::test
