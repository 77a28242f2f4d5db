package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.protocol.KeyReader;
import org.sluice.datapath.conntrack.table.ConnectionTable;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * Goes ahead of a batch whose connections no cache knows, and has the memory fetched that looking
 * them up is going to touch: the hash index, the first record of each chain and the next one. Each
 * of these is an address that the one before tells, so a lookup waits for one after the other;
 * lookups of different packets do not wait for each other, if only they are begun together.
 *
 * <p>Nothing rests on what is read here. The zone that packets are going to be tracked in is taken
 * to be the one that the last was; where it is another, that costs time and no more.
 *
 * <p>Belongs to one packet thread.
 */
public final class Vanguard {
  private static final int NONE = -1;

  private final ConnectionTable table;
  private final KeyReader reader;
  private final int[] hashes = new int[PacketBatch.CAPACITY];
  private final int[] records = new int[PacketBatch.CAPACITY];
  private int count;
  private int zone = NONE;

  Vanguard(ConnectionTable table, long salt) {
    this.table = table;
    this.reader = new KeyReader(salt);
  }

  /** A packet was looked up in {@code inZone}, as those of the next batch may be. */
  void follow(int inZone) {
    zone = inZone;
  }

  /** Whether packets have been looked up since this was asked last. */
  public boolean isWanted() {
    boolean wanted = zone != NONE;
    count = 0;
    return wanted;
  }

  /** Notes a parsed packet of the batch that no cache knows. */
  public void expect(Packet packet) {
    if (KeyReader.isPlain(packet)) {
      hashes[count++] = reader.hash(packet, zone);
    }
  }

  /** Begins all accesses; gives something that was read, so that it is. */
  public int advance() {
    for (int i = 0; i < count; i++) {
      records[i] = table.firstFor(hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      records[i] = table.approach(records[i]);
    }
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += table.approach(records[i]);
    }
    zone = NONE;
    return sum;
  }
}
