package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.FieldIds;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Matches on the wire: NXM and OXM lists, and the fixed structures of 1.0 and 1.1. */
final class MatchCodec {
  private static final int TYPE_STANDARD = 0;
  private static final int TYPE_OXM = 1;
  private static final int STANDARD_BYTES = 88;

  private MatchCodec() {}

  /** A match, and the cookie that a Nicira match carries; mask 0 where it carries none. */
  record Result(Match match, long cookie, long cookieMask) {}

  /**
   * How entries are read.
   *
   * @param strict fields must be known, and what they need be matched before them
   * @param cookie there may be a cookie among them
   * @param pipeline only fields of the pipeline may be there, none of the packet
   */
  record Rules(boolean strict, boolean cookie, boolean pipeline) {
    static final Rules STRICT = new Rules(true, false, false);
    static final Rules WITH_COOKIE = new Rules(true, true, false);
    static final Rules LOOSE = new Rules(false, false, false);
    static final Rules LOOSE_WITH_COOKIE = new Rules(false, true, false);
    static final Rules PIPELINE = new Rules(false, false, true);
  }

  // Writing.

  /** NXM entries padded to 8 bytes; gives the length before padding. */
  static int writeNxm(WireWriter out, Match match, long cookie, long cookieMask) {
    int start = out.size();
    OxmMatch.write(out, match, null);
    if (cookieMask != 0) {
      Oxm.writeCookie(out, cookie, cookieMask);
    }
    int length = out.size() - start;
    out.pad8(start);
    return length;
  }

  /** An OXM match with its header and padding; gives the length before padding. */
  static int writeOxm(WireWriter out, Match match, OfVersion version) {
    int start = out.size();
    out.u16(TYPE_OXM).u16(0);
    OxmMatch.write(out, match, version);
    int length = out.size() - start;
    out.setLength(start);
    out.pad8(start);
    return length;
  }

  /** The match that requests of 1.1 on carry: the fixed one of 1.1, then OXM. */
  static void write(WireWriter out, Match match, OfVersion version) {
    if (version == OfVersion.OF11) {
      FixedMatch11.write(out, match);
    } else {
      writeOxm(out, match, version);
    }
  }

  // Reading.

  /** NXM entries of {@code length} bytes and their padding. */
  static Result readNxm(WireReader in, int length, Rules rules) {
    int padded = (length + 7) & ~7;
    WireReader entries = in.sub(padded, OfError.OFPBMC_BAD_LEN);
    return readEntries(entries.sub(length, OfError.OFPBMC_BAD_LEN), rules);
  }

  /** A match with its header, of either type. */
  static Match read(WireReader in) {
    if (in.left() < 4) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    int type = in.peekU16(0);
    int length = in.peekU16(2);
    if (type == TYPE_STANDARD) {
      if (length != STANDARD_BYTES || in.left() < STANDARD_BYTES) {
        throw in.bad(OfError.OFPBMC_BAD_LEN);
      }
      return FixedMatch11.read(in);
    }
    return readOxm(in, Rules.STRICT);
  }

  /** A match with its header, which may only be OXM. */
  static Match readOxm(WireReader in, Rules rules) {
    if (in.left() < 4 || in.peekU16(2) < 4) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
    if (in.peekU16(0) != TYPE_OXM) {
      throw in.bad(OfError.OFPBMC_BAD_TYPE);
    }
    int length = in.peekU16(2);
    WireReader padded = in.sub((length + 7) & ~7, OfError.OFPBMC_BAD_LEN);
    WireReader entries = padded.sub(length, OfError.OFPBMC_BAD_LEN).skip(4);
    return readEntries(entries, rules).match();
  }

  /** Entries without header or padding, up to the reader's end. */
  static Match readBare(WireReader in) {
    return readEntries(in, Rules.LOOSE).match();
  }

