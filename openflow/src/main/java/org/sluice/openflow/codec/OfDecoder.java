package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/** Reads messages. Never throws: what is not a message gives the error to send back. */
public final class OfDecoder {
  /** Bytes of the header that every message begins with. */
  public static final int HEADER_BYTES = MessageHeader.BYTES;

  /** How much of a message an error report quotes at least, if there is that much. */
  private static final int QUOTED_BYTES = 64;

  private final WireReader in;
  private final MessageHeader header;
  private final OfVersion version;
  private final Dialect dialect;
  private final boolean inside;
  private OfError error;

  private OfDecoder(WireReader in, MessageHeader header, boolean tableId, boolean inside) {
    this.in = in;
    this.header = header;
    version = header.version();
    dialect = new Dialect(version, true, tableId, in.options());
    this.inside = inside;
  }

  /**
   * What {@code bytes} say, exactly one message, in the version of its own header. {@code tableId}:
   * flow mods of 1.0 carry a table number.
   */
  public static Decoded decode(byte[] bytes, boolean tableId) {
    return decode(bytes, tableId, null);
  }

  /** As a switch reads that has tunnel options as {@code options} says. */
  public static Decoded decode(byte[] bytes, boolean tableId, OptionLayout options) {
    WireReader in = new WireReader(bytes, new ArrayList<>(), options);
    Inspected inspected = inspect(in, bytes, tableId, false);
    return inspected.error() == null
        ? new Decoded.Ok(inspected.version(), inspected.xid(), inspected.message())
        : new Decoded.Bad(inspected.xid(), inspected.error());
  }

  /** As {@link #decode}, with whatever could be read of a message that is wrong. */
  public static Inspected inspect(byte[] bytes) {
    return inspect(new WireReader(bytes), bytes, true, false);
  }

  /**
   * The report of {@code error} about a message: in its version, with its transaction id and the
   * beginning of it.
   */
  public static byte[] errorReply(OfError error, byte[] request) {
    OfVersion version = OfVersion.ofWire(request[0] & 0xff);
    int xid = new WireReader(request).skip(4).u32();
    Bytes start = Bytes.of(Arrays.copyOf(request, Math.min(request.length, QUOTED_BYTES)));
    Dialect dialect = Dialect.of(version == null ? OfVersion.OF10 : version);
    return OfEncoder.encode(new OfMessage.ErrorReport(error, start), xid, dialect).getFirst();
  }

  /** The form that the header says, or null; the length of the body does not matter. */
  public static MessageForm formOf(byte[] bytes) {
    try {
      return MessageHeader.formOf(new WireReader(bytes));
    } catch (BadWireException bad) {
      return null;
    }
  }

  /** Whether there is such a message, with a body of that length; what it says does not matter. */
  public static boolean hasAllowedLength(byte[] bytes) {
    try {
      MessageHeader.read(new WireReader(bytes));
      return true;
    } catch (BadWireException bad) {
      return false;
    }
  }

  /** {@code inside}: of another message, which no other may be inside of. */
  private static Inspected inspect(WireReader in, byte[] bytes, boolean tableId, boolean inside) {
    List<Note> notes = in.notes();
    int xid = bytes.length < HEADER_BYTES ? 0 : new WireReader(bytes).skip(4).u32();
    MessageHeader header = null;
    try {
      header = MessageHeader.read(in);
      OfDecoder decoder = new OfDecoder(in, header, tableId, inside);
      OfMessage message = decoder.read();
      return new Inspected(header.version(), xid, header.form(), message, decoder.error, notes);
    } catch (BadWireException bad) {
      MessageForm form = header == null ? null : header.form();
      OfVersion version = header == null ? null : header.version();
      return new Inspected(version, xid, form, null, bad.error(), notes);
    }
  }

  private OfMessage read() {
    return switch (header.form()) {
      case OFPT_HELLO -> HelloCodec.read(in, header.wireVersion());
      case OFPT_ERROR -> ErrorCodec.read(in, version);
      case OFPT_ECHO_REQUEST -> new OfMessage.EchoRequest(in.rest());
      case OFPT_ECHO_REPLY -> new OfMessage.EchoReply(in.rest());
      case OFPT10_BARRIER_REQUEST, OFPT11_BARRIER_REQUEST -> new OfMessage.BarrierRequest();
      case OFPT10_BARRIER_REPLY, OFPT11_BARRIER_REPLY -> new OfMessage.BarrierReply();
      case OFPT10_PACKET_IN, OFPT11_PACKET_IN, OFPT12_PACKET_IN, OFPT13_PACKET_IN ->
          PacketCodec.readStandard(in, version);
      case NXT_PACKET_IN -> PacketCodec.readNxm(in);
      case NXT_PACKET_IN2 -> PacketCodec.readProperties(in, true);
      case OFPT10_PACKET_OUT, OFPT11_PACKET_OUT, OFPT15_PACKET_OUT ->
          PacketCodec.readPacketOut(in, version);
      case NXT_RESUME -> new NiciraMessage.Resume(PacketCodec.readProperties(in, false));
      case OFPT10_FLOW_MOD -> FlowCodec.readFlowMod10(in, dialect);
      case OFPT11_FLOW_MOD -> FlowCodec.readFlowMod11(in, version);
      case NXT_FLOW_MOD -> FlowCodec.readFlowModNxm(in, dialect);
      case OFPT10_FLOW_REMOVED, OFPT11_FLOW_REMOVED, OFPT15_FLOW_REMOVED ->
          FlowRemovedCodec.read(in, version, false);
      case NXT_FLOW_REMOVED -> FlowRemovedCodec.read(in, version, true);
      case NXT_GROUP_MOD, OFPT11_GROUP_MOD, OFPT15_GROUP_MOD ->
          new GroupReader(in, version).readMod();
      case OFPT13_METER_MOD -> MeterCodec.readMod(in);
      default -> readSwitch();
    };
  }

