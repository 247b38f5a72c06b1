// Lets coroutines use one thing one after another, in the order in which they asked.
#pragma once

#include <deque>
#include <memory>

#include "core/loop.hpp"

namespace sustain::netlink {

class Turns {
public:
    explicit Turns(core::Loop& loop) : loop_(loop) {}

    /// Being at it; ends with the object. May outlive Turns (a loop that is torn down destroys in any order).
    class Turn {
    public:
        Turn(Turn&&) = default;
        Turn& operator=(Turn&&) = delete;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn();

    private:
        friend Turns;
        struct Line {
            bool taken = false;
            std::deque<std::shared_ptr<core::Timer>> waiting;
        };
        explicit Turn(std::shared_ptr<Line> line) : line_(std::move(line)) {}
        std::shared_ptr<Line> line_;
    };

    [[nodiscard]] core::Awaitable<Turn> next();

private:
    core::Loop& loop_;
    std::shared_ptr<Turn::Line> line_ = std::make_shared<Turn::Line>();
};

}  // namespace sustain::netlink
