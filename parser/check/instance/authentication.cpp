#include "parser/check/instance/instance_check.hpp"

namespace sustain::parser {

namespace {

using vrrp::AuthenticationType;
using vrrp::HmacAuthentication;

void drop_authentication(InstanceCheck& check, std::string_view why) {
    check.error("{}", why);
    check.adjusted("authentication", "off", why);
    check.draft.authentication = {};
}

void check_legacy(InstanceCheck& check) {
    InstanceDraft& draft = check.draft;
    if (draft.authentication.type == AuthenticationType::none) {
        draft.authentication = {};  // a password alone
        return;
    }
    if (draft.strict) {
        drop_authentication(check, "Strict mode does not support authentication. Ignoring.");
    } else if (draft.version == 3) {
        drop_authentication(check, "VRRP version 3 does not support authentication. Ignoring.");
    } else if (draft.authentication.password.empty()) {
        drop_authentication(check, "Authentication specified but no password given. Ignoring");
    } else if (draft.is_ipv6() && draft.authentication.type == AuthenticationType::password) {
        // The packet has no room for it: keepalived compares it with half of the last address, and never agrees.
        check.log("Cannot use PASS authentication with IPv6. Ignoring.");
        check.adjusted("authentication", "off", "an IPv6 advert has no place for a password");
        draft.authentication = {};
    } else if (draft.authentication.type == AuthenticationType::digest) {
        if (draft.is_ipv6()) {
            drop_authentication(check, "Cannot use AH authentication with IPv6. ignoring");
        } else if (check.is_master() && !check.is_owner()) {
            check.error("Initial state master is incompatible with AH authentication - clearing");
            check.adjusted("state", "BACKUP", "with auth_type AH only an owner starts as master");
            draft.initial_state = vrrp::State::backup;
        }
    }
}

/// Without a key to sign with, keepalived would go on without authentication, which is not what was asked for: the
/// configuration is refused, or, where only this machine lacks the key, the instance is held in FAULT state.
bool check_active_key(InstanceCheck& check) {
    HmacAuthentication& hmac = *check.draft.hmac;
    const auto active = std::ranges::find(hmac.keys, hmac.active_key, &HmacAuthentication::Key::id);
    const bool defined = active != hmac.keys.end();
    if (defined && !active->octets.empty()) {
        std::erase_if(hmac.keys, [](const HmacAuthentication::Key& key) { return key.octets.empty(); });
        return true;
    }
    if (defined) {
        check.environment_error("auth_hmac active key {} cannot be read: the instance stays in FAULT state",
                                hmac.active_key);
        check.adjusted("auth_hmac", "off", "its active key cannot be read: the instance stays in FAULT state");
        check.hold();
    } else {
        if (hmac.active_key == 0) {
            check.error("auth_hmac has no active key: not starting without authentication");
        } else {
            check.error("auth_hmac active key {} is not defined: not starting without authentication", hmac.active_key);
        }
        check.stop();
    }
    check.draft.hmac.reset();
    return false;
}

void check_hmac(InstanceCheck& check) {
    using namespace std::chrono_literals;
    InstanceDraft& draft = check.draft;
    if (!draft.hmac) {
        return;
    }
    if (draft.authentication.type != AuthenticationType::none) {
        drop_authentication(check, "auth_hmac and authentication cannot be used together - ignoring authentication");
    }
    if (!check_active_key(check)) {
        return;
    }
    HmacAuthentication& hmac = *draft.hmac;
    if (draft.strict && hmac.mode != HmacAuthentication::Mode::enforce) {
        check.error("strict mode requires auth_hmac mode enforce - resetting");
        check.adjusted("mode", "enforce", "strict mode");
        hmac.mode = HmacAuthentication::Mode::enforce;
    }
    if (hmac.anti_replay == HmacAuthentication::AntiReplay::time && hmac.window == 0s) {
        const auto advert_intervals = std::chrono::floor<std::chrono::seconds>(3 * draft.advert_interval);
        hmac.window = std::clamp<core::Duration>(advert_intervals, 5s, 300s);
    }
}

}  // namespace

void check_authentication(InstanceCheck& check) {
    check_legacy(check);
    check_hmac(check);
}

}  // namespace sustain::parser
