package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfAction.EncapProperty;

/** The {@code encap(...)} and {@code decap(...)} actions. */
final class EncapText {
  private static final Map<String, Integer> TYPES =
      Map.of("ethernet", 0, "nsh", 0x1_894f, "mpls", 0x1_8847, "mpls_mc", 0x1_8848);

  private static final int CLASS_NSH = 4;
  private static final int NSH_MD_TYPE = 1;
  private static final int NSH_TLV = 2;
  private static final Pattern TLV =
      Pattern.compile("0x([0-9a-fA-F]{1,4}),(\\d{1,3}),0x([0-9a-fA-F]{1,250})");

  private EncapText() {}

  static OfAction parseEncap(String text) throws OfSyntaxException {
    KeyValues pairs = new KeyValues(text);
    if (!pairs.next()) {
      throw new OfSyntaxException("Missing encap hdr: " + text);
    }
    Integer type = TYPES.get(pairs.key());
    if (type == null) {
      throw new OfSyntaxException("Encap hdr not supported: " + pairs.value());
    }
    List<EncapProperty> properties = new ArrayList<>();
    KeyValues details = new KeyValues(pairs.value());
    while (details.next()) {
      properties.add(property(pairs.key(), details.key(), details.value()));
    }
    return new OfAction.Encap(type, properties);
  }

  private static EncapProperty property(String header, String key, String value)
      throws OfSyntaxException {
    if (value.isEmpty()) {
      throw new OfSyntaxException("Value missing for encap property");
    }
    if (header.equals("nsh") && key.equals("md_type")) {
      int type = Numbers.u8(value, "md_type");
      if (type < 1 || type > 2) {
        throw new OfSyntaxException("invalid md_type");
      }
      return new EncapProperty(CLASS_NSH, NSH_MD_TYPE, Bytes.of((byte) type));
    }
    if (header.equals("nsh") && key.equals("tlv")) {
      return tlv(value);
    }
    throw new OfSyntaxException("Invalid property: " + key);
  }

  private static EncapProperty tlv(String value) throws OfSyntaxException {
    Matcher matcher = TLV.matcher(value);
    if (!matcher.matches() || matcher.group(3).length() % 2 != 0) {
      throw new OfSyntaxException("Invalid NSH TLV header: " + value);
    }
    int bytes = matcher.group(3).length() / 2;
    String head =
        "%04x%02x%02x"
            .formatted(
                Integer.parseInt(matcher.group(1), 16),
                Integer.parseInt(matcher.group(2)) & 0xff,
                bytes);
    String padding = "00".repeat(-bytes & 7);
    return new EncapProperty(CLASS_NSH, NSH_TLV, Bytes.ofHex(head + matcher.group(3) + padding));
  }

  static String format(OfAction.Encap encap) {
    StringJoiner properties = new StringJoiner(",", "(", ")");
    properties.setEmptyValue("");
    encap.properties().forEach(property -> properties.add(format(property)));
    return "encap(" + typeName(encap.packetType()) + properties + ")";
  }

  private static String typeName(int packetType) {
    for (Map.Entry<String, Integer> entry : TYPES.entrySet()) {
      if (entry.getValue() == packetType) {
        return entry.getKey();
      }
    }
    return "UNKNOWN";
  }

  private static String format(EncapProperty property) {
    Bytes value = property.value();
    if (property.type() == NSH_MD_TYPE && value.size() >= 1) {
      return "md_type=" + value.get(0);
    }
    if (value.size() < 4 || value.size() < 4 + value.get(3)) {
      return "<invalid>";
    }
    int tlvClass = value.get(0) << 8 | value.get(1);
    String data = value.hex("").substring(8, 8 + 2 * value.get(3));
    return "tlv(0x%04x,%d,0x%s)".formatted(tlvClass, value.get(2), data);
  }

  static OfAction parseDecap(String text) throws OfSyntaxException {
    KeyValues pairs = new KeyValues(text);
    if (!pairs.next()) {
      return new OfAction.Decap(OfAction.Decap.ANY_TYPE);
    }
    if (!pairs.key().equals("packet_type")) {
      throw new OfSyntaxException("Invalid decap argument: " + pairs.key());
    }
    KeyValues type = new KeyValues(pairs.value());
    if (!type.next() || !type.key().equals("ns")) {
      throw new OfSyntaxException("Missing packet_type attribute ns");
    }
    int namespace = Numbers.u16(type.value(), "ns");
    if (namespace > 1) {
      throw new OfSyntaxException("Unsupported ns value: " + namespace);
    }
    if (!type.next() || !type.key().equals("type")) {
      throw new OfSyntaxException("Missing packet_type attribute type");
    }
    return new OfAction.Decap(namespace << 16 | Numbers.u16(type.value(), "type"));
  }
}
