#include "vrrp/trackers.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "core/track_number.hpp"
#include "core/unique_fd.hpp"

namespace sustain::vrrp {

namespace {

using Known = TrackedStatus::Known;

/// Of each name, the first definition counts.
template <typename Object>
std::map<std::string, std::uint32_t> numbers_of(const std::vector<Object>& objects) {
    std::map<std::string, std::uint32_t> numbers;
    for (std::uint32_t number = 0; number < objects.size(); ++number) {
        numbers.emplace(objects[number].name, number);
    }
    return numbers;
}

/// `</FILE`: whether it can be opened, as an exit status.
core::CommandStatus test_file(const std::string& path) {
    const core::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    return {.how = core::CommandStatus::How::exited, .code = fd ? std::uint8_t{0} : static_cast<std::uint8_t>(errno)};
}

}  // namespace

Trackers::Trackers(core::Loop& loop, const netlink::LinkTable& links, core::Channel& parent, ChangeHandler changed,
                   InterfaceFilter logged_elsewhere)
    : loop_(loop),
      links_(links),
      parent_(parent),
      changed_(std::move(changed)),
      logged_elsewhere_(std::move(logged_elsewhere)),
      schedule_(loop, [this] { run_due(); }),
      watcher_(loop),
      interface_schedule_(loop, [this] { run_due_interfaces(); }),
      process_timer_(loop) {}

void Trackers::configure(const Config& config, const CommonSettings& common, core::Generation generation) {
    Actions lines;
    generation_ = generation;
    configuring_ = true;
    board_.configure(config);
    configure_scripts(config, lines);
    configure_files(common.track_files);
    configure_processes(config, common);
    configure_interfaces(config);
    configuring_ = false;
    write(lines);
}

// --- Scripts ---

void Trackers::configure_scripts(const Config& config, Actions& lines) {
    const core::TimePoint now = core::now();
    const auto numbers = numbers_of(config.track_scripts);
    const auto wanted = [&](const std::string& name) {
        return numbers.contains(name) && board_.is_tracked(Tracked::script, name);
    };
    for (auto entry = scripts_.begin(); entry != scripts_.end();) {
        if (wanted(entry->first)) {
            ++entry;
            continue;
        }
        for (const auto& [request, name] : requests_) {
            if (name == entry->first) {
                parent_.send(core::message::EndCommand{request});
            }
        }
        std::erase_if(requests_, [&](const auto& request) { return request.second == entry->first; });
        schedule_.set(entry->second.get(), std::nullopt);
        board_.forget(Tracked::script, entry->first);
        entry = scripts_.erase(entry);
    }
    for (const auto& [name, number] : numbers) {
        const TrackScript& script = config.track_scripts[number];
        if (!wanted(name)) {
            if (script.command.usable() || !script.file.empty()) {
                core::log::info("Warning - script {} is not used", name);
            }
            continue;
        }
        auto& kept = scripts_[name];
        if (kept) {
            kept->tracker.reconfigure(script, now, lines);
        } else {
            kept = std::make_unique<Script>(script, now);
        }
        kept->number = number;
        set(Tracked::script, name, kept->tracker.status());
        schedule_.set(kept.get(), kept->tracker.deadline());
    }
}

void Trackers::run_due() {
    const core::TimePoint now = core::now();
    while (const auto due = schedule_.next_due(now)) {
        Script& script = **due;
        Actions lines;
        const bool runs = script.tracker.expire(now, lines);
        schedule_.set(&script, script.tracker.deadline());
        write(lines);
        if (runs) {
            run(script.tracker.config().name, script);
        }
    }
}

void Trackers::run(const std::string& name, Script& script) {
    if (const std::string& file = script.tracker.config().file; !file.empty()) {
        Actions lines;
        script.tracker.ended(test_file(file), core::now(), lines);
        write(lines);
        result(name, script);
        return;
    }
    requests_.emplace(++last_request_, name);
    parent_.send(core::message::RunCommand{generation_, last_request_, script.number});
}

void Trackers::take(const core::message::CommandEnded& answer) {
    const auto request = requests_.find(answer.request);
    if (request == requests_.end()) {
        return;  // of a script that is not tracked any more
    }
    const std::string name = std::move(request->second);
    requests_.erase(request);
    Script& script = *scripts_.at(name);
    Actions lines;
    script.tracker.ended(answer.status, core::now(), lines);
    write(lines);
    schedule_.set(&script, script.tracker.deadline());
    result(name, script);
}

void Trackers::result(const std::string& name, Script& script) {
    set(Tracked::script, name, script.tracker.status());
}

// --- Files ---

void Trackers::configure_files(const std::vector<core::TrackFile>& files) {
    const auto numbers = numbers_of(files);
    const auto wanted = [&](const std::string& name, const File& file) {
        const auto found = numbers.find(name);
        return found != numbers.end() && board_.is_tracked(Tracked::file, name) &&
               files[found->second].path == file.path;
    };
    for (auto entry = files_.begin(); entry != files_.end();) {
        if (wanted(entry->first, entry->second)) {
            ++entry;
            continue;
        }
        watcher_.remove(entry->second.watch);
        board_.forget(Tracked::file, entry->first);
        entry = files_.erase(entry);
    }
    for (const auto& [name, number] : numbers) {
        if (board_.is_tracked(Tracked::file, name) && !files_.contains(name)) {
            const std::string path = files[number].path;
            File& file = files_[name];
            file.path = path;
            file.watch = watcher_.add(
                path, [this, name = name, path](const std::string& text) { file_changed(name, path, text); });
        }
    }
}

void Trackers::file_changed(const std::string& name, const std::string& path, const std::string& text) {
    if (const auto number = core::parse_track_number(text)) {
        set(Tracked::file, name, {.known = Known::number, .number = *number});
    } else {
        core::log::info("Invalid number {} read from {} - ignoring", text.substr(0, text.find_first_of(" \t\n\r")),
                        path);
    }
}

// --- Neighbours ---

void Trackers::neighbor_changed(const std::string& name, bool up) {
    set(Tracked::bfd, name, {.known = up ? Known::up : Known::down});
}

// --- What all have in common ---

void Trackers::set(Tracked kind, const std::string& name, const TrackedStatus& status) {
    std::vector<TrackBoard::Index> changed;
    Actions lines;
    board_.set(kind, name, status, changed, lines);
    if (configuring_) {
        return;
    }
    write(lines);
    for (const TrackBoard::Index router : changed) {
        changed_(router, board_.tracking(router));
    }
}

void Trackers::write(const Actions& lines) {
    for (const Action& action : lines) {
        const auto& line = std::get<action::Log>(action);
        if (!line.detail || core::log::detail_level() > 0) {
            core::log::write(line.priority, line.text);
        }
    }
}

}  // namespace sustain::vrrp
