package org.sluice.openflow.text;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.MatchBuilder;

/**
 * Reads the fields of one packet, such as {@code tcp,nw_src=10.0.0.1,tp_dst=80}, each after those
 * it needs. Used by one thread, for one packet.
 */
public final class ExactFlowParser {
  private ExactFlowParser() {}

  /** The fields; what is not said is 0, and the port none. */
  public static FlowKey parse(String text, Names names) throws OfSyntaxException {
    MatchBuilder fields = new MatchBuilder().exact(Field.PACKET_TYPE, 0);
    KeyValues pairs = new KeyValues(text);
    while (pairs.next()) {
      put(fields, text, pairs, names);
    }
    FlowKey key = fields.key();
    if (key.get(Field.IN_PORT) == 0) {
      key.set(Field.IN_PORT, OfPort.NONE);
    }
    return key;
  }

  private static void put(MatchBuilder fields, String text, KeyValues pair, Names names)
      throws OfSyntaxException {
    String name = pair.key();
    MatchBuilder probe = new MatchBuilder();
    if (FlowParser.putProtocol(name, probe)) {
      require(!fields.touches(Field.ETH_TYPE), text + ": Ethernet type set multiple times");
      boolean proto = probe.touches(Field.NW_PROTO);
      require(
          !proto || !fields.touches(Field.NW_PROTO),
          text + ": network protocol set multiple times");
      FlowParser.putProtocol(name, fields);
      return;
    }
    Field field = Field.byName(name);
    require(field != null, text + ": unknown field " + name);
    if (field.isOption()) {
      OptionText.put(fields, field, pair.value());
      return;
    }
    require(fields.meetsPrerequisite(field), text + ": prerequisites not met for setting " + name);
    require(!fields.touches(field), text + ": field " + name + " set multiple times");
    FieldValue value;
    try {
      value = FieldText.parse(field, pair.value(), names);
    } catch (OfSyntaxException e) {
      throw new OfSyntaxException(text + ": bad value for " + name + " (" + e.getMessage() + ")");
    }
    fields.set(field, value.high(), value.low(), -1L, -1L);
  }

  private static void require(boolean condition, String otherwise) throws OfSyntaxException {
    if (!condition) {
      throw new OfSyntaxException(otherwise);
    }
  }
}
