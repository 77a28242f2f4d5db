package org.sluice.datapath.flow;

/**
 * One value in the text of a datapath flow, such as the {@code src=10.0.0.1/255.0.0.0} of {@code
 * ipv4(...)}: which field it is, and how it and its mask are written.
 *
 * @param name what stands before the equals sign; null for an attribute that is one bare value
 * @param shift lowest bit of the value within the field
 * @param bits width of the value
 */
public record FlowPart(String name, Field field, int shift, int bits, Style style) {
  /** How the value is written. */
  public enum Style {
    DECIMAL,
    HEX,
    LONG_HEX,
    ETHER_TYPE,
    MAC,
    IPV4,
    IPV6,
    LABEL,
    FRAGMENT,
    CT_STATE,
    TCP_FLAGS,
    TUNNEL_FLAGS,
    PORT
  }

  static FlowPart part(String name, Field field, Style style) {
    int bits = style == Style.PORT ? 32 : Math.min(field.bits(), 128);
    return new FlowPart(name, field, 0, bits, style);
  }

  /** Whether {@code other} lies within this part's bits. */
  boolean contains(Field other) {
    return other.word() == field.word()
        && other.isWide() == field.isWide()
        && (other.isWide() || (other.wordMask() & ~field.wordMask()) == 0);
  }

  long get(FlowWords words) {
    long value = words.get(field);
    return bits >= 64 ? value : value >>> shift & ((1L << bits) - 1);
  }

  long getHigh(FlowWords words) {
    return words.getHigh(field);
  }

  private long full() {
    return switch (style) {
      case CT_STATE -> FlagNames.CT_STATE.all();
      case TUNNEL_FLAGS -> FlagNames.TUNNEL.all();
      default -> bits >= 64 ? -1L : (1L << bits) - 1;
    };
  }

  boolean isWild(FlowMask mask) {
    return (get(mask) & full()) == 0 && getHigh(mask) == 0;
  }

  private boolean isExact(FlowMask mask) {
    return (get(mask) & full()) == full() && (!field.isWide() || getHigh(mask) == -1L);
  }

  /** Writes value and, where it is partial, mask; a null mask means an exact value. */
  public void format(StringBuilder out, FlowKey key, FlowMask mask, FlowTextOptions options) {
    switch (style) {
      case FRAGMENT -> out.append(fragment(key, mask));
      case CT_STATE -> formatState(out, key, mask, options.verbose());
      case TCP_FLAGS -> out.append(flags(FlagNames.TCP, key, mask));
      case TUNNEL_FLAGS -> out.append(flags(FlagNames.TUNNEL, key, mask));
      case PORT -> formatPort(out, key, mask, options);
      default -> {
        out.append(number(key));
        if (mask != null && !isExact(mask)) {
          out.append('/').append(style == Style.DECIMAL ? NumberText.hex(get(mask)) : number(mask));
        }
      }
    }
  }

  private String number(FlowWords words) {
    long value = get(words);
    return switch (style) {
      case DECIMAL -> Long.toUnsignedString(value);
      case LONG_HEX -> "0x" + Long.toHexString(value);
      case ETHER_TYPE -> NumberText.hex4(value);
      case MAC -> AddressText.mac(value);
      case IPV4 -> AddressText.ipv4((int) value);
      case IPV6 -> AddressText.ipv6(getHigh(words), value);
      case LABEL -> NumberText.hex(getHigh(words), value);
      default -> NumberText.hex(value);
    };
  }

  private String flags(FlagNames names, FlowKey key, FlowMask mask) {
    int value = (int) get(key);
    return mask == null ? names.format(value) : names.format(value, (int) (get(mask) & full()));
  }

  private void formatState(StringBuilder out, FlowKey key, FlowMask mask, boolean verbose) {
    int value = (int) get(key);
    if (!verbose) {
      out.append(
          mask == null
              ? FlagNames.CT_STATE.format(value)
              : FlagNames.CT_STATE.formatSigned(value, (int) (get(mask) & full())));
      return;
    }
    out.append(NumberText.hex(value));
    if (mask != null) {
      out.append('/').append(NumberText.hex(get(mask) & full()));
    }
  }

  private void formatPort(StringBuilder out, FlowKey key, FlowMask mask, FlowTextOptions options) {
    if (mask == null || isExact(mask)) {
      out.append(options.portName((int) get(key)));
    } else {
      out.append(Integer.toUnsignedString((int) get(key)));
      out.append('/').append(NumberText.hex(get(mask)));
    }
  }

  private String fragment(FlowKey key, FlowMask mask) {
    if (mask != null && !isExact(mask)) {
      return "error: partial mask not supported for frag (" + NumberText.hex(get(mask)) + ")";
    }
    return switch ((int) get(key)) {
      case 0 -> "no";
      case 1 -> "first";
      case 3 -> "later";
      default -> "<error>";
    };
  }

  /** Reads {@code value} or {@code value/mask} into both. */
  void parse(String text, FlowKey key, FlowMask mask, FlowTextOptions options)
      throws FlowSyntaxException {
    switch (style) {
      case FRAGMENT -> put(key, mask, parseFragment(text), full());
      case CT_STATE -> parseFlags(FlagNames.CT_STATE, text, key, mask);
      case TCP_FLAGS -> parseFlags(FlagNames.TCP, text, key, mask);
      case TUNNEL_FLAGS -> parseFlags(FlagNames.TUNNEL, text, key, mask);
      default -> parseMasked(text, key, mask, options);
    }
  }

  private void parseFlags(FlagNames names, String text, FlowKey key, FlowMask mask)
      throws FlowSyntaxException {
    int[] flags = names.parse(text);
    put(key, mask, flags[0], flags[1] & 0xffff_ffffL & full());
  }

  private void parseMasked(String text, FlowKey key, FlowMask mask, FlowTextOptions options)
      throws FlowSyntaxException {
    int slash = text.indexOf('/');
    long[] value = parseNumber(slash < 0 ? text : text.substring(0, slash), options);
    long[] bits =
        slash < 0 ? new long[] {-1L, full()} : parseNumber(text.substring(slash + 1), options);
    if (field.isWide()) {
      key.set(field, value[0], value[1]);
      mask.set(field, bits[0], slash < 0 ? -1L : bits[1]);
    } else {
      put(key, mask, value[1], bits[1]);
    }
  }

  private long[] parseNumber(String text, FlowTextOptions options) throws FlowSyntaxException {
    return switch (style) {
      case MAC -> new long[] {0, AddressText.parseMac(text)};
      case IPV4 -> new long[] {0, AddressText.parseIpv4(text) & 0xffff_ffffL};
      case IPV6 -> AddressText.parseIpv6(text);
      case LABEL -> NumberText.parseWide(text);
      case PORT -> new long[] {0, options.portNumber(text)};
      default -> new long[] {0, NumberText.parse(text, bits)};
    };
  }

  private void put(FlowKey key, FlowMask mask, long value, long bitsSet) {
    key.set(field, (key.get(field) & ~(full() << shift)) | value << shift);
    mask.set(field, (mask.get(field) & ~(full() << shift)) | bitsSet << shift);
  }

  private static long parseFragment(String text) throws FlowSyntaxException {
    return switch (text) {
      case "no" -> 0;
      case "first" -> 1;
      case "later" -> 3;
      default -> throw new FlowSyntaxException(text + ": unknown fragment type");
    };
  }
}
