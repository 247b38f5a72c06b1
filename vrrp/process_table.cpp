#include "vrrp/process_table.hpp"

#include <algorithm>

#include "vrrp/log_action.hpp"

namespace sustain::vrrp {

namespace {

constexpr std::size_t kLongestName = 15;  // TASK_COMM_LEN without its NUL

std::vector<std::string_view> arguments_of(std::string_view command_line) {
    std::vector<std::string_view> arguments;
    while (!command_line.empty()) {
        const auto end = std::min(command_line.find('\0'), command_line.size());
        arguments.push_back(command_line.substr(0, end));
        command_line.remove_prefix(std::min(end + 1, command_line.size()));
    }
    return arguments;
}

bool parameters_match(const TrackProcess& wanted, const std::vector<std::string_view>& arguments) {
    const std::size_t given = arguments.size() - 1;  // without the program
    const std::size_t count = wanted.parameters.size();
    if (wanted.match == ParameterMatch::none) {
        return true;
    }
    if (given < count || (wanted.match == ParameterMatch::exact && given != count)) {
        return false;
    }
    for (std::size_t i = 0; i < count; ++i) {
        const bool beginning = wanted.match == ParameterMatch::partial && i + 1 == count;
        const std::string_view argument = arguments[i + 1];
        if (beginning ? !argument.starts_with(wanted.parameters[i]) : argument != wanted.parameters[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::string_view name_in_stat(std::string_view stat) {
    const auto begin = stat.find('(');
    const auto end = stat.rfind(')');
    if (begin == std::string_view::npos || end == std::string_view::npos || end <= begin) {
        return {};
    }
    return stat.substr(begin + 1, end - begin - 1);
}

bool matches(const TrackProcess& wanted, const ProcessFacts& facts) {
    if (!wanted.full_command) {
        return facts.name == std::string_view(wanted.process).substr(0, kLongestName);
    }
    const auto arguments = arguments_of(facts.command_line);
    return !arguments.empty() && arguments.front() == wanted.process && parameters_match(wanted, arguments);
}

void ProcessTable::configure(std::vector<TrackProcess> tracked) {
    tracked_ = std::move(tracked);
    states_.assign(tracked_.size(), {});
    processes_.clear();
    wants_command_lines_ = std::ranges::any_of(tracked_, &TrackProcess::full_command);
    first_scan_ = true;
}

// --- Processes ---

std::vector<ProcessTable::Number> ProcessTable::counts_for(const ProcessFacts& facts) const {
    std::vector<Number> numbers;
    for (Number number = 0; number < tracked_.size(); ++number) {
        if (matches(tracked_[number], facts)) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

void ProcessTable::add(pid_t pid, std::vector<Number> counts_for) {
    for (const Number number : counts_for) {
        ++states_[number].count;
    }
    processes_.insert_or_assign(pid, Process{std::move(counts_for), scan_});
}

void ProcessTable::remove(std::unordered_map<pid_t, Process>::iterator process) {
    for (const Number number : process->second.counts_for) {
        --states_[number].count;
    }
    processes_.erase(process);
}

void ProcessTable::forked(pid_t parent, pid_t child, core::TimePoint now, Actions& lines) {
    if (scanning_) {
        ended_during_scan_.erase(child);  // the number has come into use again
    }
    const auto known = processes_.find(parent);
    if (known == processes_.end()) {
        return;
    }
    const std::vector<Number> numbers = known->second.counts_for;
    if (const auto stale = processes_.find(child); stale != processes_.end()) {
        remove(stale);
    }
    add(child, numbers);
    for (const Number number : numbers) {
        judge(number, Cause::fork, now, lines);
    }
}

void ProcessTable::changed(pid_t pid, const ProcessFacts& facts, core::TimePoint now, Actions& lines) {
    std::vector<Number> numbers = counts_for(facts);
    std::vector<Number> concerned = numbers;
    if (const auto known = processes_.find(pid); known != processes_.end()) {
        if (known->second.counts_for == numbers) {
            known->second.seen = scan_;
            return;
        }
        std::ranges::copy(known->second.counts_for, std::back_inserter(concerned));
        remove(known);
    }
    if (!numbers.empty()) {
        add(pid, std::move(numbers));
    }
    for (const Number number : concerned) {
        judge(number, Cause::exec, now, lines);
    }
}

void ProcessTable::ended(pid_t pid, core::TimePoint now, Actions& lines) {
    if (scanning_) {
        ended_during_scan_[pid] = scan_;
    }
    const auto known = processes_.find(pid);
    if (known == processes_.end()) {
        return;
    }
    const std::vector<Number> numbers = known->second.counts_for;
    remove(known);
    for (const Number number : numbers) {
        judge(number, Cause::end, now, lines);
    }
}

// --- Scans ---

void ProcessTable::begin_scan() {
    ++scan_;
    scanning_ = true;
    ended_during_scan_.clear();
}

void ProcessTable::found(pid_t pid, const ProcessFacts& facts) {
    if (ended_during_scan_.contains(pid)) {
        return;
    }
    if (const auto known = processes_.find(pid); known != processes_.end()) {
        if (known->second.seen == scan_) {
            return;  // the kernel has said something newer about it
        }
        remove(known);
    }
    if (std::vector<Number> numbers = counts_for(facts); !numbers.empty()) {
        add(pid, std::move(numbers));
    }
}

void ProcessTable::end_scan(core::TimePoint, Actions& lines) {
    scanning_ = false;
    ended_during_scan_.clear();
    for (auto process = processes_.begin(); process != processes_.end();) {
        const auto next = std::next(process);
        if (process->second.seen != scan_) {
            remove(process);
        }
        process = next;
    }
    for (Number number = 0; number < states_.size(); ++number) {
        settle(number, first_scan_ ? nullptr : &lines);
    }
    first_scan_ = false;
}

// --- Verdicts ---

bool ProcessTable::wanted_state(Number number) const {
    const TrackProcess& wanted = tracked_[number];
    const unsigned count = states_[number].count;
    return count >= wanted.quorum && (!wanted.quorum_max || count <= *wanted.quorum_max);
}

void ProcessTable::judge(Number number, Cause cause, core::TimePoint now, Actions& lines) {
    State& state = states_[number];
    if (first_scan_) {
        return;  // end_scan() does it
    }
    if (wanted_state(number) == state.up) {
        state.due.reset();
        return;
    }
    const TrackProcess& wanted = tracked_[number];
    const core::Duration delay = cause == Cause::fork  ? wanted.fork_delay
                                 : cause == Cause::end ? wanted.terminate_delay
                                                       : core::Duration::zero();
    if (delay == core::Duration::zero()) {
        settle(number, &lines);
    } else if (!state.due) {
        state.due = now + delay;
    }
}

void ProcessTable::settle(Number number, Actions* lines) {
    State& state = states_[number];
    state.due.reset();
    const bool up = wanted_state(number);
    if (up != state.up && lines != nullptr) {
        log(*lines, "Quorum {} for tracked process {}", up ? "gained" : "lost", tracked_[number].name);
    }
    state.up = up;
}

std::optional<core::TimePoint> ProcessTable::deadline() const {
    std::optional<core::TimePoint> first;
    for (const State& state : states_) {
        if (state.due && (!first || *state.due < *first)) {
            first = state.due;
        }
    }
    return first;
}

void ProcessTable::expire(core::TimePoint now, Actions& lines) {
    for (Number number = 0; number < states_.size(); ++number) {
        if (states_[number].due && *states_[number].due <= now) {
            settle(number, &lines);
        }
    }
}

}  // namespace sustain::vrrp
