package org.sluice.datapath.datapath;

/**
 * What a datapath is made with.
 *
 * @param name as {@code dpctl/show} prints it, such as {@code netdev@ovs-netdev}
 * @param threads packet threads to begin with
 * @param megaflowLimit megaflows that all threads together keep; misses beyond it are translated
 *     each time
 * @param maskLimit masks that one thread probes; beyond it new megaflows share wider ones
 * @param microflowLimit microflows that one thread keeps, rounded up to a power of two
 * @param missesPerSecond misses that a port may cause per second; 0 = as many as it likes
 * @param seed of the hash functions, so that nobody outside can aim at a bucket
 */
public record DatapathOptions(
    String name,
    int threads,
    int megaflowLimit,
    int maskLimit,
    int microflowLimit,
    int missesPerSecond,
    long seed) {
  /**
   * More flows than a thread can set up per second today, and so no hindrance to honest ones; a
   * bound to what a faster one lets a single port take.
   */
  public static final int DEFAULT_MISSES_PER_SECOND = 1_000_000;

  public DatapathOptions {
    if (threads < 1 || megaflowLimit < 1 || maskLimit < 1 || microflowLimit < 1) {
      throw new IllegalArgumentException("a datapath needs at least one thread and one entry");
    }
  }

  /** One thread, and limits that suit most. */
  public static DatapathOptions named(String name) {
    return new DatapathOptions(
        name, 1, 200_000, 128, 1 << 18, DEFAULT_MISSES_PER_SECOND, System.identityHashCode(name));
  }

  /** The same with {@code count} packet threads. */
  public DatapathOptions withThreads(int count) {
    return new DatapathOptions(
        name, count, megaflowLimit, maskLimit, microflowLimit, missesPerSecond, seed);
  }

  /** The same with other bounds on what one thread caches. */
  public DatapathOptions withLimits(int megaflows, int masks, int microflows) {
    return new DatapathOptions(name, threads, megaflows, masks, microflows, missesPerSecond, seed);
  }

  /** The same with a limit to the misses that one port may cause. */
  public DatapathOptions withMissesPerSecond(int misses) {
    return new DatapathOptions(
        name, threads, megaflowLimit, maskLimit, microflowLimit, misses, seed);
  }

  /** The same with other hash functions. */
  public DatapathOptions withSeed(long newSeed) {
    return new DatapathOptions(
        name, threads, megaflowLimit, maskLimit, microflowLimit, missesPerSecond, newSeed);
  }
}
