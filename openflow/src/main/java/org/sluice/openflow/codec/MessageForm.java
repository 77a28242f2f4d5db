package org.sluice.openflow.codec;

import static org.sluice.openflow.codec.MessageForm.Family.NICIRA;
import static org.sluice.openflow.codec.MessageForm.Family.NICIRA_STATS_REPLY;
import static org.sluice.openflow.codec.MessageForm.Family.NICIRA_STATS_REQUEST;
import static org.sluice.openflow.codec.MessageForm.Family.ONF;
import static org.sluice.openflow.codec.MessageForm.Family.ONF_STATS_REPLY;
import static org.sluice.openflow.codec.MessageForm.Family.ONF_STATS_REQUEST;
import static org.sluice.openflow.codec.MessageForm.Family.STANDARD;
import static org.sluice.openflow.codec.MessageForm.Family.STATS_REPLY;
import static org.sluice.openflow.codec.MessageForm.Family.STATS_REQUEST;
import static org.sluice.openflow.message.OfVersion.OF10;
import static org.sluice.openflow.message.OfVersion.OF11;
import static org.sluice.openflow.message.OfVersion.OF12;
import static org.sluice.openflow.message.OfVersion.OF13;
import static org.sluice.openflow.message.OfVersion.OF14;
import static org.sluice.openflow.message.OfVersion.OF15;

import java.util.List;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/**
 * Every form that a message can have on the wire. A row says to which family of headers it belongs,
 * its number there, the versions that have it, how many bytes its body has at least, and of what
 * the rest is a multiple: 0 where there can be no more.
 *
 * <pre>
 *  0  version  1  type  2  length (16)  4  xid (32)
 *  8  vendor:     vendor (32)  subtype (32)
 *  8  multipart:  type (16)  flags (16)  [from 1.1: 0 (32)]
 *     vendor's multipart, type 0xffff:  vendor (32)  subtype (32)  [1.0: 0 (32)]
 * </pre>
 *
 * A name's digits tell forms of one message apart; tools print it without them.
 */
