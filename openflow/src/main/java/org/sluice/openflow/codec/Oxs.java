package org.sluice.openflow.codec;

import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.OfError;

/**
 * Statistics of 1.5, a list of entries like OXM's in class 0x8002; -1 for what is not said.
 *
 * @param idleS seconds since the last packet
 */
record Oxs(long durationNs, int idleS, int flows, FlowRemoved.Counts counts) {
  private static final int CLASS = 0x8002;
  private static final int DURATION = 0;
  private static final int IDLE = 1;
  private static final int FLOWS = 3;
  private static final int PACKETS = 4;
  private static final int BYTES = 5;

  static void write(WireWriter out, Oxs stats) {
    int start = out.size();
    out.u16(0).u16(0);
    if (stats.durationNs >= 0) {
      header(out, DURATION, 8);
      out.u32(stats.durationNs / 1_000_000_000).u32(stats.durationNs % 1_000_000_000);
    }
    if (stats.idleS >= 0) {
      header(out, IDLE, 8);
      out.u32(stats.idleS).u32(0);
    }
    if (stats.flows >= 0) {
      header(out, FLOWS, 4);
      out.u32(stats.flows);
    }
    if (stats.counts.packets() != -1) {
      header(out, PACKETS, 8);
      out.u64(stats.counts.packets());
    }
    if (stats.counts.bytes() != -1) {
      header(out, BYTES, 8);
      out.u64(stats.counts.bytes());
    }
    out.setLength(start);
    out.pad8(start);
  }

  private static void header(WireWriter out, int field, int bytes) {
    out.u16(CLASS).u8(field << 1).u8(bytes);
  }

  static Oxs read(WireReader in) {
    int length = in.peekU16(2);
    if (length < 4) {
      throw in.bad(OfError.OFPBRC_BAD_LEN);
    }
    WireReader padded = in.sub((length + 7) & ~7, OfError.OFPBRC_BAD_LEN);
    WireReader entries = padded.sub(length, OfError.OFPBRC_BAD_LEN).skip(4);
    long duration = -1;
    int idle = -1;
    int flows = -1;
    long packets = -1;
    long bytes = -1;
    while (!entries.isEmpty()) {
      int oxsClass = entries.u16();
      int field = entries.u8() >>> 1;
      WireReader value = entries.sub(entries.u8(), OfError.OFPBRC_BAD_LEN);
      if (oxsClass != CLASS) {
        continue;
      }
      switch (field) {
        case DURATION -> duration = value.unsigned32() * 1_000_000_000 + value.unsigned32();
        case IDLE -> idle = value.u32();
        case FLOWS -> flows = value.u32();
        case PACKETS -> packets = value.u64();
        case BYTES -> bytes = value.u64();
        default -> {}
      }
    }
    return new Oxs(duration, idle, flows, new FlowRemoved.Counts(packets, bytes));
  }
}
