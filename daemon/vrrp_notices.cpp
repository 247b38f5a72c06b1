#include "daemon/vrrp_notices.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "vrrp/routers.hpp"

namespace sustain::daemon {

namespace {

using vrrp::State;

constexpr std::string_view kStop = "STOP";
constexpr std::string_view kDeleted = "DELETED";
constexpr std::string_view kFault = "FAULT";

std::string_view word_for(State state) {
    switch (state) {
        case State::backup: return "BACKUP";
        case State::master: return "MASTER";
        case State::fault: return kFault;
        case State::init: break;
    }
    return {};
}

std::optional<State> state_from(std::uint8_t number) {
    return number <= static_cast<std::uint8_t>(State::fault) ? std::optional(static_cast<State>(number)) : std::nullopt;
}

}  // namespace

struct VrrpNotices::Object {
    std::string name;
    vrrp::NotifyScripts scripts;
    core::CommandNumber lower_priority_script = core::kNoCommand;
    core::CommandNumber deleted_script = core::kNoCommand;
    bool mails = false;
    bool tells_priority = false;
    bool says_deleted = false;
    std::uint8_t priority = 0;  // as last reported; 0 of groups
    std::optional<State> state;
    std::string_view told;    // the last state that was told of
    std::string_view mailed;  // the last one that was mailed, since the last reload
    bool fresh = false;       // told since the last reload
};

struct VrrpNotices::Book {
    core::Generation generation = 0;
    std::vector<Object> instances;
    std::vector<vrrp::Identity> identities;  // of the instances
    std::vector<Object> groups;
    std::vector<core::Command> commands;
    bool no_fault_mails = false;
    bool repeats_states = false;  // fifo_write_vrrp_states_on_reload
};

VrrpNotices::VrrpNotices(Tell tell) : tell_(std::move(tell)) {}

VrrpNotices::~VrrpNotices() = default;

void VrrpNotices::configure(core::Generation generation, const vrrp::Config& config, const core::GlobalConfig& global) {
    auto book = std::make_unique<Book>();
    book->generation = generation;
    book->commands = config.scripts;
    book->no_fault_mails = global.mail.no_fault_mails;
    book->repeats_states = global.fifos.write_vrrp_states_on_reload;
    for (const vrrp::Instance& instance : config.instances) {
        Object& object = book->instances.emplace_back();
        object.name = instance.name;
        object.scripts = instance.scripts;
        object.mails = instance.smtp_alert;
        object.tells_priority = instance.notify_priority_changes;
        object.says_deleted = instance.notify_deleted;
        object.priority = instance.priority;
        if (instance.rare) {
            object.lower_priority_script = instance.rare->lower_priority_script;
            object.deleted_script = instance.rare->deleted_script;
        }
        book->identities.emplace_back(instance);
    }
    for (const vrrp::SyncGroup& group : config.sync_groups) {
        Object& object = book->groups.emplace_back();
        object.name = group.name;
        object.scripts = group.scripts;
        object.mails =
            group.smtp_alert.value_or(config.defaults.smtp_alert.value_or(global.mail.alert.value_or(false)));
    }
    (book_ ? next_ : book_) = std::move(book);
}

bool VrrpNotices::opens(core::Generation generation) {
    if (next_ && next_->generation == generation) {
        change_over();
    }
    return book_ && book_->generation == generation;
}

void VrrpNotices::change_over() {
    std::map<vrrp::Identity, std::size_t> known;
    for (std::size_t index = 0; index < book_->identities.size(); ++index) {
        known.emplace(book_->identities[index], index);
    }
    std::vector<bool> continues(book_->instances.size());
    for (std::size_t index = 0; index < next_->instances.size(); ++index) {
        if (const auto old = known.find(next_->identities[index]); old != known.end()) {
            const Object& before = book_->instances[old->second];
            Object& object = next_->instances[index];
            continues[old->second] = true;
            object.state = before.state;
            object.told = before.told;
            object.priority = before.priority;
        }
    }
    for (std::size_t index = 0; index < book_->instances.size(); ++index) {
        Object& instance = book_->instances[index];
        if (continues[index] || instance.told.empty() || instance.told == kStop) {
            continue;
        }
        if (instance.says_deleted) {
            tell(What::instance, instance, kDeleted, instance.deleted_script);
        } else {
            tell(What::instance, instance, kFault, instance.scripts.fault);
        }
    }
    std::map<std::string_view, const Object*> groups;
    for (const Object& group : book_->groups) {
        groups.emplace(group.name, &group);
    }
    for (Object& group : next_->groups) {
        if (const auto old = groups.find(group.name); old != groups.end()) {
            group.state = old->second->state;
            group.told = old->second->told;
        }
    }
    book_ = std::exchange(next_, nullptr);
    repeat_ = book_->repeats_states;
}

void VrrpNotices::take(const core::message::InstanceState& report) {
    const auto state = state_from(report.state);
    if (!state || !opens(report.generation) || report.instance >= book_->instances.size()) {
        return;
    }
    Object& instance = book_->instances[report.instance];
    const bool same_state = instance.state == *state;
    const bool other_priority = instance.priority != report.priority;
    instance.priority = report.priority;
    if (same_state && other_priority) {  // a reload has changed it
        tell_priority(instance);
    }
    enter(What::instance, instance, *state);
}

void VrrpNotices::take(const core::message::GroupState& report) {
    const auto state = state_from(report.state);
    if (state && opens(report.generation) && report.group < book_->groups.size()) {
        Object& group = book_->groups[report.group];
        if (*state == State::init) {
            group.told = {};  // the next state is told, even if it is the same again
        }
        enter(What::group, group, *state);
    }
}

void VrrpNotices::take(const core::message::PriorityChanged& report) {
    if (!opens(report.generation) || report.instance >= book_->instances.size()) {
        return;
    }
    Object& instance = book_->instances[report.instance];
    if (std::exchange(instance.priority, report.priority) != report.priority) {
        tell_priority(instance);
    }
}

void VrrpNotices::take(const core::message::LowerPriorityHeard& report) {
    if (!opens(report.generation) || report.instance >= book_->instances.size()) {
        return;
    }
    const Object& instance = book_->instances[report.instance];
    Notice notice;
    if (auto script = command(instance.lower_priority_script)) {
        notice.scripts.push_back(*std::move(script));
    }
    notice.line = fmt::format("INSTANCE \"{}\" MASTER_RX_LOWER_PRI {}", instance.name, instance.priority);
    tell_(std::move(notice));
}

void VrrpNotices::take(const core::message::Ready& report) {
    if (!opens(report.generation) || !std::exchange(repeat_, false)) {
        return;
    }
    for (const auto& [what, objects] : {std::pair(What::instance, &book_->instances), {What::group, &book_->groups}}) {
        for (const Object& object : *objects) {
            if (!object.fresh && !object.told.empty()) {
                tell_line(what, object, object.told);
            }
        }
    }
}

void VrrpNotices::stopped(bool for_good) {
    if (!book_) {
        return;
    }
    for (const auto& [what, objects] : {std::pair(What::instance, &book_->instances), {What::group, &book_->groups}}) {
        for (Object& object : *objects) {
            if (object.told != kStop) {
                tell(what, object, kStop, object.scripts.stop, for_good);
            }
            object.state.reset();
        }
    }
}

/// Tells of a state that is not the one told of last. INIT is not told of.
void VrrpNotices::enter(What what, Object& object, State state) {
    object.state = state;
    const std::string_view word = word_for(state);
    if (word.empty() || word == object.told) {
        return;
    }
    core::CommandNumber script = object.scripts.fault;
    if (state == State::backup) {
        script = object.scripts.backup;
    } else if (state == State::master) {
        script = object.scripts.master;
    }
    tell(what, object, word, script);
}

void VrrpNotices::tell(What what, Object& object, std::string_view state, core::CommandNumber script, bool at_stop) {
    object.told = state;
    object.fresh = true;
    Notice notice;
    notice.at_stop = at_stop;
    if (auto specific = command(script)) {
        notice.scripts.push_back(*std::move(specific));
    }
    const bool is_group = what == What::group;
    const std::string priority = is_group ? "0" : fmt::format("{}", object.priority);
    if (auto generic = command(object.scripts.any)) {
        for (std::string_view argument : {std::string_view(is_group ? "GROUP" : "INSTANCE"),
                                          std::string_view(object.name), state, std::string_view(priority)}) {
            generic->arguments.emplace_back(argument);
        }
        notice.scripts.push_back(*std::move(generic));
    }
    notice.line = fmt::format("{} \"{}\" {} {}", is_group ? "GROUP" : "INSTANCE", object.name, state, priority);

    const bool unwanted = state == kFault && book_->no_fault_mails;
    if (object.mails && !unwanted && object.mailed != state) {
        object.mailed = state;
        const std::string who = fmt::format("VRRP {} {} - ", is_group ? "Group" : "Instance", object.name);
        if (state == kStop) {
            notice.subject = who + "Stopping";
            notice.body = is_group ? "=> All VRRP group instances are now stopping <=" : "=> VRRP Instance stopping <=";
        } else if (state == kDeleted) {
            notice.subject = who + "Deleted";
            notice.body = "=> VRRP Deleted at reload <=";
        } else {
            notice.subject = fmt::format("{}Entering {} state", who, state);
            if (is_group) {
                notice.body = fmt::format("=> All VRRP group instances are now in {} state <=", state);
            } else {
                notice.body =
                    fmt::format("=> VRRP Instance is {} owning VRRP VIPs <=", state == "MASTER" ? "now" : "no longer");
            }
        }
    }
    tell_(std::move(notice));
}

void VrrpNotices::tell_line(What what, const Object& object, std::string_view word) {
    Notice notice;
    const bool is_group = what == What::group;
    notice.line = fmt::format("{} \"{}\" {} {}", is_group ? "GROUP" : "INSTANCE", object.name, word,
                              is_group ? 0 : object.priority);
    tell_(std::move(notice));
}

void VrrpNotices::tell_priority(const Object& instance) {
    if (instance.tells_priority && instance.state) {
        tell_line(What::instance, instance, instance.state == State::master ? "MASTER_PRIORITY" : "BACKUP_PRIORITY");
    }
}

std::optional<core::Command> VrrpNotices::command(core::CommandNumber number) const {
    if (number >= book_->commands.size() || !book_->commands[number].usable()) {
        return std::nullopt;
    }
    return book_->commands[number];
}

}  // namespace sustain::daemon
