import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.ConnectionEvent;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.CtState;
import org.sluice.datapath.conntrack.TrackRequest;
import org.sluice.datapath.conntrack.Tracker;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.netdev.pcap.PcapReader;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/**
 * Connection tracking without a switch: reads a capture, says what each packet is to its
 * connection, and prints what happens to connections.
 *
 * <pre>
 *   java --enable-native-access=org.sluice.base -p .sluice/lib --add-modules org.sluice.datapath \\
 *       examples/tracker/TrackCapture.java examples/firewall/captures/http/client.pcap
 * </pre>
 */
public final class TrackCapture {
  /** Remembers connections in zone 0, and reads what FTP announces. */
  private static final TrackRequest COMMIT = TrackRequest.commit(0, Gateway.FTP);

  private TrackCapture() {}

  public static void main(String[] arguments) throws Exception {
    Conntrack conntrack = new Conntrack(1);
    conntrack.keepEvents(1024);
    Tracker tracker = conntrack.newTracker();
    Packet packet = new PacketBatch().append();
    try (PcapReader capture = PcapReader.open(Path.of(arguments[0]))) {
      for (PcapReader.Frame frame = capture.next(); frame != null; frame = capture.next()) {
        long nowMs = TimeUnit.NANOSECONDS.toMillis(frame.timeNs());
        conntrack.sweep(nowMs, Integer.MAX_VALUE);
        packet.reset();
        packet.length = frame.bytes().length;
        OffHeap.copyIn(frame.bytes(), 0, packet.address, packet.length);
        Parser.parse(packet);
        DropReason reason = tracker.track(packet, COMMIT, nowMs);
        String why = reason == null ? "" : " (" + reason.text() + ")";
        System.out.println("packet " + CtState.text(packet.ctState) + why);
        conntrack.pollEvents(TrackCapture::print, 100);
      }
    }
  }

  private static void print(ConnectionEvent event) {
    String line = ConnectionText.line(event.connection(), false, true);
    System.out.println("  " + event.kind() + " " + line);
  }
}
