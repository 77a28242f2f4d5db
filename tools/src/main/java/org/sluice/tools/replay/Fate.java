package org.sluice.tools.replay;

import java.util.List;
import org.sluice.datapath.netdev.pcap.PcapReader;
import org.sluice.datapath.packet.DropReason;
import org.sluice.vswitchd.classifier.Rule;

/**
 * What became of one frame.
 *
 * @param sinceStartNs when it came in, counted from the first frame
 * @param port it came in by
 * @param outputs the ports it left by, one for each copy
 * @param drops why it, or copies of it, ended
 * @param rules that it met, table by table
 */
record Fate(
    long sinceStartNs,
    int port,
    PcapReader.Frame frame,
    List<Integer> outputs,
    List<DropReason> drops,
    List<Rule> rules) {}
