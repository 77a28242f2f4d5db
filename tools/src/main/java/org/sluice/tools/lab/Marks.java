package org.sluice.tools.lab;

/** How the frames that decide a probe are told from all others, on a live wire and in a capture. */
final class Marks {
  static final int HTTP_PORT = 80;
  static final int CLOSED_PORT = 81;
  static final int FTP_PORT = 21;

  /** Where the client listens for the connection that the server must not open. */
  static final int CLIENT_PORT = 9000;

  /** What the client really sends, and what is sent again in its place: equally long. */
  static final String ORIGINAL = "X-Text: what the client wrote...";

  static final String REPLACED = "X-Text: what somebody else wrote";

  static final String OUT_OF_WINDOW = "far outside the window";

  /** How far from the right sequence number a forger guesses. */
  static final long FORGED_OFFSET = 0x2000_0000L;

  private Marks() {}

  /** Whether {@code probe} passes exactly if this frame, sent during it, arrives. */
  static boolean decides(Probe probe, Frame frame) {
    return switch (probe) {
      case PING -> frame.isIcmp();
      case HTTP, FTP_ACTIVE, FTP_PASSIVE -> frame.isTcp();
      case SERVER_OPENS -> isSyn(frame) && frame.destinationPort() == CLIENT_PORT;
      case ACK_SCAN_OPEN -> isBareAck(frame) && frame.destinationPort() == HTTP_PORT;
      case ACK_SCAN_CLOSED -> isBareAck(frame) && frame.destinationPort() == CLOSED_PORT;
      case FORGED_RST -> frame.tcpFlags() == Frame.TCP_RST && frame.sourcePort() == HTTP_PORT;
      case OUT_OF_WINDOW -> frame.carries(OUT_OF_WINDOW);
      case OVERLAP -> frame.carries(REPLACED);
    };
  }

  private static boolean isSyn(Frame frame) {
    return (frame.tcpFlags() & (Frame.TCP_SYN | Frame.TCP_ACK)) == Frame.TCP_SYN;
  }

  private static boolean isBareAck(Frame frame) {
    return frame.tcpFlags() == Frame.TCP_ACK && frame.payload().length == 0;
  }
}
