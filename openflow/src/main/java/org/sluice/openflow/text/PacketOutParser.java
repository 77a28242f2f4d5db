package org.sluice.openflow.text;

import java.util.EnumSet;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.PacketOut;

/**
 * Reads one packet-out as {@code ovs-ofctl packet-out} takes it, such as {@code
 * in_port=1,packet=0102...,actions=output:2}. Used by one thread, for one message.
 */
public final class PacketOutParser {
  /** An Ethernet header: what a packet has at least. */
  private static final int MIN_BYTES = 14;

  private final Names names;
  private final MatchBuilder metadata = new MatchBuilder().exact(Field.IN_PORT, OfPort.CONTROLLER);
  private final EnumSet<FlowFormat> formats = EnumSet.allOf(FlowFormat.class);
  private Bytes packet = Bytes.EMPTY;

  private PacketOutParser(Names names) {
    this.names = names;
  }

  /** The message that {@code text} asks for. */
  public static Parsed<PacketOut> parse(String text, Names names) throws OfSyntaxException {
    return new PacketOutParser(names).parse(text);
  }

  private Parsed<PacketOut> parse(String text) throws OfSyntaxException {
    int at = FlowParser.actionsAt(text);
    KeyValues pairs = new KeyValues(at < 0 ? text : text.substring(0, at));
    while (pairs.next()) {
      if (pairs.value().isEmpty()) {
        throw new OfSyntaxException("field " + pairs.key() + " missing value");
      }
      put(pairs.key(), pairs.value());
    }
    if (packet.isEmpty()) {
      throw new OfSyntaxException("must specify packet");
    }
    List<OfAction> actions = List.of();
    if (at >= 0) {
      String list = text.substring(text.indexOf('=', at) + 1);
      actions = new ActionParser(names).parseActions(list);
      formats.retainAll(UsableFormats.ofNested(actions));
    }
    PacketOut message = new PacketOut(FlowMod.NO_BUFFER, metadata.build(), actions, packet);
    return new Parsed<>(message, formats, List.of());
  }

  private void put(String name, String value) throws OfSyntaxException {
    switch (name) {
      case "in_port" -> metadata.exact(Field.IN_PORT, inPort(value));
      case "packet_type" -> putPacketType(name, value);
      case "packet" -> {
        packet = HexText.parse(value, "packet: Trailing garbage in packet data");
        if (packet.size() < MIN_BYTES) {
          throw new OfSyntaxException("packet: Packet data too short for Ethernet");
        }
      }
      default -> putField(name, value);
    }
  }

  private int inPort(String value) throws OfSyntaxException {
    int port = names.port(value);
    if (port < 0) {
      throw new OfSyntaxException(value + " is not a valid OpenFlow port");
    }
    boolean special = port == OfPort.LOCAL || port == OfPort.NONE || port == OfPort.CONTROLLER;
    if (port > OfPort.MAX && !special) {
      throw new OfSyntaxException(value + " is not a valid OpenFlow port for PACKET_OUT");
    }
    return port;
  }

  private void putPacketType(String name, String value) throws OfSyntaxException {
    int comma = value.indexOf(',');
    if (comma < 0) {
      throw new OfSyntaxException(name + "(" + value + ") can't be interpreted");
    }
    long namespace = Numbers.prefix(value.substring(0, comma)).low();
    long type = Numbers.prefix(value.substring(comma + 1)).low();
    metadata.exact(Field.PACKET_TYPE, namespace << 16 | (type & 0xffff));
  }

  private void putField(String name, String text) throws OfSyntaxException {
    Field field = Field.byName(name);
    if (field == null) {
      throw new OfSyntaxException("unknown keyword " + name);
    }
    if (field.isOption()) {
      OptionText.put(metadata, field, text);
      formats.retainAll(UsableFormats.exact(field));
      return;
    }
    FieldValue value = FieldText.parse(field, text, names);
    formats.retainAll(UsableFormats.of(field, value));
    if (!value.isWild()) {
      metadata.set(field, value.high(), value.low(), value.maskHigh(), value.maskLow());
    }
    if (!field.isOfPipeline()) {
      throw new OfSyntaxException(name + " is not a valid pipeline field for PACKET_OUT");
    }
  }
}
