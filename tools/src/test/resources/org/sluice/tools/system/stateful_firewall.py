"""A stateful firewall in OpenFlow 1.3 with Nicira's extensions.

Who is behind port 1 may open connections to port 2; from there comes only what belongs to one.
"""

from os_ken.base.app_manager import OSKenApp
from os_ken.controller import ofp_event
from os_ken.controller.handler import CONFIG_DISPATCHER, set_ev_cls
from os_ken.lib.packet import ether_types
from os_ken.ofproto import ofproto_v1_3

INSIDE, OUTSIDE = 1, 2
ZONE = 7
COMMIT = 1
NO_TABLE = 255
NEW, ESTABLISHED, RELATED, INVALID, TRACKED = 0x01, 0x02, 0x04, 0x10, 0x20
POLICY = 1


class StatefulFirewall(OSKenApp):
    OFP_VERSIONS = [ofproto_v1_3.OFP_VERSION]

    @set_ev_cls(ofp_event.EventOFPSwitchFeatures, CONFIG_DISPATCHER)
    def begin(self, event):
        self.datapath = event.msg.datapath
        parser = self.datapath.ofproto_parser
        track = self.ct(0, POLICY)
        commit = self.ct(COMMIT, NO_TABLE)
        out, back = parser.OFPActionOutput(OUTSIDE), parser.OFPActionOutput(INSIDE)

        self.add(0, 10, {"eth_type": ether_types.ETH_TYPE_ARP, "in_port": INSIDE}, [out])
        self.add(0, 10, {"eth_type": ether_types.ETH_TYPE_ARP, "in_port": OUTSIDE}, [back])
        self.add(0, 10, {"eth_type": ether_types.ETH_TYPE_IP, "ct_state": (0, TRACKED)}, [track])

        self.add_for(TRACKED | NEW, INSIDE, [commit, out])
        for state in ESTABLISHED, RELATED:
            self.add_for(TRACKED | state, INSIDE, [out], INVALID)
            self.add_for(TRACKED | state, OUTSIDE, [back], INVALID)

    def ct(self, flags, table):
        parser = self.datapath.ofproto_parser
        return parser.NXActionCT(
            flags=flags, zone_src="", zone_ofs_nbits=ZONE, recirc_table=table, alg=0, actions=[]
        )

    def add_for(self, state, port, actions, without=0):
        match = {
            "eth_type": ether_types.ETH_TYPE_IP,
            "in_port": port,
            "ct_state": (state, state | without),
            "ct_zone": ZONE,
        }
        self.add(POLICY, 10, match, actions)

    def add(self, table, priority, fields, actions):
        ofp, parser = self.datapath.ofproto, self.datapath.ofproto_parser
        apply = parser.OFPInstructionActions(ofp.OFPIT_APPLY_ACTIONS, actions)
        self.datapath.send_msg(
            parser.OFPFlowMod(
                datapath=self.datapath,
                table_id=table,
                priority=priority,
                match=parser.OFPMatch(**fields),
                instructions=[apply],
            )
        )
