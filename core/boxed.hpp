// A value that few objects of a kind have: it lives on the heap, so that the others pay for a pointer only. Copied and
// compared by value.
#pragma once

#include <memory>
#include <utility>

namespace sustain::core {

template <typename T>
class Boxed {
public:
    Boxed() = default;
    explicit Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}
    Boxed(const Boxed& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(const Boxed& other) { return *this = Boxed(other); }
    Boxed& operator=(Boxed&&) noexcept = default;
    ~Boxed() = default;

    [[nodiscard]] explicit operator bool() const { return value_ != nullptr; }
    [[nodiscard]] bool has_value() const { return value_ != nullptr; }
    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] T* operator->() { return value_.get(); }
    [[nodiscard]] const T* operator->() const { return value_.get(); }
    /// The value, made with its defaults if there is none yet.
    T& make() {
        if (!value_) {
            value_ = std::make_unique<T>();
        }
        return *value_;
    }
    void reset() { value_.reset(); }

    bool operator==(const Boxed& other) const {
        return value_ && other.value_ ? *value_ == *other.value_ : !value_ && !other.value_;
    }

private:
    std::unique_ptr<T> value_;
};

}  // namespace sustain::core
