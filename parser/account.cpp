#include "parser/account.hpp"

#include <fmt/format.h>

namespace sustain::parser {

AccountText account_text(std::span<const std::string> words) {
    AccountText text;
    if (!words.empty()) {
        text.user = words[0];
    }
    if (words.size() > 1) {
        text.group = words[1];
    }
    return text;
}

std::optional<core::Account> find_account(const Context& context, const AccountText& text, std::string& complaint) {
    std::optional<core::Account> account = context.environment.user(text.user);
    if (!account) {
        complaint = fmt::format("Script user '{}' does not exist", text.user);
        return std::nullopt;
    }
    const bool groups = text.group.starts_with(':');
    if (const std::string name = text.group.substr(groups ? 1 : 0); !name.empty()) {
        const auto group = context.environment.group(name);
        if (!group) {
            complaint = fmt::format("Script group '{}' does not exist", name);
            return std::nullopt;
        }
        account->gid = *group;
    }
    if (!groups && !context.draft.config.global.scripts.supplementary_groups) {
        account->groups.clear();
    }
    return account;
}

std::optional<core::Account> default_account(Context& context, const Place& place) {
    DefaultAccount& known = context.draft.default_account;
    if (known.unusable) {
        return std::nullopt;
    }
    if (!known.account) {
        std::string ignored;
        known.account = find_account(context, {.user = "keepalived_script", .group = {}}, ignored);
    }
    if (!known.account && !context.draft.config.global.scripts.security) {
        known.account = context.environment.own_account();
    }
    if (!known.account && !std::exchange(known.reported, true)) {
        context.report.environment_error(
            Rank::general, context.prefix, place,
            "default user 'keepalived_script' for script execution does not exist - please create.",
            "or name one with script_user in global_defs: enable_script_security wants one");
    }
    return known.account;
}

std::optional<core::Account> account_of(Context& context, const AccountText& text, const Place& place,
                                        std::string& complaint) {
    if (!text.user.empty()) {
        return find_account(context, text, complaint);
    }
    complaint = "there is no default user for scripts";
    return default_account(context, place);
}

}  // namespace sustain::parser
