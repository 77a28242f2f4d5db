package org.sluice.openflow.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/**
 * The first exchange on a connection: both sides say hello with the versions they speak, and the
 * highest that both have is used (OpenFlow 1.3.1 section 6.3.1; a hello without the bitmap of that
 * version means all up to the one in its header).
 */
public final class OfNegotiation {
  private static final int HELLO_XID = 1;

  private OfNegotiation() {}

  /**
   * Shakes hands where that is still to be done, says hello, waits for the peer's, and returns the
   * version to use.
   *
   * @param allowed what this side may speak; not empty
   * @throws OfConnectionException if the two have no version in common (the peer has been told so),
   *     or the peer does not say hello
   */
  public static OfVersion agree(OfStream stream, Set<OfVersion> allowed) throws IOException {
    stream.handshake();
    send(stream, OfMessage.Hello.of(allowed), HELLO_XID, highest(allowed));
    OfFrame first = stream.receive();
    if (first == null) {
      throw new OfConnectionException("the peer closed the connection before it said hello");
    }
    Set<OfVersion> offered = versions(first);
    EnumSet<OfVersion> common = EnumSet.copyOf(allowed);
    common.retainAll(offered);
    if (common.isEmpty()) {
      throw refuse(stream, first.xid(), offered, allowed);
    }
    OfVersion version = highest(common);
    stream.observer().negotiated(version, describe(allowed), describe(offered));
    return version;
  }

  private static void send(OfStream stream, OfMessage message, int xid, OfVersion version)
      throws IOException {
    stream.send(OfEncoder.encode(message, xid, Dialect.of(version)));
  }

  private static OfConnectionException refuse(
      OfStream stream, int xid, Set<OfVersion> offered, Set<OfVersion> allowed) throws IOException {
    String text =
        "We support "
            + describe(allowed)
            + ", you support "
            + describe(offered)
            + ", no common versions.";
    Bytes reason = Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    OfMessage report = new OfMessage.ErrorReport(OfError.OFPHFC_INCOMPATIBLE, reason);
    send(stream, report, xid, highest(allowed));
    return new OfConnectionException("version negotiation failed: " + text);
  }

  /** The versions that a hello offers. */
  private static Set<OfVersion> versions(OfFrame first) throws OfConnectionException {
    if (!(OfDecoder.inspect(first.bytes()).message() instanceof OfMessage.Hello hello)) {
      throw new OfConnectionException(
          "expected a hello first, but the peer sent a message of type %d in version %d"
              .formatted(first.type(), first.version()));
    }
    return hello.versions();
  }

  private static OfVersion highest(Collection<OfVersion> versions) {
    return versions.stream().max(Enum::compareTo).orElseThrow();
  }

  private static String describe(Set<OfVersion> versions) {
    if (versions.isEmpty()) {
      return "no versions";
    }
    OfVersion highest = highest(versions);
    if (versions.size() > 1 && versions.equals(EnumSet.range(OfVersion.OF10, highest))) {
      return "version 0x0" + highest.wire() + " and earlier";
    }
    StringBuilder text = new StringBuilder(versions.size() == 1 ? "version " : "versions ");
    String separator = "";
    for (OfVersion version : EnumSet.copyOf(versions)) {
      text.append(separator).append("0x0").append(version.wire());
      separator = ", ";
    }
    return text.toString();
  }
}
