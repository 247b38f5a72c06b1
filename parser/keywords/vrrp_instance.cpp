// vrrp_instance NAME { … }
#include "parser/keywords/instance/rows.hpp"
#include "parser/keywords/tables.hpp"

namespace sustain::parser {

const BlockTable& vrrp_instance_table() {
    static const std::vector<Keyword> rows = [] {
        std::vector<Keyword> all;
        for (const Rows part : {instance_identity_rows(), instance_timer_rows(), instance_advert_rows(),
                                instance_garp_rows(), instance_source_rows(), instance_unicast_rows(),
                                instance_authentication_rows(), instance_own_interface_rows(), instance_address_rows(),
                                instance_tracking_rows(), instance_notify_rows()}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    static const BlockTable table("vrrp_instance", rows);
    return table;
}

}  // namespace sustain::parser
