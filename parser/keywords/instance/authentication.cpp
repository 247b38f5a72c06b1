// vrrp_instance: authentication { … }, and auth_hmac { … } of keepalived 2.4.
#include <charconv>

#include "parser/actions.hpp"
#include "parser/key_file.hpp"
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

using vrrp::HmacAuthentication;

void set_auth_type(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    if (statement[1] == "PASS") {
        draft.authentication.type = vrrp::AuthenticationType::password;
    } else if (statement[1] == "AH") {
        draft.authentication.type = vrrp::AuthenticationType::digest;
    } else {
        context.error(statement, 1, fmt::format("({}) unknown authentication type '{}'", draft.name, statement[1]),
                      "PASS or AH");
    }
}

void set_auth_pass(Context& context, const Statement& statement) {
    constexpr std::size_t kMaxPassword = 8;
    if (statement[1].size() > kMaxPassword) {
        context.error(statement, 1, "Truncating auth_pass to 8 characters");
    }
    context.draft.current<InstanceDraft>().authentication.password =
        core::Secret(std::string(statement[1].substr(0, kMaxPassword)));
}

constexpr Keyword kAuthentication[] = {
    {.name = "auth_type",
     .missing = Missing::fatal,
     .value = choice("PASS AH"),
     .apply = set_auth_type,
     .arguments = "PASS|AH"},
    {.name = "auth_pass",
     .missing = Missing::fatal,
     .value = word(),
     .apply = set_auth_pass,
     .arguments = "PASSWORD",
     .secret = true},
};

/// The octets of `hex:DIGITS`, or the text itself; no value if the digits are none.
std::optional<std::string> read_octets(std::string_view text) {
    constexpr std::string_view kHex = "hex:";
    if (!text.starts_with(kHex)) {
        return std::string(text);
    }
    text.remove_prefix(kHex.size());
    std::string octets;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        std::uint8_t octet = 0;
        const char* const end = text.data() + std::min(i + 2, text.size());
        if (std::from_chars(text.data() + i, end, octet, 16).ptr != text.data() + i + 2) {
            return std::nullopt;
        }
        octets.push_back(static_cast<char>(octet));
    }
    return octets;
}

/// What a key file says. No value: it cannot be used, which is reported.
std::optional<std::string> read_file(Context& context, const Statement& statement, const std::string& name) {
    const auto file = read_key_file(name);
    if (!file) {
        context.environment_error(statement, 2, Rank::general, file.error().what);
        return std::nullopt;
    }
    if (file->others_may_read) {
        context.environment_error(statement, 2, Rank::security,
                                  fmt::format("SECURITY - key file {} can be read by others than its owner", name),
                                  fmt::format("chmod 600 {}", name));
    }
    return std::string(file->text.reveal());
}

void add_key(Context& context, const Statement& statement) {
    constexpr std::size_t kShortest = 32;
    constexpr std::size_t kLongest = 64;
    constexpr std::string_view kFile = "file:";
    auto& draft = context.draft.current<InstanceDraft>();
    if (statement.size() < 3) {
        context.error(statement, 1, fmt::format("({}) auth_hmac key needs an id and a key - ignoring", draft.name));
        return;
    }
    const auto id = context.number(statement, 1, statement.keyword.value);
    if (!id) {
        return;
    }
    auto& keys = draft.hmac->keys;
    if (std::ranges::find(keys, *id, &HmacAuthentication::Key::id) != keys.end()) {
        context.error(statement, 1, fmt::format("({}) duplicate auth_hmac key id {} - ignoring", draft.name, *id));
        return;
    }
    std::optional<std::string> text(statement[2]);
    if (statement[2].starts_with(kFile)) {
        text = read_file(context, statement, std::string(statement[2].substr(kFile.size())));
        if (!text) {
            keys.emplace_back().id = static_cast<std::uint8_t>(*id);  // defined, but of no use here
            return;
        }
    }
    auto octets = read_octets(*text);
    if (!octets) {
        context.error(statement, 2,
                      fmt::format("({}) auth_hmac key {} has invalid hex digits - ignoring", draft.name, *id),
                      "pairs of hexadecimal digits after hex:");
    } else if (octets->size() < kShortest || octets->size() > kLongest) {
        context.error(statement, 2,
                      fmt::format("({}) auth_hmac key {} must have {} to {} bytes - ignoring", draft.name, *id,
                                  kShortest, kLongest));
    } else {
        HmacAuthentication::Key& key = keys.emplace_back();
        key.id = static_cast<std::uint8_t>(*id);
        key.octets = core::Secret(std::move(*octets));
    }
}

