// Files and folders: reloads, dumps, saved configurations, names of routing tables.
#pragma once

#include <optional>
#include <string>

namespace sustain::core {

struct ReloadSettings {
    std::optional<std::string> check_log;  ///< reload_check_config: a new configuration is checked first; "": no log
    std::string time_file;                 ///< holds the time of the next reload
    bool repeat = false;                   ///< … and is kept
    std::optional<std::string> marker;     ///< reload_file: is there while files are read; "": in the pid folder

    bool operator==(const ReloadSettings&) const = default;
};

struct FileSettings {
    std::string state_dump;            ///< state_dump_file; empty: keepalived.data in the folder for temporary files
    std::string stats_dump;            ///< stats_dump_file
    std::string json_dump;             ///< json_dump_file
    bool dumps_name_instance = false;  ///< data_use_instance
    unsigned json_version = 1;         ///< 1 or 2
    std::string saved_configurations;  ///< config_save_dir
    std::string temporary_folder;      ///< tmp_config_directory
    std::string iproute_usr;           ///< iproute_usr_dir; empty: as built
    std::string iproute_etc;           ///< iproute_etc_dir

    bool operator==(const FileSettings&) const = default;
};

}  // namespace sustain::core
