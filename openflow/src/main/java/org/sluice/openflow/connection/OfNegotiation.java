package org.sluice.openflow.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.sluice.openflow.message.OfVersion;

/**
 * The first exchange on a connection: both sides say hello with the versions they speak, and the
 * highest that both have is used (OpenFlow 1.3.1 section 6.3.1; a hello without the bitmap of that
 * version means all up to the one in its header).
 *
 * <pre>
 *   hello element: type 1 (2 bytes), length 8 (2 bytes), bitmap (4 bytes: bit n = version with wire number n)
 * </pre>
 */
public final class OfNegotiation {
  private static final int ELEMENT_VERSION_BITMAP = 1;
  private static final int HELLO_FAILED = 0;
  private static final int INCOMPATIBLE = 0;

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
    stream.send(hello(allowed));
    OfFrame first = stream.receive();
    if (first == null) {
      throw new OfConnectionException("the peer closed the connection before it said hello");
    }
    if (first.type() != OfFrame.TYPE_HELLO) {
      throw new OfConnectionException(
          "expected a hello first, but the peer sent a message of type " + first.type());
    }
    EnumSet<OfVersion> offered = versions(first);
    EnumSet<OfVersion> common = EnumSet.copyOf(offered);
    common.retainAll(allowed);
    if (common.isEmpty()) {
      throw refuse(stream, first, allowed);
    }
    OfVersion version = highest(common);
    stream.observer().negotiated(version, describe(allowed), describe(offered));
    return version;
  }

  private static OfConnectionException refuse(
      OfStream stream, OfFrame hello, Set<OfVersion> allowed) throws IOException {
    String text =
        "We support "
            + describe(allowed)
            + ", you support "
            + describe(versions(hello))
            + ", no common versions.";
    byte[] reason = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer body = ByteBuffer.allocate(4 + reason.length);
    body.putShort((short) HELLO_FAILED).putShort((short) INCOMPATIBLE).put(reason);
    stream.send(OfFrame.of(highest(allowed).wire(), OfFrame.TYPE_ERROR, hello.xid(), body.array()));
    return new OfConnectionException("version negotiation failed: " + text);
  }

  private static OfFrame hello(Set<OfVersion> allowed) {
    int bitmap = 0;
    for (OfVersion version : allowed) {
      bitmap |= version.bit();
    }
    ByteBuffer element = ByteBuffer.allocate(8);
    element.putShort((short) ELEMENT_VERSION_BITMAP).putShort((short) 8).putInt(bitmap);
    return OfFrame.of(highest(allowed).wire(), OfFrame.TYPE_HELLO, 1, element.array());
  }

  /** The versions that a hello offers; elements that cannot be read are passed over. */
  private static EnumSet<OfVersion> versions(OfFrame hello) {
    ByteBuffer body = hello.body();
    while (body.remaining() >= 8) {
      int start = body.position();
      int type = body.getShort() & 0xffff;
      int length = body.getShort() & 0xffff;
      if (length < 4 || length > body.limit() - start) {
        break;
      }
      if (type == ELEMENT_VERSION_BITMAP && length >= 8) {
        return inBitmap(body.getInt());
      }
      body.position(Math.min(body.limit(), start + (length + 7) / 8 * 8));
    }
    return upTo(hello.version());
  }

  private static EnumSet<OfVersion> inBitmap(int bitmap) {
    EnumSet<OfVersion> versions = EnumSet.allOf(OfVersion.class);
    versions.removeIf(version -> (bitmap & version.bit()) == 0);
    return versions;
  }

  private static EnumSet<OfVersion> upTo(int wire) {
    EnumSet<OfVersion> versions = EnumSet.allOf(OfVersion.class);
    versions.removeIf(version -> version.wire() > wire);
    return versions;
  }

  private static OfVersion highest(Collection<OfVersion> versions) {
    return versions.stream().max(Enum::compareTo).orElseThrow();
  }

  private static String describe(Set<OfVersion> versions) {
    if (versions.isEmpty()) {
      return "no versions";
    }
    OfVersion highest = highest(versions);
    if (versions.size() > 1 && upTo(highest.wire()).equals(versions)) {
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
