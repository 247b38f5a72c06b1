#include "parser/keyword_json.hpp"

// The one file that uses Boost.JSON compiles it, too.
#include <boost/json/src.hpp>

#include "parser/keyword.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

namespace json = boost::json;

constexpr int kFormat = 1;  // grows when a field changes its meaning

std::string_view name_of(Kind kind) {
    static constexpr std::string_view kNames[] = {"statement", "block", "lines", "words", "option", "option"};
    return kNames[static_cast<std::size_t>(kind)];
}
std::string_view name_of(Missing missing) {
    static constexpr std::string_view kNames[] = {"fatal", "error", "allowed"};
    return kNames[static_cast<std::size_t>(missing)];
}
std::string_view name_of(Repeat repeat) {
    static constexpr std::string_view kNames[] = {"last", "first", "all"};
    return kNames[static_cast<std::size_t>(repeat)];
}
std::string_view name_of(Owner owner) {
    static constexpr std::string_view kNames[] = {"parent", "vrrp", "checker", "vrrp and checker", "bfd"};
    return kNames[static_cast<std::size_t>(owner)];
}
std::string_view name_of(Value::Type type) {
    static constexpr std::string_view kNames[] = {"none",   "word",    "boolean",   "integer", "integer", "decimal",
                                                  "choice", "address", "interface", "script",  "path",    "text"};
    return kNames[static_cast<std::size_t>(type)];
}

/// Limits of a decimal are in seconds, with a fraction only where there is one.
json::value limit(const Value& value, std::uint64_t number) {
    constexpr std::uint64_t kMicro = 1'000'000;
    if (value.type == Value::Type::decimal) {
        return number % kMicro == 0 ? json::value(number / kMicro)
                                    : json::value(static_cast<double>(number) / static_cast<double>(kMicro));
    }
    return number;
}

json::array words_of(std::string_view text) {
    json::array words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end != at) {
            words.emplace_back(text.substr(at, end - at));
        }
        at = end + 1;
    }
    return words;
}

/// The process that reads a block reads all that is in it.
Owner owner_of(const BlockTable& table, const Keyword& keyword) {
    if (table.path().empty()) {
        return keyword.owner;
    }
    const Keyword* const top = top_level_table().find(table.path().substr(0, table.path().find('/')));
    return top != nullptr ? top->owner : keyword.owner;
}

json::object object_of(const BlockTable& table, const Keyword& keyword) {
    json::object object;
    object["block"] = table.path();
    object["keyword"] = keyword.name;
    object["kind"] = name_of(keyword.kind);
    const auto add = [&](std::string_view field, std::string_view text) {
        if (!text.empty()) {
            object[field] = text;
        }
    };
    add("arguments", keyword.arguments);
    const Value& value = keyword.value;
    object["type"] =
        keyword.kind == Kind::option_argument && value.type == Value::Type::none ? "text" : name_of(value.type);
    if (value.type == Value::Type::integer) {
        object["min"] = value.min;
        object["max"] = static_cast<std::int64_t>(value.max);
    } else if (value.type == Value::Type::unsigned_integer || value.type == Value::Type::decimal) {
        object["min"] = limit(value, static_cast<std::uint64_t>(value.min));
        object["max"] = limit(value, value.max);
    }
    if (!value.choices.empty()) {
        object["choices"] = words_of(value.choices);
    }
    add("unit", keyword.unit);
    add("default", keyword.fallback);
    add("inherits", keyword.inherits);
    if (keyword.table != nullptr) {
        object["table"] = keyword.table().path();
    }
    object["repeat"] = name_of(keyword.repeat);
    object["missing_argument"] = name_of(keyword.missing);
    add("replaced_by", keyword.replaced_by);
    object["process"] = name_of(owner_of(table, keyword));
    object["secret"] = keyword.secret;
    object["supported"] = keyword.supported;
    return object;
}

}  // namespace

std::string keywords_as_json() {
    std::string text = "{\"format\":" + std::to_string(kFormat) + ",\"keywords\":[";
    const char* separator = "\n";
    for (const BlockTable& table : keyword_tables()) {
        for (const Keyword& keyword : table.keywords()) {
            text += separator;
            text += json::serialize(object_of(table, keyword));
            separator = ",\n";
        }
    }
    return text + "\n]}\n";
}

}  // namespace sustain::parser
