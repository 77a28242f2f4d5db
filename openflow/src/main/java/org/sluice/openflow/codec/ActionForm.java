package org.sluice.openflow.codec;

import static org.sluice.openflow.message.OfVersion.OF10;
import static org.sluice.openflow.message.OfVersion.OF11;
import static org.sluice.openflow.message.OfVersion.OF12;
import static org.sluice.openflow.message.OfVersion.OF13;
import static org.sluice.openflow.message.OfVersion.OF14;
import static org.sluice.openflow.message.OfVersion.OF15;
import static org.sluice.openflow.message.Vendor.NICIRA;
import static org.sluice.openflow.message.Vendor.ONF;
import static org.sluice.openflow.message.Vendor.STANDARD;

import java.util.List;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/**
 * Every form that an action can have on the wire: its name, whose it is, its number there, the
 * versions that have it and its length, which is the least of it where it varies.
 */
record ActionForm(
    String name,
    int vendor,
    int number,
    OfVersion first,
    OfVersion last,
    int minBytes,
    boolean variable) {
  static final String MODULE = "ofp_actions";

  private static final int TYPE_VENDOR = 0xffff;
  private static final int MAX_BYTES = 65528;
  private static final int VARIABLE = 1 << 16;

  private static final List<ActionForm> ALL =
      // spotless:off
      List.of(
        row("OFPAT_OUTPUT", STANDARD, 0, OF10, OF10, 8),
        row("OFPAT_OUTPUT", STANDARD, 0, OF11, OF15, 16),
        row("OFPAT_SET_VLAN_VID", STANDARD, 1, OF10, OF15, 8),
        row("OFPAT_SET_VLAN_PCP", STANDARD, 2, OF10, OF15, 8),
        row("OFPAT_PUSH_VLAN", STANDARD, 17, OF11, OF15, 8),
        row("OFPAT_STRIP_VLAN", STANDARD, 3, OF10, OF10, 8),
        row("OFPAT_SET_DL_SRC", STANDARD, 3, OF11, OF15, 16),
        row("OFPAT_POP_VLAN", STANDARD, 18, OF11, OF15, 8),
        row("OFPAT_SET_DL_SRC", STANDARD, 4, OF10, OF10, 16),
        row("OFPAT_SET_DL_DST", STANDARD, 4, OF11, OF15, 16),
        row("OFPAT_SET_DL_DST", STANDARD, 5, OF10, OF10, 16),
        row("OFPAT_SET_NW_SRC", STANDARD, 5, OF11, OF15, 8),
        row("OFPAT_SET_NW_SRC", STANDARD, 6, OF10, OF10, 8),
        row("OFPAT_SET_NW_DST", STANDARD, 6, OF11, OF15, 8),
        row("OFPAT_SET_NW_DST", STANDARD, 7, OF10, OF10, 8),
        row("OFPAT_SET_NW_TOS", STANDARD, 7, OF11, OF15, 8),
        row("OFPAT_SET_NW_TOS", STANDARD, 8, OF10, OF10, 8),
        row("OFPAT_SET_NW_ECN", STANDARD, 8, OF11, OF15, 8),
        row("OFPAT_SET_TP_SRC", STANDARD, 9, OF10, OF15, 8),
        row("OFPAT_SET_TP_DST", STANDARD, 10, OF10, OF15, 8),
        row("OFPAT_ENQUEUE", STANDARD, 11, OF10, OF10, 16),
        row("OFPAT_SET_MPLS_LABEL", STANDARD, 13, OF11, OF15, 8),
        row("OFPAT_SET_MPLS_TC", STANDARD, 14, OF11, OF15, 8),
        row("OFPAT_SET_MPLS_TTL", STANDARD, 15, OF11, OF15, 8),
        row("OFPAT_DEC_MPLS_TTL", STANDARD, 16, OF11, OF15, 8),
        row("OFPAT_PUSH_MPLS", STANDARD, 19, OF11, OF15, 8),
        row("OFPAT_POP_MPLS", STANDARD, 20, OF11, OF15, 8),
        row("OFPAT_SET_QUEUE", STANDARD, 21, OF11, OF15, 8),
        row("OFPAT_GROUP", STANDARD, 22, OF11, OF15, 8),
        row("OFPAT_SET_NW_TTL", STANDARD, 23, OF11, OF15, 8),
        row("OFPAT_DEC_NW_TTL", STANDARD, 24, OF11, OF15, 8),
        row("OFPAT_SET_FIELD", STANDARD, 25, OF12, OF15, 8 | VARIABLE),
        row("OFPAT_COPY_FIELD", STANDARD, 28, OF15, OF15, 16 | VARIABLE),
        row("OFPAT_METER", STANDARD, 29, OF15, OF15, 8),
        row("ONFACT_COPY_FIELD", ONF, 3200, OF13, OF14, 24 | VARIABLE),
        row("OFPAT_SET_MPLS_LABEL", NICIRA, 30, OF10, OF10, 16),
        row("OFPAT_SET_MPLS_TC", NICIRA, 31, OF10, OF10, 16),
        row("OFPAT_SET_MPLS_TTL", NICIRA, 25, OF10, OF10, 16),
        row("OFPAT_DEC_MPLS_TTL", NICIRA, 26, OF10, OF10, 16),
        row("OFPAT_PUSH_MPLS", NICIRA, 23, OF10, OF10, 16),
        row("OFPAT_POP_MPLS", NICIRA, 24, OF10, OF10, 16),
        row("OFPAT_SET_QUEUE", NICIRA, 4, OF10, OF10, 16),
        row("OFPAT_GROUP", NICIRA, 40, OF10, OF10, 16),
        row("OFPAT_DEC_NW_TTL", NICIRA, 18, OF10, OF10, 16),
        row("NXAST_DEC_TTL_CNT_IDS", NICIRA, 21, OF10, OF15, 16 | VARIABLE),
        row("NXAST_REG_LOAD", NICIRA, 7, OF10, OF14, 24),
        row("NXAST_REG_LOAD2", NICIRA, 33, OF10, OF14, 16 | VARIABLE),
        row("NXAST_REG_MOVE", NICIRA, 6, OF10, OF14, 16 | VARIABLE),
        row("NXAST_RESUBMIT", NICIRA, 1, OF10, OF15, 16),
        row("NXAST_RESUBMIT_TABLE", NICIRA, 14, OF10, OF15, 16),
        row("NXAST_RESUBMIT_TABLE_CT", NICIRA, 44, OF10, OF15, 16),
        row("NXAST_SET_TUNNEL", NICIRA, 2, OF10, OF15, 16),
        row("NXAST_SET_TUNNEL64", NICIRA, 9, OF10, OF15, 24),
        row("NXAST_POP_QUEUE", NICIRA, 5, OF10, OF15, 16),
        row("NXAST_NOTE", NICIRA, 8, OF10, OF15, 16 | VARIABLE),
        row("NXAST_MULTIPATH", NICIRA, 10, OF10, OF15, 32),
        row("NXAST_BUNDLE", NICIRA, 12, OF10, OF15, 32 | VARIABLE),
        row("NXAST_BUNDLE_LOAD", NICIRA, 13, OF10, OF15, 32 | VARIABLE),
        row("NXAST_OUTPUT_REG", NICIRA, 15, OF10, OF15, 24),
        row("NXAST_OUTPUT_REG2", NICIRA, 32, OF10, OF15, 24),
        row("NXAST_LEARN", NICIRA, 16, OF10, OF15, 32 | VARIABLE),
        row("NXAST_LEARN2", NICIRA, 45, OF10, OF15, 40 | VARIABLE),
        row("NXAST_EXIT", NICIRA, 17, OF10, OF15, 16),
        row("NXAST_FIN_TIMEOUT", NICIRA, 19, OF10, OF15, 16),
        row("NXAST_CONTROLLER", NICIRA, 20, OF10, OF15, 16),
        row("NXAST_CONTROLLER2", NICIRA, 37, OF10, OF15, 16 | VARIABLE),
        row("NXAST_WRITE_METADATA", NICIRA, 22, OF10, OF15, 32),
        row("NXAST_STACK_PUSH", NICIRA, 27, OF10, OF15, 24),
        row("NXAST_STACK_POP", NICIRA, 28, OF10, OF15, 24),
        row("NXAST_SAMPLE", NICIRA, 29, OF10, OF15, 24),
        row("NXAST_SAMPLE2", NICIRA, 38, OF10, OF15, 32),
        row("NXAST_SAMPLE3", NICIRA, 41, OF10, OF15, 32),
        row("NXAST_SAMPLE4", NICIRA, 51, OF10, OF15, 40),
        row("NXAST_CONJUNCTION", NICIRA, 34, OF10, OF15, 16),
        row("NXAST_CT", NICIRA, 35, OF10, OF15, 24 | VARIABLE),
        row("NXAST_NAT", NICIRA, 36, OF10, OF15, 16 | VARIABLE),
        row("NXAST_OUTPUT_TRUNC", NICIRA, 39, OF10, OF15, 16),
        row("NXAST_CLONE", NICIRA, 42, OF10, OF15, 16 | VARIABLE),
        row("NXAST_CT_CLEAR", NICIRA, 43, OF10, OF15, 16),
        row("NXAST_ENCAP", NICIRA, 46, OF13, OF15, 16 | VARIABLE),
        row("NXAST_DECAP", NICIRA, 47, OF13, OF15, 16 | VARIABLE),
        row("NXAST_DEC_NSH_TTL", NICIRA, 48, OF13, OF15, 16),
        row("NXAST_CHECK_PKT_LARGER", NICIRA, 49, OF10, OF15, 24 | VARIABLE),
        row("NXAST_DELETE_FIELD", NICIRA, 50, OF10, OF15, 24),
        row("NXAST_DEBUG_SLOW", NICIRA, 254, OF10, OF15, 16),
        row("NXAST_DEBUG_RECIRC", NICIRA, 255, OF10, OF15, 16));
  // spotless:on

  private static final FormIndex<ActionForm> INDEX =
      FormIndex.of(
          ALL, ActionForm::isIn, (form, version) -> key(version, form.vendor, form.number));

  private boolean isIn(OfVersion version) {
    return version.isAtLeast(first) && !last.isBefore(version);
  }

  private static long key(OfVersion version, int vendor, int number) {
    return (long) vendor << 32 | (long) number << 8 | version.ordinal();
  }

  private static ActionForm row(
      String name, int vendor, int number, OfVersion first, OfVersion last, int bytes) {
    boolean variable = (bytes & VARIABLE) != 0;
    return new ActionForm(name, vendor, number, first, last, bytes & ~VARIABLE, variable);
  }

  /** The form of the action that comes next, whose length is right. */
  static ActionForm next(WireReader in, OfVersion version) {
    if (in.left() < 8) {
      throw in.bad(OfError.OFPBAC_BAD_LEN);
    }
    ActionForm form = of(in, version);
    form.checkLength(in, in.peekU16(2));
    return form;
  }

  private static ActionForm of(WireReader in, OfVersion version) {
    int vendor = Vendor.STANDARD;
    int number = in.peekU16(0);
    if (number == TYPE_VENDOR) {
      vendor = in.peekU16(4) << 16 | in.peekU16(6);
      if (vendor != NICIRA && vendor != ONF) {
        throw in.bad(
            OfError.OFPBAC_BAD_VENDOR,
            MODULE,
            "OpenFlow action has unknown vendor 0x%x".formatted(vendor));
      }
      if (in.left() < 16) {
        throw in.bad(OfError.OFPBAC_BAD_LEN);
      }
      number = in.peekU16(8);
    }
    ActionForm form = INDEX.get(key(version, vendor, number));
    if (form == null) {
      throw in.bad(
          vendor == STANDARD ? OfError.OFPBAC_BAD_TYPE : OfError.OFPBAC_BAD_VENDOR_TYPE,
          MODULE,
          "unknown %s action for vendor %s and type %d"
              .formatted(
                  version.text(), vendor == 0 ? "0" : "0x" + Integer.toHexString(vendor), number));
    }
    return form;
  }

  private void checkLength(WireReader in, int length) {
    int max = variable ? MAX_BYTES : minBytes;
    String problem = null;
    if (length > in.left()) {
      problem = "exceeds action buffer length " + in.left();
    } else if (length < minBytes || length > max) {
      problem = "not in valid range [%d,%d]".formatted(minBytes, max);
    } else if (length % 8 != 0) {
      problem = "is not a multiple of 8";
    }
    if (problem != null) {
      throw in.bad(
          OfError.OFPBAC_BAD_LEN,
          MODULE,
          "OpenFlow action " + name + " length " + length + " " + problem);
    }
  }
}