public enum MessageForm {
  // spotless:off
  OFPT_HELLO(STANDARD, 0, OF10, OF15, 0, 1),
  OFPT_ERROR(STANDARD, 1, OF10, OF15, 4, 1),
  OFPT_ECHO_REQUEST(STANDARD, 2, OF10, OF15, 0, 1),
  OFPT_ECHO_REPLY(STANDARD, 3, OF10, OF15, 0, 1),
  OFPT_FEATURES_REQUEST(STANDARD, 5, OF10, OF15, 0, 0),
  OFPT10_FEATURES_REPLY(STANDARD, 6, OF10, OF10, 24, 48),
  OFPT11_FEATURES_REPLY(STANDARD, 6, OF11, OF12, 24, 64),
  OFPT13_FEATURES_REPLY(STANDARD, 6, OF13, OF15, 24, 0),
  OFPT_GET_CONFIG_REQUEST(STANDARD, 7, OF10, OF15, 0, 0),
  OFPT_GET_CONFIG_REPLY(STANDARD, 8, OF10, OF15, 4, 0),
  OFPT_SET_CONFIG(STANDARD, 9, OF10, OF15, 4, 0),
  OFPT10_PACKET_IN(STANDARD, 10, OF10, OF10, 10, 1),
  OFPT11_PACKET_IN(STANDARD, 10, OF11, OF11, 16, 1),
  OFPT12_PACKET_IN(STANDARD, 10, OF12, OF12, 8, 1),
  OFPT13_PACKET_IN(STANDARD, 10, OF13, OF15, 16, 1),
  NXT_PACKET_IN(NICIRA, 17, OF10, OF15, 24, 1),
  NXT_PACKET_IN2(NICIRA, 30, OF10, OF15, 0, 8),
  OFPT10_FLOW_REMOVED(STANDARD, 11, OF10, OF10, 80, 0),
  OFPT11_FLOW_REMOVED(STANDARD, 11, OF11, OF14, 40, 8),
  OFPT15_FLOW_REMOVED(STANDARD, 11, OF15, OF15, 16, 8),
  NXT_FLOW_REMOVED(NICIRA, 14, OF10, OF15, 40, 8),
  OFPT10_PORT_STATUS(STANDARD, 12, OF10, OF10, 56, 0),
  OFPT11_PORT_STATUS(STANDARD, 12, OF11, OF13, 72, 0),
  OFPT14_PORT_STATUS(STANDARD, 12, OF14, OF15, 48, 8),
  OFPT10_PACKET_OUT(STANDARD, 13, OF10, OF10, 8, 1),
  OFPT11_PACKET_OUT(STANDARD, 13, OF11, OF14, 16, 1),
  OFPT15_PACKET_OUT(STANDARD, 13, OF15, OF15, 8, 1),
  OFPT10_FLOW_MOD(STANDARD, 14, OF10, OF10, 64, 8),
  OFPT11_FLOW_MOD(STANDARD, 14, OF11, OF15, 40, 8),
  NXT_FLOW_MOD(NICIRA, 13, OF10, OF15, 32, 8),
  NXT_GROUP_MOD(NICIRA, 31, OF10, OF10, 16, 8),
  OFPT11_GROUP_MOD(STANDARD, 15, OF11, OF14, 8, 8),
  OFPT15_GROUP_MOD(STANDARD, 15, OF15, OF15, 16, 8),
  OFPT10_PORT_MOD(STANDARD, 15, OF10, OF10, 24, 0),
  OFPT11_PORT_MOD(STANDARD, 16, OF11, OF13, 32, 0),
  OFPT14_PORT_MOD(STANDARD, 16, OF14, OF15, 24, 8),
  OFPT11_TABLE_MOD(STANDARD, 17, OF11, OF13, 8, 0),
  OFPT14_TABLE_MOD(STANDARD, 17, OF14, OF15, 8, 8),
  OFPT10_BARRIER_REQUEST(STANDARD, 18, OF10, OF10, 0, 0),
  OFPT11_BARRIER_REQUEST(STANDARD, 20, OF11, OF15, 0, 0),
  OFPT10_BARRIER_REPLY(STANDARD, 19, OF10, OF10, 0, 0),
  OFPT11_BARRIER_REPLY(STANDARD, 21, OF11, OF15, 0, 0),
  OFPT10_QUEUE_GET_CONFIG_REQUEST(STANDARD, 20, OF10, OF10, 4, 0),
  OFPT11_QUEUE_GET_CONFIG_REQUEST(STANDARD, 22, OF11, OF13, 8, 0),
  OFPT10_QUEUE_GET_CONFIG_REPLY(STANDARD, 21, OF10, OF10, 8, 8),
  OFPT11_QUEUE_GET_CONFIG_REPLY(STANDARD, 23, OF11, OF13, 8, 8),
  OFPT12_ROLE_REQUEST(STANDARD, 24, OF12, OF15, 16, 0),
  NXT_ROLE_REQUEST(NICIRA, 10, OF10, OF15, 4, 0),
  OFPT12_ROLE_REPLY(STANDARD, 25, OF12, OF15, 16, 0),
  NXT_ROLE_REPLY(NICIRA, 11, OF10, OF15, 4, 0),
  OFPT13_GET_ASYNC_REQUEST(STANDARD, 26, OF13, OF13, 0, 0),
  OFPT14_GET_ASYNC_REQUEST(STANDARD, 26, OF14, OF15, 0, 0),
  OFPT13_GET_ASYNC_REPLY(STANDARD, 27, OF13, OF13, 24, 0),
  OFPT14_GET_ASYNC_REPLY(STANDARD, 27, OF14, OF15, 0, 8),
  OFPT13_SET_ASYNC(STANDARD, 28, OF13, OF13, 24, 0),
  NXT_SET_ASYNC_CONFIG(NICIRA, 19, OF10, OF15, 24, 0),
  NXT_SET_ASYNC_CONFIG2(NICIRA, 27, OF10, OF13, 0, 8),
  OFPT14_SET_ASYNC(STANDARD, 28, OF14, OF15, 0, 8),
  OFPT13_METER_MOD(STANDARD, 29, OF13, OF15, 8, 8),
  ONFT13_ROLE_STATUS(ONF, 1911, OF13, OF13, 16, 8),
  OFPT14_ROLE_STATUS(STANDARD, 30, OF14, OF15, 16, 8),
  OFPT14_TABLE_STATUS(STANDARD, 31, OF14, OF15, 8, 8),
  NXT_REQUESTFORWARD(NICIRA, 132, OF10, OF12, 8, 8),
  ONFT13_REQUESTFORWARD(ONF, 2350, OF13, OF13, 8, 8),
  OFPT14_REQUESTFORWARD(STANDARD, 32, OF14, OF15, 8, 8),
  OFPT14_BUNDLE_CONTROL(STANDARD, 33, OF14, OF15, 8, 8),
  ONFT13_BUNDLE_CONTROL(ONF, 2300, OF13, OF13, 8, 8),
  OFPT14_BUNDLE_ADD_MESSAGE(STANDARD, 34, OF14, OF15, 8, 1),
  ONFT13_BUNDLE_ADD_MESSAGE(ONF, 2301, OF13, OF13, 8, 1),
  OFPST_DESC_REQUEST(STATS_REQUEST, 0, OF10, OF15, 0, 0),
  OFPST_DESC_REPLY(STATS_REPLY, 0, OF10, OF15, 1056, 0),
  OFPST10_FLOW_REQUEST(STATS_REQUEST, 1, OF10, OF10, 44, 0),
  OFPST11_FLOW_REQUEST(STATS_REQUEST, 1, OF11, OF15, 32, 8),
  NXST_FLOW_REQUEST(NICIRA_STATS_REQUEST, 0, OF10, OF10, 8, 8),
  OFPST10_FLOW_REPLY(STATS_REPLY, 1, OF10, OF10, 0, 1),
  OFPST11_FLOW_REPLY(STATS_REPLY, 1, OF11, OF12, 0, 1),
  OFPST13_FLOW_REPLY(STATS_REPLY, 1, OF13, OF14, 0, 1),
  OFPST15_FLOW_REPLY(STATS_REPLY, 1, OF15, OF15, 0, 1),
  NXST_FLOW_REPLY(NICIRA_STATS_REPLY, 0, OF10, OF10, 0, 1),
  OFPST10_AGGREGATE_REQUEST(STATS_REQUEST, 2, OF10, OF10, 44, 0),
  OFPST11_AGGREGATE_REQUEST(STATS_REQUEST, 2, OF11, OF14, 32, 8),
  OFPST15_AGGREGATE_REQUEST(STATS_REQUEST, 2, OF15, OF15, 32, 8),
  NXST_AGGREGATE_REQUEST(NICIRA_STATS_REQUEST, 1, OF10, OF10, 8, 8),
  OFPST_AGGREGATE_REPLY(STATS_REPLY, 2, OF10, OF14, 24, 0),
  OFPST15_AGGREGATE_REPLY(STATS_REPLY, 2, OF15, OF15, 0, 1),
  NXST_AGGREGATE_REPLY(NICIRA_STATS_REPLY, 1, OF10, OF10, 24, 0),
  OFPST_TABLE_REQUEST(STATS_REQUEST, 3, OF10, OF15, 0, 0),
  OFPST10_TABLE_REPLY(STATS_REPLY, 3, OF10, OF10, 0, 64),
  OFPST11_TABLE_REPLY(STATS_REPLY, 3, OF11, OF11, 0, 88),
  OFPST12_TABLE_REPLY(STATS_REPLY, 3, OF12, OF12, 0, 128),
  OFPST13_TABLE_REPLY(STATS_REPLY, 3, OF13, OF15, 0, 24),
  OFPST10_PORT_REQUEST(STATS_REQUEST, 4, OF10, OF10, 8, 0),
  OFPST11_PORT_REQUEST(STATS_REQUEST, 4, OF11, OF15, 8, 0),
  OFPST10_PORT_REPLY(STATS_REPLY, 4, OF10, OF10, 0, 104),
  OFPST11_PORT_REPLY(STATS_REPLY, 4, OF11, OF12, 0, 104),
  OFPST13_PORT_REPLY(STATS_REPLY, 4, OF13, OF13, 0, 112),
  OFPST14_PORT_REPLY(STATS_REPLY, 4, OF14, OF15, 0, 8),
  OFPST10_QUEUE_REQUEST(STATS_REQUEST, 5, OF10, OF10, 8, 0),
  OFPST11_QUEUE_REQUEST(STATS_REQUEST, 5, OF11, OF15, 8, 0),
  OFPST10_QUEUE_REPLY(STATS_REPLY, 5, OF10, OF10, 0, 32),
  OFPST11_QUEUE_REPLY(STATS_REPLY, 5, OF11, OF12, 0, 32),
  OFPST13_QUEUE_REPLY(STATS_REPLY, 5, OF13, OF13, 0, 40),
  OFPST14_QUEUE_REPLY(STATS_REPLY, 5, OF14, OF15, 0, 8),
  NXST_GROUP_REQUEST(NICIRA_STATS_REQUEST, 7, OF10, OF10, 8, 0),
  OFPST11_GROUP_REQUEST(STATS_REQUEST, 6, OF11, OF15, 8, 0),
  NXST_GROUP_REPLY(NICIRA_STATS_REPLY, 7, OF10, OF10, 0, 8),
  OFPST11_GROUP_REPLY(STATS_REPLY, 6, OF11, OF12, 0, 8),
  OFPST13_GROUP_REPLY(STATS_REPLY, 6, OF13, OF15, 0, 8),
  NXST_GROUP_DESC_REQUEST(NICIRA_STATS_REQUEST, 8, OF10, OF10, 8, 0),
  OFPST11_GROUP_DESC_REQUEST(STATS_REQUEST, 7, OF11, OF14, 0, 0),
  OFPST15_GROUP_DESC_REQUEST(STATS_REQUEST, 7, OF15, OF15, 8, 0),
  NXST_GROUP_DESC_REPLY(NICIRA_STATS_REPLY, 8, OF10, OF10, 0, 8),
  OFPST11_GROUP_DESC_REPLY(STATS_REPLY, 7, OF11, OF15, 0, 8),
  NXST_GROUP_FEATURES_REQUEST(NICIRA_STATS_REQUEST, 9, OF10, OF11, 0, 0),
  OFPST12_GROUP_FEATURES_REQUEST(STATS_REQUEST, 8, OF12, OF15, 0, 0),
  NXST_GROUP_FEATURES_REPLY(NICIRA_STATS_REPLY, 9, OF10, OF11, 40, 0),
  OFPST12_GROUP_FEATURES_REPLY(STATS_REPLY, 8, OF12, OF15, 40, 0),
  OFPST13_METER_REQUEST(STATS_REQUEST, 9, OF13, OF15, 8, 0),
  OFPST13_METER_REPLY(STATS_REPLY, 9, OF13, OF15, 0, 8),
  OFPST13_METER_CONFIG_REQUEST(STATS_REQUEST, 10, OF13, OF15, 8, 0),
  OFPST13_METER_CONFIG_REPLY(STATS_REPLY, 10, OF13, OF15, 0, 8),
  OFPST13_METER_FEATURES_REQUEST(STATS_REQUEST, 11, OF13, OF15, 0, 0),
  OFPST13_METER_FEATURES_REPLY(STATS_REPLY, 11, OF13, OF15, 16, 0),
  OFPST13_TABLE_FEATURES_REQUEST(STATS_REQUEST, 12, OF13, OF15, 0, 8),
  OFPST13_TABLE_FEATURES_REPLY(STATS_REPLY, 12, OF13, OF15, 64, 8),
  OFPST14_TABLE_DESC_REQUEST(STATS_REQUEST, 14, OF14, OF15, 0, 0),
  OFPST14_TABLE_DESC_REPLY(STATS_REPLY, 14, OF14, OF15, 8, 8),
  OFPST10_PORT_DESC_REQUEST(STATS_REQUEST, 13, OF10, OF14, 0, 0),
  OFPST15_PORT_DESC_REQUEST(STATS_REQUEST, 13, OF15, OF15, 8, 0),
  OFPST10_PORT_DESC_REPLY(STATS_REPLY, 13, OF10, OF10, 0, 48),
  OFPST11_PORT_DESC_REPLY(STATS_REPLY, 13, OF11, OF13, 0, 64),
  OFPST14_PORT_DESC_REPLY(STATS_REPLY, 13, OF14, OF15, 0, 8),
  OFPST14_QUEUE_DESC_REQUEST(STATS_REQUEST, 15, OF14, OF15, 8, 0),
  OFPST14_QUEUE_DESC_REPLY(STATS_REPLY, 15, OF14, OF15, 0, 8),
  OFPST14_FLOW_MONITOR_REQUEST(STATS_REQUEST, 16, OF14, OF15, 0, 8),
  ONFST13_FLOW_MONITOR_REQUEST(ONF_STATS_REQUEST, 1870, OF13, OF13, 0, 8),
  NXST_FLOW_MONITOR_REQUEST(NICIRA_STATS_REQUEST, 2, OF10, OF12, 0, 8),
  OFPST14_FLOW_MONITOR_REPLY(STATS_REPLY, 16, OF14, OF15, 0, 8),
  ONFST13_FLOW_MONITOR_REPLY(ONF_STATS_REPLY, 1870, OF13, OF13, 0, 8),
  NXST_FLOW_MONITOR_REPLY(NICIRA_STATS_REPLY, 2, OF10, OF12, 0, 8),
  ONFT13_FLOW_MONITOR_CANCEL(ONF, 1870, OF13, OF13, 4, 0),
  NXT_FLOW_MONITOR_CANCEL(NICIRA, 21, OF10, OF12, 4, 0),
  ONFT13_FLOW_MONITOR_PAUSED(ONF, 1871, OF13, OF13, 0, 0),
  NXT_FLOW_MONITOR_PAUSED(NICIRA, 22, OF10, OF12, 0, 0),
  ONFT13_FLOW_MONITOR_RESUMED(ONF, 1872, OF13, OF13, 0, 0),
  NXT_FLOW_MONITOR_RESUMED(NICIRA, 23, OF10, OF12, 0, 0),
  NXT_SET_FLOW_FORMAT(NICIRA, 12, OF10, OF10, 4, 0),
  NXT_FLOW_MOD_TABLE_ID(NICIRA, 15, OF10, OF15, 8, 0),
  NXT_SET_PACKET_IN_FORMAT(NICIRA, 16, OF10, OF15, 4, 0),
  NXT_FLOW_AGE(NICIRA, 18, OF10, OF15, 0, 0),
  NXT_SET_CONTROLLER_ID(NICIRA, 20, OF10, OF15, 8, 0),
  NXT_TLV_TABLE_MOD(NICIRA, 24, OF10, OF15, 8, 8),
  NXT_TLV_TABLE_REQUEST(NICIRA, 25, OF10, OF15, 0, 0),
  NXT_TLV_TABLE_REPLY(NICIRA, 26, OF10, OF15, 16, 8),
  NXT_RESUME(NICIRA, 28, OF10, OF15, 0, 8),
  NXT_CT_FLUSH_ZONE(NICIRA, 29, OF10, OF15, 8, 0),
  NXT_CT_FLUSH(NICIRA, 32, OF10, OF15, 8, 8),
  NXST_IPFIX_BRIDGE_REQUEST(NICIRA_STATS_REQUEST, 3, OF10, OF15, 0, 0),
  NXST_IPFIX_BRIDGE_REPLY(NICIRA_STATS_REPLY, 3, OF10, OF15, 88, 0),
  NXST_IPFIX_FLOW_REQUEST(NICIRA_STATS_REQUEST, 4, OF10, OF15, 0, 0),
  NXST_IPFIX_FLOW_REPLY(NICIRA_STATS_REPLY, 4, OF10, OF15, 0, 88);
  // spotless:on

