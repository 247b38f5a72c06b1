// Which processes of the machine count for vrrp_track_process, and whether their numbers are as wanted (spec/vrrp.md
// 8.5). It is told what the kernel says (fork, exec, another name, exit) and what a look at /proc finds; it knows
// neither the kernel nor a clock. Only processes that count are remembered, so that a storm of others costs nothing.
//
// A change of the number that a fork brings about counts after fork_delay, one by an end after terminate_delay, unless
// it has been undone by then; an exec counts at once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"
#include "vrrp/action.hpp"
#include "vrrp/config/track_objects.hpp"

namespace sustain::vrrp {

/// What /proc says of a process.
struct ProcessFacts {
    std::string name;          ///< at most 15 octets
    std::string command_line;  ///< arguments, each ended by a NUL

    bool operator==(const ProcessFacts&) const = default;
};

/// The name in the text of /proc/PID/stat: between the first '(' and the last ')', both of which it may contain itself.
[[nodiscard]] std::string_view name_in_stat(std::string_view stat);

/// Whether a process is one of those that are meant.
[[nodiscard]] bool matches(const TrackProcess& wanted, const ProcessFacts& facts);

class ProcessTable {
public:
    /// The index of a vrrp_track_process in the configuration.
    using Number = std::uint32_t;

    /// Takes over the processes to be tracked; everything is forgotten, so a scan has to follow.
    void configure(std::vector<TrackProcess> tracked);
    [[nodiscard]] const std::vector<TrackProcess>& tracked() const { return tracked_; }
    /// Whether the command line is of interest at all.
    [[nodiscard]] bool wants_command_lines() const { return wants_command_lines_; }

    // --- What the kernel says ---

    /// The new process is, for the time being, what its parent is.
    void forked(pid_t parent, pid_t child, core::TimePoint now, Actions& lines);
    /// It has executed a program or changed its name; these are the new facts.
    void changed(pid_t pid, const ProcessFacts& facts, core::TimePoint now, Actions& lines);
    void ended(pid_t pid, core::TimePoint now, Actions& lines);

    // --- A look at all processes, at start and after messages of the kernel have been lost. It may take its time: what
    //     the kernel says meanwhile is taken into account. ---

    void begin_scan();
    void found(pid_t pid, const ProcessFacts& facts);
    /// Those that have neither been found nor spoken of are gone. Delays do not apply. Nothing is logged of the first
    /// scan of a configuration.
    void end_scan(core::TimePoint now, Actions& lines);

    // --- Delays ---

    [[nodiscard]] std::optional<core::TimePoint> deadline() const;
    void expire(core::TimePoint now, Actions& lines);

    // --- Results ---

    [[nodiscard]] unsigned count(Number number) const { return states_[number].count; }
    [[nodiscard]] bool up(Number number) const { return states_[number].up; }
    /// Whether the results are of the present configuration: its first scan has ended.
    [[nodiscard]] bool scanned() const { return !first_scan_; }
    /// Processes that count for something.
    [[nodiscard]] std::size_t size() const { return processes_.size(); }

private:
    enum class Cause : std::uint8_t { fork, exec, end };
    struct State {
        unsigned count = 0;
        bool up = false;
        std::optional<core::TimePoint> due{};  ///< when a change that is delayed counts
    };
    struct Process {
        std::vector<Number> counts_for;
        std::uint64_t seen = 0;  ///< the last scan that it has been found by, or spoken of during
    };

    [[nodiscard]] std::vector<Number> counts_for(const ProcessFacts& facts) const;
    [[nodiscard]] bool wanted_state(Number number) const;
    void add(pid_t pid, std::vector<Number> counts_for);
    void remove(std::unordered_map<pid_t, Process>::iterator process);
    void judge(Number number, Cause cause, core::TimePoint now, Actions& lines);
    void settle(Number number, Actions* lines);

    std::vector<TrackProcess> tracked_;
    std::vector<State> states_;
    std::unordered_map<pid_t, Process> processes_;
    std::unordered_map<pid_t, std::uint64_t> ended_during_scan_;
    std::uint64_t scan_ = 0;
    bool scanning_ = false;
    bool first_scan_ = true;
    bool wants_command_lines_ = false;
};

}  // namespace sustain::vrrp
