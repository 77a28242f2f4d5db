package org.sluice.vswitchd.translate;

import java.nio.ByteBuffer;
import org.sluice.openflow.action.Bytes;

/**
 * What a controller gets of a pipeline that waits for it, and gives back to have it go on: the
 * number under which the walk was frozen. Only this switch reads it.
 */
public final class Continuation {
  private static final int MAGIC = 0x534c_4331;

  private Continuation() {}

  static Bytes of(int recircId) {
    return Bytes.of(ByteBuffer.allocate(8).putInt(MAGIC).putInt(recircId).array());
  }

  /** The number in {@code bytes}; 0 where they are no continuation of this switch's. */
  public static int recircId(Bytes bytes) {
    if (bytes == null || bytes.size() != 8) {
      return RecirculationTable.NONE;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes.toArray());
    return in.getInt() == MAGIC ? in.getInt() : RecirculationTable.NONE;
  }
}
