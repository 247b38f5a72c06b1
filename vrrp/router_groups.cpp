// The sync groups of the running routers.
#include <algorithm>

#include "vrrp/routers.hpp"

namespace sustain::vrrp {

namespace {

// More than a receive buffer of the usual size holds.
constexpr std::size_t kDatagramsBeforeTakeover = 512;

}  // namespace

void Routers::set_groups(const Config& config) {
    std::map<std::string_view, Entry*> by_name;
    for (const auto& [identity, entry] : entries_) {
        by_name.emplace(entry->router.config().name, entry.get());
    }
    Groups before = std::exchange(groups_, {});
    std::vector<std::pair<std::uint32_t, std::vector<Entry*>>> to_form;
    std::unordered_set<Entry*> grouped;
    for (std::uint32_t index = 0; index < config.sync_groups.size(); ++index) {
        const SyncGroup& wanted = config.sync_groups[index];
        auto entries = members(wanted, by_name);
        if (entries.empty()) {
            continue;
        }
        grouped.insert(entries.begin(), entries.end());
        Group* known = entries.front()->group;
        if (known == nullptr || known->members != entries) {
            to_form.emplace_back(index, std::move(entries));
            continue;
        }
        auto kept = before.extract(known->index);
        kept.key() = index;
        known->index = index;
        known->rules.rename(wanted.name);
        groups_.insert(std::move(kept));
    }
    for (const auto& [index, group] : before) {
        for (Entry* entry : group->members) {
            if (entry != nullptr) {
                entry->group = nullptr;
            }
        }
    }
    before.clear();
    for (const auto& [identity, entry] : entries_) {
        if (!grouped.contains(entry.get())) {
            call(*entry, &VirtualRouter::set_grouped, false);
        } else if (entry->group == nullptr) {
            call(*entry, &VirtualRouter::set_grouped, true);
        }
    }
    for (auto& [index, entries] : to_form) {
        std::vector<VirtualRouter*> routers;
        for (Entry* entry : entries) {
            routers.push_back(&entry->router);
        }
        RouterGroup rules(config.sync_groups[index].name, std::move(routers));
        Group& group =
            *groups_.emplace(index, std::make_unique<Group>(index, std::move(entries), std::move(rules))).first->second;
        for (std::size_t place = 0; place < group.members.size(); ++place) {
            group.members[place]->group = &group;
            group.members[place]->place = place;
        }
        carry_out(group, group.rules.form(core::now()));
    }
}

/// Those that exist: one may be left out because it has the place of another.
std::vector<Routers::Entry*> Routers::members(const SyncGroup& config,
                                              const std::map<std::string_view, Entry*>& by_name) const {
    std::vector<Entry*> found;
    for (const std::string& name : config.members) {
        if (const auto entry = by_name.find(name); entry != by_name.end()) {
            found.push_back(entry->second);
        }
    }
    return found;
}

void Routers::carry_out(Group& group, const RouterGroup::Outcome& outcome) {
    for (const RouterGroup::Step& step : outcome.steps) {
        perform(*group.members[step.member], step.actions);
    }
    if (outcome.state) {
        group_changed_(group.index, *outcome.state);
    }
}

void Routers::leave_group(Entry& entry) {
    if (entry.group != nullptr) {
        entry.group->rules.leave(entry.place);
        entry.group->members[entry.place] = nullptr;
        entry.group = nullptr;
    }
}

State Routers::group_state(std::uint32_t index) const {
    const auto group = groups_.find(index);
    return group == groups_.end() ? State::init : group->second->rules.state();
}

/// After a pause of this process the masters' adverts may be waiting to be read: no takeover before that, neither of a
/// router nor of its whole group.
void Routers::read_before_takeover(Entry& entry) {
    if (entry.router.state() != State::backup) {
        return;
    }
    const auto read = [](const Entry& waiting) {
        if (waiting.port != nullptr && waiting.port->segment) {
            waiting.port->segment->read(kDatagramsBeforeTakeover);
        }
    };
    read(entry);
    if (entry.group != nullptr && entry.group->rules.is_last(entry.place)) {
        std::unordered_set<const Port*> done{entry.port};
        for (const Entry* member : entry.group->members) {
            if (member != nullptr && done.insert(member->port).second) {
                read(*member);
            }
        }
    }
}

}  // namespace sustain::vrrp
