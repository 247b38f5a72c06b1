// A password or key: it can be compared and used, but not formatted, so it cannot end up in a log or a dump.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sustain::core {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    /// The secret itself. Every call is a place to look at in a review.
    [[nodiscard]] std::string_view reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }
    bool operator==(const Secret&) const = default;

private:
    std::string value_;
};

}  // namespace sustain::core
