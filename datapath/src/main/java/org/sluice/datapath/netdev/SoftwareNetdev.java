package org.sluice.datapath.netdev;

/**
 * What devices that the kernel knows nothing of have in common: an address, an MTU and a state that
 * anybody may set, and counters.
 *
 * <p>The counters belong to the packet thread, the rest to any.
 */
public abstract class SoftwareNetdev implements Netdev {
  private static final int DEFAULT_MTU_BYTES = 1500;

  /** Counted by the packet thread. */
  protected final NetdevCounters counters = new NetdevCounters();

  private final String name;
  private final String type;
  private volatile long mac;
  private volatile int mtuBytes = DEFAULT_MTU_BYTES;
  private volatile int ifindex;
  private volatile boolean up = true;
  private volatile String error;

  protected SoftwareNetdev(String name, String type, long mac) {
    this.name = name;
    this.type = type;
    this.mac = mac;
  }

  /** From now on {@link #error} says {@code text}. */
  protected final void fail(String text) {
    error = text;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String type() {
    return type;
  }

  @Override
  public void flush() {}

  @Override
  public int pollFd() {
    return -1;
  }

  @Override
  public final long macAddress() {
    return mac;
  }

  @Override
  public final String setMacAddress(long address) {
    mac = address;
    return null;
  }

  @Override
  public final int mtu() {
    return mtuBytes;
  }

  @Override
  public final String setMtu(int bytes) {
    mtuBytes = bytes;
    return null;
  }

  @Override
  public final int ifindex() {
    return ifindex;
  }

  /** Sets what {@link #ifindex} says. */
  public final void setIfindex(int index) {
    ifindex = index;
  }

  @Override
  public final boolean adminUp() {
    return up;
  }

  @Override
  public final String setAdminUp(boolean wanted) {
    up = wanted;
    return null;
  }

  @Override
  public final boolean linkUp() {
    return up;
  }

  @Override
  public NetdevStatistics statistics() {
    return counters.snapshot();
  }

  @Override
  public final String error() {
    return error;
  }

  @Override
  public void close() {
    up = false;
  }
}