  static Result readEntries(WireReader in, Rules rules) {
    OptionLayout options = in.options() == null ? OptionLayout.NONE : in.options();
    MatchBuilder builder = MatchBuilder.reused(options);
    long cookie = 0;
    long cookieMask = 0;
    while (!in.isEmpty()) {
      if (Oxm.skipUnknown(in)) {
        requireLoose(in, rules);
        continue;
      }
      if (Oxm.isOption(in)) {
        add(in, builder, Oxm.readOption(in));
        continue;
      }
      Oxm.Entry entry = Oxm.read(in, false);
      if (entry.field() != null) {
        add(in, builder, entry, rules);
      } else if (!rules.cookie()) {
        throw in.bad(OfError.OFPBMC_BAD_FIELD);
      } else if (cookieMask != 0) {
        throw in.bad(OfError.OFPBMC_DUP_FIELD);
      } else {
        cookie = entry.low();
        cookieMask = entry.maskLow();
      }
    }
    return new Result(builder.build(), cookie, cookieMask);
  }

  private static void requireLoose(WireReader in, Rules rules) {
    if (rules.strict()) {
      throw in.bad(OfError.OFPBMC_BAD_FIELD);
    }
  }

  private static void add(WireReader in, MatchBuilder builder, Oxm.Entry entry, Rules rules) {
    Field field = entry.field();
    check(in, entry);
    if (rules.strict() && !builder.meetsPrerequisite(field)) {
      throw in.bad(OfError.OFPBMC_BAD_PREREQ);
    }
    if (builder.touches(field) && field != Field.VLAN_PCP) {
      throw in.bad(OfError.OFPBMC_DUP_FIELD);
    }
    if (rules.pipeline() && !field.isOfPipeline()) {
      throw in.bad(OfError.OFPBRC_PIPELINE_FIELDS_ONLY);
    }
    boolean ofEthernet = field.prerequisite() == Field.Prerequisite.ETHERNET;
    if (ofEthernet && !builder.touches(Field.PACKET_TYPE) && entry.maskLow() == 0) {
      builder.exact(Field.PACKET_TYPE, 0);
    }
    boolean wild = entry.masked() && (entry.maskHigh() | entry.maskLow()) == 0;
    if (!wild) {
      builder.set(field, entry.high(), entry.low(), entry.maskHigh(), entry.maskLow());
    }
  }

  private static void add(WireReader in, MatchBuilder builder, Oxm.Option option) {
    if (builder.touches(option.field())) {
      throw in.bad(OfError.OFPBMC_DUP_FIELD);
    }
    if (!builder.set(option.field(), option.bits())) {
      throw in.bad(OfError.OFPBMC_BAD_LEN);
    }
  }

  private static void check(WireReader in, Oxm.Entry entry) {
    Field field = entry.field();
    if (!isMaskValid(entry)) {
      throw in.bad(OfError.OFPBMC_BAD_MASK);
    }
    if (!isValueValid(field, entry.high(), entry.low())) {
      throw in.bad(OfError.OFPBMC_BAD_VALUE);
    }
  }

  /** Whether the field may be masked so: any mask, or for some only all or nothing. */
  static boolean isMaskValid(Oxm.Entry entry) {
    if (entry.field().maskable() || !entry.masked()) {
      return true;
    }
    int bytes = FieldIds.wireBytes(entry.field());
    long all = bytes >= 8 ? -1L : (1L << (8 * bytes)) - 1;
    return entry.maskLow() == 0 || entry.maskLow() == all;
  }

  /** Whether the field can have that value. */
  static boolean isValueValid(Field field, long high, long low) {
    return switch (field) {
      case IN_PORT, IN_PORT_OXM, ACTSET_OUTPUT -> low >= 0 && low <= OfPort.NONE;
      case VLAN_VID -> low >>> 13 == 0;
      case NW_TOS -> (low & ~0xfcL) == 0;
      case ARP_OP -> low <= 0xff;
      case CT_STATE -> low <= 0xff;
      case TUN_FLAGS -> low <= 1;
      case TUN_ERSPAN_IDX -> true;
      case NSH_TTL -> low <= 63;
      case NSH_MDTYPE -> low == 1 || low == 2;
      default -> {
        FieldSlice all = FieldSlice.all(field);
        yield (high & ~all.maskHigh()) == 0 && (low & ~all.maskLow()) == 0;
      }
    };
  }
}
