#include "ipvs/mirror.hpp"

#include <cerrno>

#include "core/log.hpp"
#include "ipvs/global_codec.hpp"
#include "ipvs/reconciler.hpp"

namespace sustain::ipvs {

namespace {

/// How often a service is read again and corrected when the kernel's answers show that it is not as we thought.
constexpr int kRounds = 3;

/// What was to be taken away is not there: that is what was wanted.
bool is_done_anyway(const Edit& edit, int code) {
    switch (edit.operation) {
        case Edit::Operation::delete_service: return code == ESRCH;
        case Edit::Operation::delete_destination:
            return code == ENOENT;  // (ESRCH: the service is not there either, and that was not wanted)
        default: return false;
    }
}

/// The kernel's table is not what we thought (spec/lvs.md 8.3). ENOENT for a service speaks of its scheduler.
bool is_surprise(const Edit& edit, int code) {
    switch (edit.operation) {
        case Edit::Operation::new_service: return code == EEXIST;
        case Edit::Operation::set_service: return code == ESRCH;
        case Edit::Operation::new_destination: return code == ESRCH || code == EEXIST;
        case Edit::Operation::set_destination: return code == ESRCH || code == ENOENT;
        case Edit::Operation::delete_destination: return code == ESRCH;
        case Edit::Operation::delete_service: return false;
    }
    return false;
}

}  // namespace

core::Awaitable<core::Result<>> Mirror::adopt(bool everything) {
    const auto services = co_await client_->services();
    if (!services) {
        co_return std::unexpected(services.error());
    }
    missing_engines_.clear();
    std::erase_if(actual_, [&](const auto& known) { return !services->contains(known.first); });
    for (const auto& [key, settings] : *services) {
        if (!everything && !pools_.has(key) && !actual_.contains(key)) {
            continue;  // somebody else's
        }
        const auto known = actual_.find(key);
        if (known != actual_.end()) {
            known->second.settings = settings;
            continue;
        }
        if (!pools_.has(key)) {  // it is to go, and its destinations with it
            actual_.insert_or_assign(key, Entry{settings, {}});
            continue;
        }
        auto destinations = co_await client_->destinations(key);
        if (!destinations) {
            co_return std::unexpected(std::move(destinations.error()));
        }
        actual_.insert_or_assign(key, Entry{settings, std::move(*destinations)});
    }
    co_return core::Result<>();
}

core::Awaitable<bool> Mirror::look(ServiceKey key) {
    auto found = co_await client_->service(key);
    if (!found) {
        core::log::error("{}", found.error().what);
        co_return true;
    }
    const auto known = actual_.find(key);
    if (!*found) {
        const bool as_thought = known == actual_.end();
        actual_.erase(key);
        co_return as_thought;
    }
    const bool as_thought = known != actual_.end() && known->second == **found;
    actual_.insert_or_assign(key, std::move(**found));
    co_return as_thought;
}

core::Awaitable<> Mirror::correct(std::vector<ServiceKey> keys) {
    Complaints complaints;
    std::vector<ServiceKey> open = keys;
    for (int round = 1; round <= kRounds && !open.empty(); ++round) {
        std::vector<Edit> edits;
        for (const ServiceKey& key : open) {
            const auto known = actual_.find(key);
            const auto wanted = desired(key);
            if (known != actual_.end() || wanted) {
                reconcile(key, known != actual_.end() ? &known->second : nullptr, wanted ? &*wanted : nullptr, edits);
            }
        }
        const auto outcomes = co_await client_->perform(edits);
        const auto surprising = digest(edits, outcomes, round == kRounds, complaints);
        open.assign(surprising.begin(), surprising.end());
        for (const ServiceKey& key : open) {
            (void)co_await look(key);
        }
    }
    complain(keys, std::move(complaints));
}

/// Takes over what was done. \return the services to read again
std::set<ServiceKey> Mirror::digest(const std::vector<Edit>& edits, const std::vector<netlink::Outcome>& outcomes,
                                    bool last_round, Complaints& complaints) {
    std::set<ServiceKey> surprising;
    std::set<ServiceKey> absent;  // could not be made: the kernel's answers about their destinations say nothing new
    for (std::size_t index = 0; index < edits.size(); ++index) {
        const Edit& edit = edits[index];
        const netlink::Outcome& outcome = outcomes[index];
        if (outcome.done() || is_done_anyway(edit, outcome.code)) {
            apply(edit, actual_);
        } else if (edit.on_destination() && absent.contains(edit.service)) {
            continue;
        } else if (!last_round && (is_surprise(edit, outcome.code) || try_without_engine(edit, outcome.code))) {
            surprising.insert(edit.service);
        } else {
            std::string text = core::system_error(describe(edit), outcome.code).what;
            if (!outcome.explanation.empty()) {
                text += " (" + outcome.explanation + ")";
            }
            complaints[edit.service].insert(std::move(text));
        }
        if (!outcome.done() && edit.operation == Edit::Operation::new_service) {
            absent.insert(edit.service);
        }
    }
    return surprising;
}

/// The kernel says the same of a scheduler and of an engine that it does not have. A service without its persistence
/// engine is better than none; if it was the scheduler, the next attempt says so.
bool Mirror::try_without_engine(const Edit& edit, int code) {
    if (edit.on_destination() || code != ENOENT || edit.settings.engine.empty()) {
        return false;
    }
    if (missing_engines_.insert(edit.settings.engine).second) {
        core::log::error("IPVS: {}: {}: trying without the persistence engine {}", describe(edit),
                         core::system_error("no scheduler or no persistence engine", code).what, edit.settings.engine);
    }
    return true;
}

std::optional<Service> Mirror::desired(const ServiceKey& key) const {
    auto service = pools_.desired(key);
    if (service && missing_engines_.contains(service->settings.engine)) {
        service->settings.engine.clear();
    }
    return service;
}

void Mirror::complain(const std::vector<ServiceKey>& keys, Complaints complaints) {
    for (const ServiceKey& key : keys) {
        auto now = complaints.extract(key);
        const auto before = complaints_.extract(key);
        if (now.empty()) {
            continue;
        }
        for (const std::string& text : now.mapped()) {
            if (before.empty() || !before.mapped().contains(text)) {
                core::log::error("IPVS: {}", text);
            }
        }
        complaints_.insert(std::move(now));
    }
}

core::Awaitable<> Mirror::clear(bool everything) {
    if (everything) {
        const netlink::Outcome outcome = co_await client_->send(flush_table(client_->family()));
        if (outcome.done()) {
            actual_.clear();
            co_return;
        }
        core::log::error("IPVS: {}", core::system_error("removing all virtual servers", outcome.code).what);
    }
    std::vector<Edit> edits;
    for (const auto& [key, entry] : actual_) {
        reconcile(key, &entry, nullptr, edits);
    }
    const auto outcomes = co_await client_->perform(edits);
    Complaints complaints;
    (void)digest(edits, outcomes, true, complaints);
    complain(keys(), std::move(complaints));
}

std::vector<ServiceKey> Mirror::keys() const {
    std::vector<ServiceKey> keys;
    keys.reserve(actual_.size());
    for (const auto& [key, entry] : actual_) {
        keys.push_back(key);
    }
    return keys;
}

}  // namespace sustain::ipvs
