package org.sluice.datapath.netdev.dummy;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.datapath.netdev.pcap.PcapWriter;

/**
 * Writes what a device receives and sends to capture files, each frame at once, so that somebody
 * who reads along sees it. Used by the packet thread; closed by any.
 */
public final class FrameRecorder implements DummyNetdev.Listener, AutoCloseable {
  private static final long NANOS_PER_MILLISECOND = 1_000_000L;

  private final PcapWriter received;
  private final PcapWriter sent;
  private final Clock clock;

  private FrameRecorder(PcapWriter received, PcapWriter sent, Clock clock) {
    this.received = received;
    this.sent = sent;
    this.clock = clock;
  }

  /** Records everything in one file, behind what it has already. */
  public static FrameRecorder both(Path file, Clock clock) throws IOException {
    PcapWriter writer = PcapWriter.append(file);
    return new FrameRecorder(writer, writer, clock);
  }

  /** Records what is received and what is sent apart; either file may be null. */
  public static FrameRecorder apart(Path received, Path sent, Clock clock) throws IOException {
    PcapWriter first = received == null ? null : PcapWriter.append(received);
    return new FrameRecorder(first, sent == null ? null : PcapWriter.append(sent), clock);
  }

  @Override
  public synchronized void frame(boolean isSent, byte[] frame) {
    PcapWriter writer = isSent ? sent : received;
    if (writer != null) {
      try {
        writer.write(clock.wallMs() * NANOS_PER_MILLISECOND, frame);
        writer.flush();
      } catch (IOException e) {
        // A full disk must not stop packets; the capture ends early, as anybody sees.
        return;
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (received != null) {
      received.close();
    }
    if (sent != null && sent != received) {
      sent.close();
    }
  }
}
