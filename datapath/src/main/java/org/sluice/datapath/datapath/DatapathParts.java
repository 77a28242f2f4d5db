package org.sluice.datapath.datapath;

import org.sluice.datapath.conntrack.Conntrack;

/** What the packet threads of one datapath share. */
record DatapathParts(
    DatapathOptions options,
    Conntrack conntrack,
    Upcall upcall,
    FaultSink faults,
    MegaflowLedger ledger,
    MeterTable meters) {}
