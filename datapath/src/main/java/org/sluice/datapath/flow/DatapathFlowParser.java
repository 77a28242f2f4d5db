package org.sluice.datapath.flow;

import org.sluice.datapath.packet.EtherType;

/** Reads the text of one datapath flow, left to right. Used once, by one thread. */
final class DatapathFlowParser {
  private static final String DELIMITERS = ", \t\r\n";
  private static final int MAX_TAGS = 2;

  private final String text;
  private final FlowTextOptions options;
  private final FlowKey key = new FlowKey();
  private final FlowMask mask = new FlowMask();
  private final int[] tagTypes = new int[MAX_TAGS];
  private int position;
  private int depth;

  DatapathFlowParser(String text, FlowTextOptions options) {
    this.text = text;
    this.options = options;
  }

  Match parseFlow() throws FlowSyntaxException {
    skipDelimiters();
    if (text.startsWith("ufid:", position)) {
      while (position < text.length() && DELIMITERS.indexOf(text.charAt(position)) < 0) {
        position++;
      }
    }
    parseList();
    if (position < text.length()) {
      throw syntaxError(position);
    }
    return new Match(key, mask);
  }

  private void parseList() throws FlowSyntaxException {
    skipDelimiters();
    while (position < text.length() && text.charAt(position) != ')') {
      parseAttribute();
      skipDelimiters();
    }
  }

  private void skipDelimiters() {
    while (position < text.length() && DELIMITERS.indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private void parseAttribute() throws FlowSyntaxException {
    int start = position;
    int open = text.indexOf('(', position);
    if (open < 0) {
      throw syntaxError(start);
    }
    String name = text.substring(position, open);
    position = open + 1;
    if (name.equals("encap")) {
      parseEncapsulated(start);
      return;
    }
    String inside = text.substring(position, close(start));
    position += inside.length() + 1;
    try {
      parseInside(name, inside);
    } catch (FlowSyntaxException e) {
      throw new FlowSyntaxException("syntax error at " + text.substring(start), e);
    }
  }

  /** The parenthesis that closes the one before the position. */
  private int close(int start) throws FlowSyntaxException {
    int open = 1;
    for (int i = position; i < text.length(); i++) {
      open += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw syntaxError(start);
  }

  private void parseEncapsulated(int start) throws FlowSyntaxException {
    if (depth == MAX_TAGS) {
      throw syntaxError(start);
    }
    depth++;
    parseList();
    if (position >= text.length()) {
      throw syntaxError(start);
    }
    position++;
    depth--;
  }

  private void parseInside(String name, String inside) throws FlowSyntaxException {
    switch (name) {
      case "eth_type" -> parseEtherType(inside);
      case "vlan" -> parseTag(inside);
      case "mpls" -> MplsText.parse(inside, key, mask);
      default -> {
        FlowAttribute attribute = FlowAttribute.byName(name);
        if (attribute == null) {
          throw new FlowSyntaxException(name + ": unknown attribute");
        }
        parseParts(attribute, inside);
      }
    }
  }

  private void parseEtherType(String inside) throws FlowSyntaxException {
    FlowAttribute.ETH_TYPE.parts().getFirst().parse(inside, key, mask, options);
    int type = (int) key.get(Field.ETH_TYPE);
    if (depth < MAX_TAGS && EtherType.isVlan(type)) {
      tagTypes[depth] = type;
    }
  }

  private void parseTag(String inside) throws FlowSyntaxException {
    if (depth == MAX_TAGS) {
      throw new FlowSyntaxException("too many tags");
    }
    int tag = VlanText.parse(inside);
    if ((tag & 0x1000) == 0) {
      return; // The frame ends inside the tag: its type is the Ethernet type.
    }
    long type = tagTypes[depth];
    if (depth == 0) {
      key.set(Field.VLAN_TCI, tag & 0xffff);
      mask.set(Field.VLAN_TCI, tag >>> 16);
    } else {
      key.words()[Word.VLAN] |= (long) (tag & 0xffff) << 16;
      mask.words()[Word.VLAN] |= (tag >>> 16 & 0xffffL) << 16;
    }
    key.words()[Word.VLAN] |= type << (48 - 16 * depth);
    mask.words()[Word.VLAN] |= 0xffffL << (48 - 16 * depth);
    key.set(Field.ETH_TYPE, 0);
    mask.set(Field.ETH_TYPE, 0);
  }

  private void parseParts(FlowAttribute attribute, String inside) throws FlowSyntaxException {
    if (attribute.isBare()) {
      attribute.parts().getFirst().parse(inside, key, mask, options);
      return;
    }
    for (String entry : inside.isEmpty() ? new String[0] : inside.split(",", -1)) {
      boolean nested = entry.startsWith("flags(") && entry.endsWith(")");
      int equals = nested ? 5 : entry.indexOf('=');
      FlowPart part = equals < 0 ? null : attribute.find(entry.substring(0, equals));
      if (part == null) {
        throw new FlowSyntaxException(entry + ": unknown");
      }
      String value = entry.substring(equals + 1, entry.length() - (nested ? 1 : 0));
      part.parse(value, key, mask, options);
    }
  }

  private FlowSyntaxException syntaxError(int at) {
    return new FlowSyntaxException("syntax error at " + text.substring(at));
  }
}
