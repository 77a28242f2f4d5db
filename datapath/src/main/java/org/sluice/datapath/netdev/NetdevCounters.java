package org.sluice.datapath.netdev;

/**
 * A device's counters while it runs. What is received is counted by the one thread that receives,
 * what is sent by whoever holds the lock to transmit; others read them a little late, through
 * {@link #snapshot}.
 */
public final class NetdevCounters {
  private long rxPackets;
  private long rxBytes;
  private long rxErrors;
  private long rxDropped;
  private long txPackets;
  private long txBytes;
  private long txErrors;
  private long txDropped;

  public void received(int bytes) {
    rxPackets++;
    rxBytes += bytes;
  }

  public void receiveFailed() {
    rxErrors++;
  }

  public void receiveDropped(long packets) {
    rxDropped += packets;
  }

  public void sent(int bytes) {
    txPackets++;
    txBytes += bytes;
  }

  public void sendFailed() {
    txErrors++;
  }

  public void sendDropped(long packets) {
    txDropped += packets;
  }

  /** The counters now. */
  public NetdevStatistics snapshot() {
    return new NetdevStatistics(
        rxPackets, rxBytes, rxErrors, rxDropped, txPackets, txBytes, txErrors, txDropped);
  }
}