  static final int TYPE_VENDOR = 4;
  static final int STATS_VENDOR = 0xffff;

  private static final FormIndex<MessageForm> INDEX =
      FormIndex.of(
          List.of(values()),
          MessageForm::isIn,
          (form, version) -> key(version, form.family, form.number));

  private static long key(OfVersion version, Family family, int number) {
    return (long) number << 16 | family.ordinal() << 8 | version.ordinal();
  }

  private final Family family;
  private final int number;
  private final OfVersion first;
  private final OfVersion last;
  private final int minBody;
  private final int multiple;
  private final String text;

  MessageForm(
      Family family, int number, OfVersion first, OfVersion last, int minBody, int multiple) {
    this.family = family;
    this.number = number;
    this.first = first;
    this.last = last;
    this.minBody = minBody;
    this.multiple = multiple;
    String plain = name().replaceFirst("\\d*_", "_");
    text =
        family.isStats()
            ? plain.replaceFirst("_REQUEST$", " request").replaceFirst("_REPLY$", " reply")
            : plain;
  }

  /** Kinds of header. */
  enum Family {
    STANDARD(Vendor.STANDARD),
    NICIRA(Vendor.NICIRA),
    ONF(Vendor.ONF),
    STATS_REQUEST(Vendor.STANDARD),
    STATS_REPLY(Vendor.STANDARD),
    NICIRA_STATS_REQUEST(Vendor.NICIRA),
    NICIRA_STATS_REPLY(Vendor.NICIRA),
    ONF_STATS_REQUEST(Vendor.ONF),
    ONF_STATS_REPLY(Vendor.ONF);

