package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sluice.openflow.codec.MessageForm;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.connection.OfFrame;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/**
 * Puts multipart requests together that come in several parts (OpenFlow 1.3.1 and later, 7.3.5):
 * parts of one request have one transaction id and one type, and all but the last say that there is
 * more. Parts without a body may stand anywhere among them.
 *
 * <p>What waits is bounded in number, bytes and time, for one peer. The peer's reader takes parts;
 * another thread looks for requests of which nothing more comes.
 */
final class RequestParts {
  /** Requests of which some parts have come. */
  static final int MAX_REQUESTS = 64;

  /** Bytes of all parts that have come; the features of all tables may be more than one million. */
  static final int MAX_BYTES = 4 << 20;

  /** How long after one part the next may come. */
  private static final long PATIENCE_NS = 1_000_000_000;

  private static final int REQUEST_TYPE = 18;
  private static final int TYPE_AT = 8;
  private static final int FLAGS_AT = 10;
  private static final int MORE = 1;
  private static final int BODY_AT = 16;
  private static final int VENDOR_BODY_AT = 24;

  private final Map<Integer, Begun> begun = new HashMap<>();
  private int bytes;

  /** What has come of one request. */
  private static final class Begun {
    private final MessageForm form;
    private final List<OfFrame> parts = new ArrayList<>();
    private long heardNs;

    Begun(MessageForm form) {
      this.form = form;
    }

    int bytes() {
      return parts.stream().mapToInt(part -> part.bytes().length).sum();
    }

    /** The parts with a body, or any one. */
    List<OfFrame> needed() {
      List<OfFrame> full = parts.stream().filter(RequestParts::hasBody).toList();
      return full.isEmpty() ? List.of(parts.getLast()) : full;
    }
  }

  /**
   * What came of a part.
   *
   * @param parts all that belong together, once the last has come; none before
   * @param error what is wrong with it, or null
   */
  record Taken(List<OfFrame> parts, OfError error) {}

  /** Takes a message that has come; one that is no part of several is given back at once. */
  synchronized Taken take(OfFrame frame, long nowNs) {
    if (!isParted(frame)) {
      return new Taken(List.of(frame), null);
    }
    MessageForm form = OfDecoder.formOf(frame.bytes());
    if (form == null || (hasBody(frame) && !OfDecoder.hasAllowedLength(frame.bytes()))) {
      return new Taken(List.of(frame), null); // the decoder says what is wrong
    }
    Begun request = begun.computeIfAbsent(frame.xid(), _ -> new Begun(form));
    OfError error = refusal(request, form, frame);
    if (error != null) {
      end(frame.xid());
      return new Taken(List.of(), error);
    }
    request.parts.add(frame);
    request.heardNs = nowNs;
    bytes += frame.bytes().length;
    if (hasMore(frame)) {
      return new Taken(List.of(), null);
    }
    end(frame.xid());
    return new Taken(request.needed(), null);
  }

  private OfError refusal(Begun request, MessageForm form, OfFrame frame) {
    if (request.form != form) {
      return OfError.OFPBRC_BAD_STAT;
    }
    boolean isTooMuch = begun.size() > MAX_REQUESTS || bytes + frame.bytes().length > MAX_BYTES;
    return isTooMuch ? OfError.OFPBRC_MULTIPART_BUFFER_OVERFLOW : null;
  }

  private void end(int xid) {
    bytes -= begun.remove(xid).bytes();
  }

  /** Forgets requests of which no part has come for too long; the last part of each. */
  synchronized List<OfFrame> expire(long nowNs) {
    List<OfFrame> expired = new ArrayList<>();
    for (Map.Entry<Integer, Begun> each : List.copyOf(begun.entrySet())) {
      if (nowNs - each.getValue().heardNs >= PATIENCE_NS) {
        expired.add(each.getValue().parts.getLast());
        end(each.getKey());
      }
    }
    return expired;
  }

  private boolean isParted(OfFrame frame) {
    return frame.version() >= OfVersion.OF13.wire()
        && frame.type() == REQUEST_TYPE
        && frame.bytes().length >= BODY_AT
        && (hasMore(frame) || begun.containsKey(frame.xid()));
  }

  private static boolean hasMore(OfFrame frame) {
    return (frame.bytes()[FLAGS_AT + 1] & MORE) != 0;
  }

  private static boolean hasBody(OfFrame frame) {
    byte[] bytes = frame.bytes();
    boolean isVendors = bytes[TYPE_AT] == -1 && bytes[TYPE_AT + 1] == -1;
    return bytes.length > (isVendors ? VENDOR_BODY_AT : BODY_AT);
  }

  /** Both parts' lists as one request; null where such requests are no lists. */
  static OfMessage join(OfMessage first, OfMessage second) {
    if (first instanceof Multipart.TableFeaturesRequest(var tables, var _)
        && second instanceof Multipart.TableFeaturesRequest(var others, var _)) {
      return new Multipart.TableFeaturesRequest(both(tables, others), false);
    }
    if (first instanceof Multipart.FlowMonitorRequest(var monitors, var _)
        && second instanceof Multipart.FlowMonitorRequest(var others, var _)) {
      return new Multipart.FlowMonitorRequest(both(monitors, others), false);
    }
    return null;
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
