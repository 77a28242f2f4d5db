package org.sluice.datapath.datapath;

import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.hook.HookChain;

/** What the packet threads of one datapath share. */
record DatapathParts(
    DatapathOptions options,
    Conntrack conntrack,
    Upcall upcall,
    FaultSink faults,
    MegaflowLedger ledger,
    HookChain hooks,
    MeterTable meters) {}
