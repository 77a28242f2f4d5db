import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.sluice.base.stream.StreamAddress;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.OfAddress;
import org.sluice.openflow.connection.OfFrame;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.text.FlowFormatter;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** Adds a flow to a switch and shows the flows that it has: openflow/ as a library of its own. */
final class WatchFlows {
  public static void main(String[] arguments) throws IOException, OfSyntaxException {
    StreamAddress peer = OfAddress.parse(arguments[0], Path.of(""));
    try (OfStream stream = new OfStream(peer.connect(null))) {
      OfVersion version = OfNegotiation.agree(stream, Set.of(OfVersion.OF13, OfVersion.OF14));
      Dialect dialect = Dialect.of(version);

      FlowMod flow = FlowParser.parse(FlowMod.Command.ADD, arguments[1], Names.NONE);
      for (byte[] message : OfEncoder.encode(flow, 1, dialect)) {
        stream.send(message);
      }

      Multipart.FlowQuery all = Multipart.FlowQuery.all();
      List<byte[]> question =
          OfEncoder.encode(new Multipart.FlowStatsRequest(all, false), 2, dialect);
      stream.send(question.getFirst());
      boolean more = true;
      while (more) {
        OfFrame frame = stream.receive();
        switch (OfDecoder.decode(frame.bytes(), false)) {
          case Decoded.Ok(var v, int xid, Multipart.FlowStatsReply reply) -> {
            for (FlowStats stats : reply.flows()) {
              System.out.println(FlowFormatter.format(stats, Names.NONE, true));
            }
            more = reply.more();
          }
          case Decoded.Ok other -> System.out.println(other.message());
          case Decoded.Bad bad -> System.out.println("cannot read: " + bad.error());
        }
      }
    }
  }
}
