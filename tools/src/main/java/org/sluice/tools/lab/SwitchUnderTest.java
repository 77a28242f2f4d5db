package org.sluice.tools.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the lab asks of the switch that it tries the policies on. */
interface SwitchUnderTest extends AutoCloseable {
  /**
   * What the switch has counted up to now.
   *
   * @param rules the rules' packets, those of one cookie together
   * @param drops packets dropped or found invalid, by the reason's counter name
   */
  record Counts(List<RuleCount> rules, Map<String, Long> drops) {}

  /** One rule's packets; {@code drops} = it has no output. */
  record RuleCount(long cookie, boolean drops, long packets) {}

  /**
   * How the caches did.
   *
   * @param lookups packets looked up
   * @param microflowHits answered by the exact-match cache
   * @param megaflowHits answered by the masked cache
   * @param misses translated by the slow path
   */
  record CacheCounts(long lookups, long microflowHits, long megaflowHits, long misses) {
    /** What was added since {@code before}. */
    CacheCounts since(CacheCounts before) {
      return new CacheCounts(
          lookups - before.lookups,
          microflowHits - before.microflowHits,
          megaflowHits - before.megaflowHits,
          misses - before.misses);
    }
  }

  /** Replaces all rules by those of {@code policy}'s flow file and forgets all connections. */
  void install(Policy policy) throws IOException;

  /** Counts that include every packet so far. */
  Counts counts() throws IOException;

  CacheCounts caches() throws IOException;

  /** The connection table, a line each, as {@code dpctl/dump-conntrack} prints it. */
  List<String> connections() throws IOException;

  @Override
  void close() throws IOException;
}