    private final int vendor;

    Family(int vendor) {
      this.vendor = vendor;
    }

    int vendor() {
      return vendor;
    }

    boolean isStats() {
      return ordinal() >= STATS_REQUEST.ordinal();
    }

    private boolean isReply() {
      return this == STATS_REPLY || this == NICIRA_STATS_REPLY || this == ONF_STATS_REPLY;
    }

    /** The number of the message type in the header. */
    int type(OfVersion version, int number) {
      if (!isStats()) {
        return this == STANDARD ? number : TYPE_VENDOR;
      }
      return (version == OF10 ? 16 : 18) + (isReply() ? 1 : 0);
    }

    /** Bytes of the whole header. */
    int headerBytes(OfVersion version) {
      return switch (this) {
        case STANDARD -> 8;
        case NICIRA, ONF -> 16;
        case STATS_REQUEST, STATS_REPLY -> version == OF10 ? 12 : 16;
        default -> 24;
      };
    }
  }

  /** The form of {@code family} with that number there, or null. */
  static MessageForm of(OfVersion version, Family family, int number) {
    return INDEX.get(key(version, family, number));
  }

  /** The one of {@code forms} that {@code version} has. */
  static MessageForm in(OfVersion version, MessageForm... forms) {
    for (MessageForm form : forms) {
      if (form.isIn(version)) {
        return form;
      }
    }
    throw new IllegalArgumentException(forms[0] + " is not in OpenFlow " + version.number());
  }

  /** Whether {@code version} has it. */
  public boolean isIn(OfVersion version) {
    return version.isAtLeast(first) && !last.isBefore(version);
  }

  /** As {@code ovs-ofctl} prints it. */
  public String text() {
    return text;
  }

  Family family() {
    return family;
  }

  int number() {
    return number;
  }

  /** Whether it may be part of several messages. */
  public boolean isMultipart() {
    return family.isStats();
  }

  /** Whether it asks for statistics or the like. */
  public boolean isMultipartRequest() {
    return family.isStats() && !family.isReply();
  }

  /** What lengths a message can have, header included. */
  String allowed(int headerBytes) {
    int least = headerBytes + minBody;
    return switch (multiple) {
      case 0 -> "expected length " + least;
      case 1 -> "expected length at least " + least + " bytes";
      default ->
          "must be exactly %d bytes or longer by an integer multiple of %d bytes"
              .formatted(least, multiple);
    };
  }

  /** Whether a body can have that length. */
  boolean allows(int bodyBytes) {
    int more = bodyBytes - minBody;
    return multiple == 0 ? more == 0 : more >= 0 && more % multiple == 0;
  }
}