  /** Messages about the switch, its ports and its tables. */
  private OfMessage readSwitch() {
    return switch (header.form()) {
      case OFPT_FEATURES_REQUEST -> new OfMessage.FeaturesRequest();
      case OFPT10_FEATURES_REPLY, OFPT11_FEATURES_REPLY, OFPT13_FEATURES_REPLY ->
          SwitchCodec.readFeatures(in, version);
      case OFPT_GET_CONFIG_REQUEST -> new OfMessage.GetConfigRequest();
      case OFPT_GET_CONFIG_REPLY ->
          new OfMessage.GetConfigReply(SwitchCodec.readConfig(in, version));
      case OFPT_SET_CONFIG -> SwitchCodec.readSetConfig(in, version);
      case OFPT10_PORT_STATUS, OFPT11_PORT_STATUS, OFPT14_PORT_STATUS ->
          PortCodec.readStatus(in, version);
      case OFPT10_PORT_MOD, OFPT11_PORT_MOD, OFPT14_PORT_MOD -> PortCodec.readMod(in, version);
      case OFPT11_TABLE_MOD, OFPT14_TABLE_MOD -> TableCodec.readMod(in, version);
      case OFPT14_TABLE_STATUS -> TableCodec.readStatus(in);
      case OFPT10_QUEUE_GET_CONFIG_REQUEST, OFPT11_QUEUE_GET_CONFIG_REQUEST ->
          QueueCodec.readConfigRequest(in, version);
      case OFPT10_QUEUE_GET_CONFIG_REPLY, OFPT11_QUEUE_GET_CONFIG_REPLY ->
          QueueCodec.readConfigReply(in, version);
      default -> readConnection();
    };
  }

  /** Messages about the connection itself. */
  private OfMessage readConnection() {
    return switch (header.form()) {
      case OFPT12_ROLE_REQUEST -> RoleCodec.readRequest(in);
      case OFPT12_ROLE_REPLY -> RoleCodec.readReply(in);
      case NXT_ROLE_REQUEST -> new OfMessage.RoleRequest(RoleCodec.readNicira(in), null, true);
      case NXT_ROLE_REPLY -> new OfMessage.RoleReply(RoleCodec.readNicira(in), null, true);
      case OFPT14_ROLE_STATUS, ONFT13_ROLE_STATUS -> RoleCodec.readStatus(in);
      case OFPT13_GET_ASYNC_REQUEST, OFPT14_GET_ASYNC_REQUEST -> new AsyncConfig.Get();
      case OFPT13_GET_ASYNC_REPLY -> new AsyncConfig.Reply(AsyncCodec.readMasks(in, version));
      case OFPT14_GET_ASYNC_REPLY ->
          new AsyncConfig.Reply(
              AsyncConfig.none().with(AsyncCodec.readProperties(in, version, true)));
      case OFPT13_SET_ASYNC -> new AsyncConfig.SetAll(AsyncCodec.readMasks(in, version), false);
      case OFPT14_SET_ASYNC ->
          new AsyncConfig.SetSome(AsyncCodec.readProperties(in, version, false), false);
      case NXT_SET_ASYNC_CONFIG -> new AsyncConfig.SetAll(AsyncCodec.readMasks(in, version), true);
      case NXT_SET_ASYNC_CONFIG2 ->
          new AsyncConfig.SetSome(AsyncCodec.readProperties(in, version, false), true);
      case OFPT14_BUNDLE_CONTROL, ONFT13_BUNDLE_CONTROL -> BundleCodec.readControl(in);
      case OFPT14_BUNDLE_ADD_MESSAGE, ONFT13_BUNDLE_ADD_MESSAGE ->
          BundleCodec.readAdd(in, header, this::inner);
      case OFPT14_REQUESTFORWARD, ONFT13_REQUESTFORWARD, NXT_REQUESTFORWARD ->
          BundleCodec.readForward(in, header, this::inner);
      case NXT_FLOW_MONITOR_CANCEL, ONFT13_FLOW_MONITOR_CANCEL -> new FlowMonitor.Cancel(in.u32());
      case NXT_FLOW_MONITOR_PAUSED, ONFT13_FLOW_MONITOR_PAUSED -> new FlowMonitor.Paused();
      case NXT_FLOW_MONITOR_RESUMED, ONFT13_FLOW_MONITOR_RESUMED -> new FlowMonitor.Resumed();
      default -> readMultipart();
    };
  }

  private OfMessage readMultipart() {
    OfMessage nicira = NiciraCodec.read(in, header.form());
    if (nicira != null) {
      return nicira;
    }
    ReplyReader replies = new ReplyReader(in, header);
    Multipart message =
        header.form().isMultipartRequest()
            ? RequestCodec.read(in, header, replies)
            : replies.read();
    error = replies.error();
    return message;
  }

  /** The message inside this one. */
  private OfMessage inner(byte[] bytes) {
    if (inside) {
      throw in.bad(OfError.OFPBFC_MSG_UNSUP);
    }
    WireReader content = new WireReader(bytes, in.notes(), in.options());
    Inspected inspected = inspect(content, bytes, dialect.tableId(), true);
    if (inspected.error() != null) {
      throw in.bad(inspected.error());
    }
    return inspected.message();
  }
}