void set_anti_replay(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    if (statement[1] == "time") {
        draft.hmac->anti_replay = HmacAuthentication::AntiReplay::time;
    } else if (statement[1] == "monotonic") {
        draft.hmac->anti_replay = HmacAuthentication::AntiReplay::monotonic;
    } else {
        context.error(statement, 1, fmt::format("({}) unknown anti_replay '{}' - ignoring", draft.name, statement[1]),
                      "time or monotonic");
    }
}

void set_mode(Context& context, const Statement& statement) {
    auto& draft = context.draft.current<InstanceDraft>();
    if (statement[1] == "enforce") {
        draft.hmac->mode = HmacAuthentication::Mode::enforce;
    } else if (statement[1] == "permissive") {
        draft.hmac->mode = HmacAuthentication::Mode::permissive;
    } else if (statement[1] == "receive-only") {
        draft.hmac->mode = HmacAuthentication::Mode::receive_only;
    } else {
        context.error(statement, 1,
                      fmt::format("({}) unknown auth_hmac mode '{}' - ignoring", draft.name, statement[1]),
                      "enforce, permissive or receive-only");
    }
}

void open_hmac(Context& context, const Statement&) {
    context.draft.current<InstanceDraft>().hmac.make();
}

constexpr Keyword kHmac[] = {
    {.name = "key",
     .missing = Missing::reported,
     .value = number(1, 255, kStrict),
     .apply = add_key,
     .repeat = Repeat::accumulates,
     .arguments = "ID TEXT|hex:DIGITS|file:PATH",
     .secret = true},
    {.name = "active_key",
     .missing = Missing::fatal,
     .value = number(1, 255, kStrict),
     .apply = store<&HmacAuthentication::active_key>,
     .arguments = "ID"},
    {.name = "time_window",
     .missing = Missing::fatal,
     .value = number(1, 300, kStrict),
     .apply = store<&HmacAuthentication::window>,
     .arguments = "SECONDS",
     .fallback = "; three advert intervals, 5 to 300",
     .unit = "seconds"},
    {.name = "anti_replay",
     .missing = Missing::fatal,
     .value = choice("time monotonic"),
     .apply = set_anti_replay,
     .arguments = "time|monotonic",
     .fallback = "time"},
    {.name = "mode",
     .missing = Missing::fatal,
     .value = choice("enforce permissive receive-only"),
     .apply = set_mode,
     .arguments = "enforce|permissive|receive-only",
     .fallback = "enforce"},
};

constexpr Keyword kRows[] = {
    {.name = "authentication", .kind = Kind::block, .table = authentication_table, .repeat = Repeat::accumulates},
    {.name = "auth_hmac",
     .kind = Kind::block,
     .apply = open_hmac,
     .table = auth_hmac_table,
     .repeat = Repeat::accumulates},
};

}  // namespace

const BlockTable& authentication_table() {
    static const BlockTable table("vrrp_instance/authentication", kAuthentication);
    return table;
}

const BlockTable& auth_hmac_table() {
    static const BlockTable table("vrrp_instance/auth_hmac", kHmac);
    return table;
}

Rows instance_authentication_rows() {
    return kRows;
}

}  // namespace sustain::parser
