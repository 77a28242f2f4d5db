package org.sluice.datapath.datapath;

import java.util.Map;
import org.sluice.datapath.packet.DropReason;

/**
 * Counters of a datapath or of one of its threads at one moment. Summed while packets go on, so
 * that two of them need not agree to the packet.
 *
 * @param received packets taken from devices
 * @param microflowHits packets that the microflow cache answered whole
 * @param megaflowHits lookups that a megaflow answered, one per recirculation
 * @param misses lookups that went up
 * @param lost packets whose miss was not translated
 * @param probes tuples probed, over all lookups of megaflows
 * @param masks tuples at present, over all threads
 * @param megaflows installed at present
 * @param microflows in use at present, stale ones included
 * @param faults errors in the program itself, caught and survived
 * @param drops packets that ended without transmission, by reason; only reasons that occurred
 */
public record DatapathStatistics(
    long received,
    long microflowHits,
    long megaflowHits,
    long misses,
    long lost,
    long probes,
    long masks,
    long megaflows,
    long microflows,
    long faults,
    Map<DropReason, Long> drops) {
  public DatapathStatistics {
    drops = Map.copyOf(drops);
  }

  /** Lookups answered without going up, as {@code dpctl/show} prints them. */
  public long hits() {
    return microflowHits + megaflowHits;
  }

  /** Packets that ended for {@code reason}. */
  public long dropped(DropReason reason) {
    return drops.getOrDefault(reason, 0L);
  }
}
