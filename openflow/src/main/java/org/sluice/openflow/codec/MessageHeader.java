package org.sluice.openflow.codec;

import org.sluice.openflow.codec.MessageForm.Family;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/**
 * What a message's header says.
 *
 * @param wireVersion the first byte, whether there is such a version or not
 * @param version the version to read it in
 * @param more whether further parts of a multipart message follow
 */
record MessageHeader(int wireVersion, OfVersion version, int xid, MessageForm form, boolean more) {
  static final int BYTES = 8;

  private static final String MODULE = "ofp_msgs";
  private static final int MAX_UNVERSIONED_TYPE = 3;

  /** The form that the header says. */
  static MessageForm formOf(WireReader in) {
    return readHeader(in).form();
  }

  /** Reads the header, which leaves {@code in} at the body; checks the body's length. */
  static MessageHeader read(WireReader in) {
    MessageHeader header = readHeader(in);
    if (!header.form().allows(in.left())) {
      int headerBytes = header.form().family().headerBytes(header.version());
      throw in.bad(
          OfError.OFPBRC_BAD_LEN,
          MODULE,
          "received %s with incorrect length %d (%s)"
              .formatted(
                  header.form().text(),
                  headerBytes + in.left(),
                  header.form().allowed(headerBytes)));
    }
    return header;
  }

  private static MessageHeader readHeader(WireReader in) {
    if (in.left() < BYTES) {
      throw in.bad(OfError.OFPBRC_BAD_LEN);
    }
    int wireVersion = in.u8();
    int type = in.u8();
    int length = in.u16();
    int xid = in.u32();
    OfVersion version = version(in, wireVersion, type);
    if (length != in.left() + BYTES) {
      throw in.bad(OfError.OFPBRC_BAD_LEN);
    }
    return new Reading(in, version, type).read(wireVersion, xid);
  }

  /** The first four types mean the same in every version, also in those to come. */
  private static OfVersion version(WireReader in, int wire, int type) {
    OfVersion version = OfVersion.ofWire(wire);
    if (version == null && (type > MAX_UNVERSIONED_TYPE || wire == 0)) {
      throw in.bad(
          OfError.OFPBRC_BAD_TYPE,
          MODULE,
          "unknown OpenFlow message (version %d, type %d)".formatted(wire, type));
    }
    return version == null ? OfVersion.OF10 : version;
  }

  /** A header being read. Used by one thread. */
  private static final class Reading {
    private final WireReader in;
    private final OfVersion version;
    private final int type;
    private final boolean stats;
    private final boolean reply;
    private int statsType;
    private boolean more;
    private int vendor;
    private int subtype;

    Reading(WireReader in, OfVersion version, int type) {
      this.in = in;
      this.version = version;
      this.type = type;
      int first = version == OfVersion.OF10 ? 16 : 18;
      reply = type == first + 1;
      stats = type == first || reply;
    }

    MessageHeader read(int wireVersion, int xid) {
      if (type == MessageForm.TYPE_VENDOR) {
        readVendor(0);
      } else if (stats) {
        statsType = in.u16();
        more = (in.u16() & 1) != 0;
        in.skip(version == OfVersion.OF10 ? 0 : 4);
        if (statsType == MessageForm.STATS_VENDOR) {
          readVendor(version == OfVersion.OF10 ? 4 : 0);
        }
      }
      return new MessageHeader(wireVersion, version, xid, form(), more);
    }

    private void readVendor(int padding) {
      vendor = in.u32();
      boolean onf = vendor == Vendor.ONF && !(stats && version == OfVersion.OF10);
      if (vendor != Vendor.NICIRA && !onf) {
        throw in.bad(
            OfError.OFPBRC_BAD_VENDOR,
            MODULE,
            "OpenFlow message has unknown vendor 0x%x".formatted(vendor));
      }
      subtype = in.u32();
      in.skip(padding);
    }

    private MessageForm form() {
      boolean standard = vendor == Vendor.STANDARD;
      int number = !standard ? subtype : stats ? statsType : type;
      MessageForm form = MessageForm.of(version, family(), number);
      if (form == null) {
        in.warn(MODULE, "unknown OpenFlow message (" + describe() + ")");
        throw in.bad(
            vendor != Vendor.STANDARD
                ? OfError.OFPBRC_BAD_SUBTYPE
                : stats ? OfError.OFPBRC_BAD_STAT : OfError.OFPBRC_BAD_TYPE);
      }
      return form;
    }

    private Family family() {
      return switch (vendor) {
        case Vendor.STANDARD -> family(Family.STANDARD, Family.STATS_REQUEST, Family.STATS_REPLY);
        case Vendor.NICIRA ->
            family(Family.NICIRA, Family.NICIRA_STATS_REQUEST, Family.NICIRA_STATS_REPLY);
        default -> family(Family.ONF, Family.ONF_STATS_REQUEST, Family.ONF_STATS_REPLY);
      };
    }

    private Family family(Family plain, Family request, Family answer) {
      return !stats ? plain : reply ? answer : request;
    }

    private String describe() {
      String text = "version %d, type %d".formatted(version.wire(), type);
      if (stats) {
        text += ", stat " + statsType;
      }
      return vendor == Vendor.STANDARD
          ? text
          : text + ", vendor 0x%x, subtype %d".formatted(vendor, subtype);
    }
  }
}
