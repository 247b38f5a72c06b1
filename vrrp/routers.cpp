#include "vrrp/routers.hpp"

#include <algorithm>

namespace sustain::vrrp {

namespace {

constexpr int kDeadlinesATurn = 64;

}  // namespace

Routers::Routers(core::Loop& loop, const netlink::LinkTable& links, AddressManager& addresses,
                 AnnouncementSender& announcements, NewsHandler tell_news, GroupHandler group_changed)
    : loop_(loop),
      links_(links),
      addresses_(addresses),
      announcements_(announcements),
      static_addresses_(addresses),
      tell_news_(std::move(tell_news)),
      group_changed_(std::move(group_changed)),
      schedule_(loop, [this] { run_due(); }),
      link_schedule_(loop, [this] { run_due_links(); }) {}

void Routers::set_virtual_addresses(const Config& config) {
    settings_ = config.settings;
    virtual_addresses_.clear();
    for (const Instance& instance : config.instances) {
        for (const auto* list : {&instance.addresses, &instance.excluded}) {
            for (const VirtualAddress& address : *list) {
                virtual_addresses_.insert(address.prefix.address);
            }
        }
    }
}

// --- Coming and going ---

void Routers::add(std::uint32_t index, const Instance& config, bool resume, bool grouped, const Tracking& tracking) {
    const netlink::Link* link = links_.find(config.interface);
    auto entry = std::make_unique<Entry>(config, link != nullptr ? link->mtu : kUsualMtu);
    entry->index = index;
    Entry& added = *entry;
    entries_.emplace(Identity(config), std::move(entry));
    attach(added);
    tell(added);
    added.router.delay_until(resume ? core::TimePoint{} : delayed_until_);
    call(added, &VirtualRouter::set_grouped, grouped);
    call(added, &VirtualRouter::tracking_changed, tracking);
    call(added, &VirtualRouter::start, resume);
}

void Routers::reconfigure(std::uint32_t index, const Instance& config, const Tracking& tracking) {
    Entry& entry = *entries_.at(Identity(config));
    entry.index = index;
    if (entry.router.config() == config) {
        entry.router.begin_preempt_delay_anew();
        call(entry, &VirtualRouter::tracking_changed, tracking);
        return;
    }
    call(entry, &VirtualRouter::reconfigure, config);
    call(entry, &VirtualRouter::tracking_changed, tracking);
    const auto before = entry.interfaces;
    detach(entry);
    attach(entry);
    tell(entry);
    forget_unneeded(before);
}

void Routers::set_tracking(const Identity& identity, const Tracking& tracking) {
    call(*entries_.at(identity), &VirtualRouter::tracking_changed, tracking);
}

void Routers::remove(const Identity& identity) {
    Entry& entry = *entries_.at(identity);
    leave_group(entry);
    call(entry, &VirtualRouter::stop);
    if (!entry.promotes.empty()) {
        addresses_.release_promotion(entry.promotes);
    }
    schedule_.set(&entry, std::nullopt);
    announcements_.forget(&entry);
    const auto before = entry.interfaces;
    disconnect(entry);
    detach(entry);
    forget_unneeded(before);
    entries_.erase(identity);
}

void Routers::remove_all() {
    while (!entries_.empty()) {
        remove(entries_.begin()->first);
    }
}

std::vector<Identity> Routers::identities() const {
    std::vector<Identity> all;
    all.reserve(entries_.size());
    for (const auto& [identity, entry] : entries_) {
        all.push_back(identity);
    }
    return all;
}

void Routers::attach(Entry& entry) {
    for (const std::string& name : entry.router.interfaces()) {
        Interface& needed = interface(name);
        needed.dependants.insert(&entry);
        entry.interfaces.push_back(&needed);
        if (name == entry.router.config().interface) {
            entry.interface = &needed;
        }
    }
    if (const Instance& config = entry.router.config(); config.track_source && config.source) {
        entry.tracked_source = config.source;
        source_trackers_.emplace(*config.source, &entry);
    }
    hold_promotion(entry);
    limit_delays(entry);
    for (Interface* needed : entry.interfaces) {
        look_and_tell(*needed);
    }
}

void Routers::detach(Entry& entry) {
    for (Interface* needed : entry.interfaces) {
        needed->dependants.erase(&entry);
    }
    entry.interfaces.clear();
    entry.interface = nullptr;
    if (const auto tracked = std::exchange(entry.tracked_source, std::nullopt)) {
        const auto [begin, end] = source_trackers_.equal_range(*tracked);
        source_trackers_.erase(std::find_if(begin, end, [&](const auto& one) { return one.second == &entry; }));
    }
}

/// How things are with the interfaces that it depends on.
void Routers::tell(Entry& entry) {
    for (const Interface* needed : entry.interfaces) {
        call(entry, &VirtualRouter::interface_changed, needed->name, needed->up);
    }
    // Without sockets nobody hears it, nor it others: that is as good as no address.
    const auto source = source_of(entry);
    const bool connected = connect(entry, source);
    call(entry, &VirtualRouter::source_changed, connected ? source : std::nullopt);
}

// --- Events ---

void Routers::run_due() {
    bool punctual = true;
    for (int count = 0; count < kDeadlinesATurn; ++count) {
        const core::TimePoint now = core::now();
        const auto due = schedule_.next_due(now);
        if (!due) {
            return;
        }
        Entry& entry = **due;
        if (punctual) {  // one line for all timers of the same pause
            punctual = !priority_.heed(now - *entry.router.deadline());
        }
        read_before_takeover(entry);
        call(entry, &VirtualRouter::expire);
    }
}

// --- Actions ---

void Routers::perform(Entry& entry, const Actions& actions) {
    for (const Action& action : actions) {
        perform(entry, action);
    }
    schedule_.set(&entry, entry.router.deadline());
    if (!link_delays_.empty() && entry.router.longest_link_delay() != entry.longest_delay) {
        limit_delays(entry);
    }
}

void Routers::perform(Entry& entry, const Action& action) {
    if (const auto* advert = std::get_if<action::SendAdvert>(&action)) {
        send(entry, *advert);
    } else if (const auto* gained = std::get_if<action::SetAddresses>(&action)) {
        addresses_.set(gained->addresses);
    } else if (const auto* lost = std::get_if<action::RemoveAddresses>(&action)) {
        addresses_.remove(lost->addresses);
    } else if (const auto* announcement = std::get_if<action::Announce>(&action)) {
        announce(entry, announcement->rounds);
    } else if (std::holds_alternative<action::AnnounceExtra>(action)) {
        announce_extra(entry);
    } else if (const auto* own = std::get_if<action::AnnounceSource>(&action)) {
        announce_source(entry, own->source);
    } else if (std::holds_alternative<action::StopAnnouncing>(action)) {
        announcements_.forget(&entry);
    } else if (std::holds_alternative<action::StateChanged>(action) ||
               std::holds_alternative<action::PriorityChanged>(action) ||
               std::holds_alternative<action::HeardLowerPriority>(action)) {
        tell_news_(entry.index, entry.router, action);
    } else if (const auto* line = std::get_if<action::Log>(&action)) {
        if (!line->detail || core::log::detail_level() > 0) {
            core::log::write(line->priority, line->text);
        }
    }
}

}  // namespace sustain::vrrp
