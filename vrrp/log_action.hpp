// Writing log lines as actions, for the state machine's own use.
#pragma once

#include <fmt/format.h>
#include <syslog.h>

#include <utility>

#include "vrrp/action.hpp"

namespace sustain::vrrp {

template <typename... Args>
void log(Actions& actions, fmt::format_string<Args...> format, Args&&... args) {
    actions.emplace_back(action::Log{LOG_INFO, false, fmt::format(format, std::forward<Args>(args)...)});
}

/// A line that only appears with -D.
template <typename... Args>
void detail(Actions& actions, fmt::format_string<Args...> format, Args&&... args) {
    actions.emplace_back(action::Log{LOG_INFO, true, fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace sustain::vrrp
