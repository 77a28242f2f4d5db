package org.sluice.vswitchd.translate;

import java.nio.ByteBuffer;
import org.sluice.openflow.action.Bytes;

/**
 * What a controller gets of a pipeline that waits for it, and gives back to have it go on: the
 * number under which the walk was frozen. Only this switch reads it, but Open vSwitch's programs
 * take it apart and put it together again, so that it must look like theirs: properties, of which a
 * cookie is the one that nothing is made of.
 *
 * <pre>
 *    0  int    padding
 *    4  short  0x8005, a cookie      6  short  its length, 16
 *    8  int    padding
 *   12  int    "SLC1"               16  int    the number
 * </pre>
 */
public final class Continuation {
  private static final int MAGIC = 0x534c_4331;
  private static final int BYTES = 20;
  private static final int PADDING_BYTES = 4;
  private static final int COOKIE = 0x8005;

  private Continuation() {}

  static Bytes of(int recircId) {
    ByteBuffer out = ByteBuffer.allocate(BYTES).putInt(0);
    out.putShort((short) COOKIE).putShort((short) (BYTES - PADDING_BYTES)).putInt(0);
    return Bytes.of(out.putInt(MAGIC).putInt(recircId).array());
  }

  /** The number in {@code bytes}; 0 where they are no continuation of this switch's. */
  public static int recircId(Bytes bytes) {
    if (bytes == null || bytes.size() != BYTES) {
      return RecirculationTable.NONE;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes.toArray()).position(BYTES - 8);
    return in.getInt() == MAGIC ? in.getInt() : RecirculationTable.NONE;
  }
}
