// Blocks that are read and skipped yet: their keywords, so that the list of what is missing is complete.
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

namespace {

constexpr Keyword kVrrpSyncGroup[] = {
    later_block("group", Kind::words),
    later_block("track_interface", Kind::lines),
    later_block("track_script", Kind::lines),
    later_block("track_file", Kind::lines),
    later_block("track_process", Kind::lines),
    later_block("track_bfd", Kind::lines),
    later("notify_backup", Missing::fatal),
    later("notify_master", Missing::fatal),
    later("notify_fault", Missing::fatal),
    later("notify_stop", Missing::fatal),
    later("notify", Missing::fatal),
    later("smtp_alert"),
    later("global_tracking"),
    later("sync_group_tracking_weight"),
    later("notify_priority_changes"),
};

constexpr Keyword kTrackGroup[] = {
    later_block("group", Kind::words),
};

constexpr Keyword kGarpGroup[] = {
    later("garp_interval", Missing::fatal),
    later("gna_interval", Missing::fatal),
    later("interface", Missing::fatal),
    later_block("interfaces", Kind::words),
};

constexpr Keyword kVrrpScript[] = {
    later("script"),
    later("interval", Missing::fatal),
    later("timeout", Missing::fatal),
    later("weight", Missing::fatal),
    later("rise", Missing::fatal),
    later("fall", Missing::fatal),
    later("user", Missing::fatal),
    later("init_fail"),
};

constexpr Keyword kVrrpTrackProcess[] = {
    later("process", Missing::fatal),
    later("param_match"),
    later("weight", Missing::reported),
    later("quorum", Missing::fatal),
    later("quorum_max", Missing::fatal),
    later("delay", Missing::fatal),
    later("terminate_delay", Missing::fatal),
    later("fork_delay", Missing::fatal),
    later("full_command"),
};

constexpr Keyword kTrackFile[] = {
    later("file", Missing::reported),
    later("weight", Missing::reported),
    later("init_file"),
};

constexpr Keyword kVrrpTrackFile[] = {
    later("file", Missing::reported),
    later("weight"),
    later("init_file"),
};

constexpr Keyword kBfdInstance[] = {
    later("source_ip", Missing::fatal),
    later("neighbor_ip", Missing::fatal),
    later("neighbour_ip", Missing::fatal),
    later("min_rx", Missing::fatal),
    later("min_tx", Missing::fatal),
    later("idle_tx", Missing::fatal),
    later("multiplier", Missing::fatal),
    later("passive"),
    later("ttl", Missing::fatal),
    later("hoplimit", Missing::fatal),
    later("max_hops", Missing::fatal),
    later("multihop"),
    later("weight", Missing::fatal),
    later("vrrp"),
    later("checker"),
};

}  // namespace

std::vector<BlockTable> later_block_tables() {
    return {
        {"vrrp_sync_group", kVrrpSyncGroup},
        {"track_group", kTrackGroup},
        {"garp_group", kGarpGroup},
        {"vrrp_script", kVrrpScript},
        {"vrrp_track_process", kVrrpTrackProcess},
        {"track_file", kTrackFile},
        {"vrrp_track_file", kVrrpTrackFile},
        {"bfd_instance", kBfdInstance},
    };
}

}  // namespace sustain::parser
