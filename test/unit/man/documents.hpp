// What the manual page and the README say about keywords, as sets to compare with the parser's tables.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sustain::test {

/// By the path of the block ("vrrp_instance/authentication"; "" is the top level).
using Keywords = std::map<std::string, std::set<std::string>>;

/// A file of the source tree, whole. Fails the test if there is none.
[[nodiscard]] std::string read_document(std::string_view path);

/// The keywords that are items (".It Ic KEYWORD …, Ic KEYWORD …") of the subsections (".Ss BLOCK") of the page.
[[nodiscard]] Keywords documented_keywords(std::string_view page);

/// The lines between the one with "BEGIN unsupported" and the one with "END unsupported".
[[nodiscard]] std::string generated_part(std::string_view text);

/// The text with other lines there.
[[nodiscard]] std::string with_generated_part(std::string_view text, std::string_view part);

/// Overwrites a file of the source tree.
void write_document(std::string_view path, std::string_view text);

/// How these lines have to look in mdoc, and in the README.
[[nodiscard]] std::string unsupported_as_mdoc(const Keywords& unsupported);
[[nodiscard]] std::string unsupported_as_table(const Keywords& unsupported);

}  // namespace sustain::test
