// disable_local_igmp: the kernel joins the multicast group of the adverts without telling the switches. The setting is
// the whole machine's (net.ipv4.igmp_link_local_mcast_reports); how it was before is restored at the end.
#pragma once

namespace sustain::vrrp {

class LocalReports {
public:
    /// \param suppressed disable_local_igmp; before a group is joined
    /// \param restarted that they are suppressed already may be the doing of a process that has crashed
    void configure(bool suppressed, bool restarted);
    /// As it was before.
    void restore();

private:
    bool changed_ = false;
};

}  // namespace sustain::vrrp
