// What kind of check this is, wherever it is kept.
#pragma once

#include <variant>

#include "checker/config.hpp"

namespace sustain::checker {

/// Null if it is another kind. For those that live on the heap (Kind).
template <typename T>
[[nodiscard]] const T* get_boxed(const Kind& kind) {
    const auto* const boxed = std::get_if<core::Boxed<T>>(&kind);
    return boxed != nullptr ? &**boxed : nullptr;
}

template <typename T>
[[nodiscard]] bool is_boxed(const Check& check) {
    return std::holds_alternative<core::Boxed<T>>(check.identity.kind);
}

}  // namespace sustain::checker
