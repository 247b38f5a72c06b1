// What the parent and its children say to each other over a Channel. Every message that is about the configuration
// carries the generation it speaks of, so that a word about the configuration before a reload is recognised as late.
// A child is not trusted: decode() accepts exactly what encode() makes and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/command.hpp"

namespace sustain::core {

/// Counts configurations: 1 is the one that the process was started with.
using Generation = std::uint32_t;

namespace message {

/// Child: the configuration of this generation is in force.
struct Ready {
    Generation generation = 0;
    bool operator==(const Ready&) const = default;
};

/// Parent: end in an orderly way (release addresses, say goodbye), then exit with status 0.
struct Stop {
    bool operator==(const Stop&) const = default;
};

/// Parent: here is a new configuration, as a sealed memfd with the child's slice of the expanded text.
struct Reload {
    Generation generation = 0;
    bool operator==(const Reload&) const = default;
};

/// Checker: the verdict about check number `check` (its index in checker::Config) is now `up`.
/// Sent for the first result of every check and for every change.
struct Verdict {
    static constexpr std::size_t kLongestReason = 255;

    Generation generation = 0;
    std::uint32_t check = 0;
    bool up = false;
    std::string reason = {};  ///< of a failure, for people; what is too long is cut. May quote what a server said
    bool operator==(const Verdict&) const = default;
};

/// Checker: what check number `check` adds to the weight that its real server has in the configuration is now `weight`.
/// Sent before the Verdict of the same result. A check that never sent one adds nothing, one that fails nothing either.
struct Weight {
    Generation generation = 0;
    std::uint32_t check = 0;
    std::int32_t weight = 0;
    bool operator==(const Weight&) const = default;
};

/// Checker: it is at work on this generation. Sent every second; without it for a while, the checker is frozen.
struct Alive {
    Generation generation = 0;
    bool operator==(const Alive&) const = default;
};

/// Checker: the last result of check number `check` is older than it can be if the check is made as it should (or is
/// not so any more).
struct Overdue {
    Generation generation = 0;
    std::uint32_t check = 0;
    bool overdue = false;
    bool operator==(const Overdue&) const = default;
};

/// Parent: check number `check` is to be made no more until it is said otherwise (ha_suspend): it keeps its verdict,
/// and says nothing. A reload begins with all of them in force, but those of an equal check before.
struct Suspend {
    Generation generation = 0;
    std::uint32_t check = 0;
    bool suspended = false;
    bool operator==(const Suspend&) const = default;
};

/// VRRP: instance number `instance` (its index in vrrp::Config) entered `state` (0 init, 1 backup, 2 master, 3 fault),
/// in which its effective priority is `priority`.
struct InstanceState {
    Generation generation = 0;
    std::uint32_t instance = 0;
    std::uint8_t state = 0;
    std::uint8_t priority = 0;
    bool operator==(const InstanceState&) const = default;
};

/// VRRP: sync group number `group` (its index in vrrp::Config) entered `state`; its members have said so before.
struct GroupState {
    Generation generation = 0;
    std::uint32_t group = 0;
    std::uint8_t state = 0;
    bool operator==(const GroupState&) const = default;
};

/// VRRP: the effective priority of the instance has changed.
struct PriorityChanged {
    Generation generation = 0;
    std::uint32_t instance = 0;
    std::uint8_t priority = 0;
    bool operator==(const PriorityChanged&) const = default;
};

/// VRRP: the instance, being MASTER, heard an advert that loses against its own.
struct LowerPriorityHeard {
    Generation generation = 0;
    std::uint32_t instance = 0;
    bool operator==(const LowerPriorityHeard&) const = default;
};

/// Parent: send this to everybody who is to be told. What is too long is cut.
struct Mail {
    static constexpr std::size_t kLongestSubject = 255;
    static constexpr std::size_t kLongestBody = 511;

    std::uint64_t time = 0;  ///< of the event, seconds since 1970
    std::string subject;
    std::string body;
    bool operator==(const Mail&) const = default;
};

/// Child: run command number `command` of this generation. The number is an index of the child's configuration: VRRP's
/// of vrrp::Config::track_scripts, the checker's of checker::Config::checks. `request` is the child's name for this
/// run. The answer is a CommandEnded, sooner or later.
struct RunCommand {
    Generation generation = 0;
    std::uint32_t request = 0;
    std::uint32_t command = 0;
    bool operator==(const RunCommand&) const = default;
};

/// Parent: what `request` asked for has ended, or was refused (how: not_run): wrong number, another generation than the
/// one in force, a run of the same command that has not ended, a request that is in use.
struct CommandEnded {
    Generation generation = 0;  ///< of the request
    std::uint32_t request = 0;
    CommandStatus status;
    bool operator==(const CommandEnded&) const = default;
};

/// Child: the result of `request` is not wanted any more: end it, with SIGTERM and then by force. It is still answered.
struct EndCommand {
    std::uint32_t request = 0;
    bool operator==(const EndCommand&) const = default;
};

}  // namespace message

using Message = std::variant<message::Ready, message::Stop, message::Reload, message::Verdict, message::InstanceState,
                             message::GroupState, message::RunCommand, message::CommandEnded, message::EndCommand,
                             message::Weight, message::Alive, message::Overdue, message::Suspend,
                             message::PriorityChanged, message::LowerPriorityHeard, message::Mail>;

/// The largest encoded message, in octets.
constexpr std::size_t kLargestMessage = 1024;

[[nodiscard]] std::vector<std::uint8_t> encode(const Message& message);
/// Nothing if the octets are not exactly one well-formed message.
[[nodiscard]] std::optional<Message> decode(std::span<const std::uint8_t> octets);

}  // namespace sustain::core
