package org.sluice.openflow.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.sluice.openflow.text.Names;

class MessagePrinterTest {
  private static final int ERROR_BYTES = 12;
  private static final int MAX_BYTES = 65_535;

  private static String print(byte[] message) {
    return new MessagePrinter(Names.NONE, 0).print(message);
  }

  /** OFPBRC_BAD_TYPE in OpenFlow 1.3, about {@code message}. */
  private static byte[] errorAbout(byte[] message) {
    ByteBuffer error = ByteBuffer.allocate(ERROR_BYTES + message.length);
    error.put((byte) 4).put((byte) 1).putShort((short) error.capacity()).putInt(5);
    return error.putShort((short) 1).putShort((short) 1).put(message).array();
  }

  @Test
  void shouldShowWhatAnErrorIsAbout() {
    byte[] barrier = {4, 20, 0, 8, 0, 0, 0, 9};
    assertEquals(
        """
        OFPT_ERROR (OF1.3) (xid=0x5): OFPBRC_BAD_TYPE
        OFPT_ERROR (OF1.3) (xid=0x5): OFPBRC_BAD_TYPE
        OFPT_BARRIER_REQUEST (OF1.3) (xid=0x9):
        """,
        print(errorAbout(errorAbout(barrier))));
  }

  /** No stack has room for a message of nothing but errors about errors. */
  @Test
  void shouldNotFollowErrorsAboutErrorsForEver() {
    byte[] message = {};
    while (message.length + ERROR_BYTES <= MAX_BYTES) {
      message = errorAbout(message);
    }
    String text = print(message);
    assertTrue(text.startsWith("OFPT_ERROR (OF1.3) (xid=0x5): OFPBRC_BAD_TYPE\nOFPT_ERROR"));
    assertTrue(text.contains("\n00000000  04 01 "), "the rest byte by byte");
  }
}
