// Decides who is told what about VRRP: from the messages of the VRRP child to notify scripts, FIFO lines and mails
// (spec/outputs.md 5 to 7). It has no I/O. The child says only numbers; names, scripts and whether anybody wants to
// know come from the configuration.
//
// What is told are changes against what was told last, so that a child that is replaced after a crash and goes on where
// the old one was, or one that reports everything anew after a reload, causes no notification.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "core/config.hpp"
#include "core/message.hpp"
#include "daemon/notice.hpp"
#include "vrrp/config.hpp"

namespace sustain::daemon {

class VrrpNotices {
public:
    using Tell = std::function<void(Notice)>;

    explicit VrrpNotices(Tell tell);
    ~VrrpNotices();
    VrrpNotices(const VrrpNotices&) = delete;
    VrrpNotices& operator=(const VrrpNotices&) = delete;

    /// A configuration that a child is going to have: its numbers are understood from its first message about it, which
    /// also ends the one before. Instances that are gone are told of then.
    void configure(core::Generation generation, const vrrp::Config& config, const core::GlobalConfig& global);

    void take(const core::message::InstanceState& report);
    void take(const core::message::GroupState& report);
    void take(const core::message::PriorityChanged& report);
    void take(const core::message::LowerPriorityHeard& report);
    /// All states of this generation have been reported.
    void take(const core::message::Ready& report);

    /// The child has ended in an orderly way: STOP for everything. `for_good`: so does the daemon.
    void stopped(bool for_good);

private:
    struct Object;  // an instance or a group
    struct Book;    // what is known of one configuration
    enum class What : std::uint8_t { instance, group };

    /// Whether a message of this generation is about the present book, which it may have opened.
    [[nodiscard]] bool opens(core::Generation generation);
    void change_over();
    void enter(What what, Object& object, vrrp::State state);
    void tell(What what, Object& object, std::string_view state, core::CommandNumber script, bool at_stop = false);
    void tell_line(What what, const Object& object, std::string_view word);
    void tell_priority(const Object& instance);
    [[nodiscard]] std::optional<core::Command> command(core::CommandNumber number) const;

    Tell tell_;
    std::unique_ptr<Book> book_;  ///< of the configuration in force; empty before the first one
    std::unique_ptr<Book> next_;  ///< of one that the child has not spoken of yet
    bool repeat_ = false;         ///< the FIFO is to have all states once Ready comes
};

}  // namespace sustain::daemon
