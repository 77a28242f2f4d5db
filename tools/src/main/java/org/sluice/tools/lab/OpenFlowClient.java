package org.sluice.tools.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.sluice.base.stream.StreamAddress;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.OfFrame;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/** Speaks to a bridge's management socket as {@code ovs-ofctl} does. Used by one thread. */
final class OpenFlowClient implements AutoCloseable {
  private final OfStream stream;
  private final Dialect dialect;
  private int xid;

  OpenFlowClient(Path socket) throws IOException {
    stream = new OfStream(new StreamAddress.Unix(false, socket).connect(null));
    dialect = Dialect.of(OfNegotiation.agree(stream, EnumSet.of(OfVersion.OF14)));
  }

  /** Replaces all rules by {@code flows}, in order, and waits until that is done. */
  void replaceFlows(List<FlowMod> flows) throws IOException {
    FlowMod everything =
        FlowMod.builder().command(FlowMod.Command.DELETE).table(FlowMod.ANY_TABLE).build();
    send(everything);
    for (FlowMod flow : flows) {
      send(flow);
    }
    int barrier = send(new OfMessage.BarrierRequest());
    OfMessage reply;
    do {
      reply = receive(barrier);
    } while (!(reply instanceof OfMessage.BarrierReply));
  }

  /** Every rule with its counters. */
  List<FlowStats> flows() throws IOException {
    int request = send(new Multipart.FlowStatsRequest(Multipart.FlowQuery.all(), false));
    List<FlowStats> all = new ArrayList<>();
    while (true) {
      if (receive(request) instanceof Multipart.FlowStatsReply reply) {
        all.addAll(reply.flows());
        if (!reply.more()) {
          return all;
        }
      }
    }
  }

  private int send(OfMessage message) throws IOException {
    xid++;
    for (byte[] bytes : OfEncoder.encode(message, xid, dialect)) {
      stream.send(bytes);
    }
    return xid;
  }

  /** The next message that answers {@code request}; an error that the switch reports is thrown. */
  private OfMessage receive(int request) throws IOException {
    while (true) {
      OfFrame frame = stream.receive();
      if (frame == null) {
        throw new IOException("the switch closed the OpenFlow connection");
      }
      switch (OfDecoder.decode(frame.bytes(), false)) {
        case Decoded.Ok(var version, int answered, OfMessage.ErrorReport report) ->
            throw new IOException("the switch refuses a request: " + report.error());
        case Decoded.Ok(var version, int answered, OfMessage message) when answered == request -> {
          return message;
        }
        case Decoded.Ok ok -> answer(ok);
        case Decoded.Bad bad -> throw new IOException("cannot read a reply: " + bad.error());
      }
    }
  }

  private void answer(Decoded.Ok ok) throws IOException {
    if (ok.message() instanceof OfMessage.EchoRequest echo) {
      for (byte[] bytes :
          OfEncoder.encode(new OfMessage.EchoReply(echo.data()), ok.xid(), dialect)) {
        stream.send(bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
