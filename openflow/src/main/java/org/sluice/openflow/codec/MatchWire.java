package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Matches by themselves, outside of any message, in each of their forms. */
public final class MatchWire {
  /** Bytes of the match of OpenFlow 1.0. */
  public static final int BYTES_10 = 40;

  /** Bytes of the match of OpenFlow 1.1. */
  public static final int BYTES_11 = 88;

  private MatchWire() {}

  /**
   * A match that was read, or why it could not be.
   *
   * @param match null where there is an error
   * @param cookie what a Nicira match says of it, under a mask that is 0 where it says nothing
   * @param error null where there is none
   * @param notes what the log should say
   */
  public record Read(Match match, long cookie, long cookieMask, OfError error, List<Note> notes) {}

  /** The match of OpenFlow 1.0. */
  public static byte[] write10(Match match) {
    WireWriter out = new WireWriter();
    FixedMatch10.write(out, match);
    return out.toArray();
  }

  /** Reads it. */
  public static Match read10(byte[] bytes) {
    return FixedMatch10.read(new WireReader(bytes));
  }

  /** The match of OpenFlow 1.1. */
  public static byte[] write11(Match match) {
    WireWriter out = new WireWriter();
    FixedMatch11.write(out, match);
    return out.toArray();
  }

  /** Reads it. */
  public static Read read11(byte[] bytes) {
    return read(bytes, in -> new MatchCodec.Result(MatchCodec.read(in), 0, 0));
  }

  /** NXM entries without padding, with a cookie if the mask is not 0. */
  public static byte[] writeNxm(Match match, long cookie, long cookieMask) {
    WireWriter out = new WireWriter();
    int length = MatchCodec.writeNxm(out, match, cookie, cookieMask);
    return Arrays.copyOf(out.toArray(), length);
  }

  /** Reads them; if not {@code strict}, unknown fields are passed over and nothing is required. */
  public static Read readNxm(byte[] entries, boolean strict) {
    MatchCodec.Rules rules =
        strict ? MatchCodec.Rules.WITH_COOKIE : MatchCodec.Rules.LOOSE_WITH_COOKIE;
    byte[] padded = Arrays.copyOf(entries, (entries.length + 7) & ~7);
    return read(padded, in -> MatchCodec.readNxm(in, entries.length, rules));
  }

  /** OXM entries without header and padding. */
  public static byte[] writeOxm(Match match, OfVersion version) {
    WireWriter out = new WireWriter();
    int length = MatchCodec.writeOxm(out, match, version);
    return Arrays.copyOfRange(out.toArray(), 4, length);
  }

  /** Reads them; if not {@code strict}, unknown fields are passed over and nothing is required. */
  public static Read readOxm(byte[] entries, boolean strict) {
    MatchCodec.Rules rules = strict ? MatchCodec.Rules.STRICT : MatchCodec.Rules.LOOSE;
    return read(entries, in -> MatchCodec.readEntries(in, rules));
  }

  private static Read read(byte[] bytes, Function<WireReader, MatchCodec.Result> how) {
    List<Note> notes = new ArrayList<>();
    try {
      MatchCodec.Result result = how.apply(new WireReader(bytes, notes));
      return new Read(result.match(), result.cookie(), result.cookieMask(), null, notes);
    } catch (BadWireException bad) {
      return new Read(null, 0, 0, bad.error(), notes);
    }
  }
}
