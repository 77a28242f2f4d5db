package org.sluice.openflow.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OxmId;
import org.sluice.openflow.match.FieldIds;

/**
 * NXM and OXM entries, byte by byte, as text: {@code NXM_OF_IN_PORT(0001),
 * NXM_OF_ETH_DST_W(010000000000/010000000000)}. It can say what no match can.
 */
public final class NxmText {
  private static final String ANY = "<any>";
  private static final String COOKIE = "NXM_NX_COOKIE";
  private static final OxmId COOKIE_ID = new OxmId(1, 30, 0);
  private static final int COOKIE_BYTES = 8;

  private NxmText() {}

  /** What an entry's header says; {@code length} is that of its value alone. */
  private record Header(OxmId id, boolean masked, int length) {
    boolean isExperimenter() {
      return id.oxmClass() == OxmId.EXPERIMENTER_CLASS;
    }

    String name() {
      Field field = FieldIds.byId(id);
      boolean cookie = id.equals(COOKIE_ID) && length == COOKIE_BYTES;
      String own = cookie ? COOKIE : field == null ? null : nameOf(field);
      return own == null ? id.oxmClass() + ":" + id.number() : own + (masked ? "_W" : "");
    }

    private String nameOf(Field field) {
      String name = FieldIds.nameOf(id);
      boolean known = field.isOption() || length == FieldIds.wireBytes(field);
      return known ? name : null;
    }
  }

  // Writing text.

  /** Entries without header or padding. */
  public static String format(byte[] entries) {
    if (entries.length == 0) {
      return ANY;
    }
    StringBuilder out = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(entries);
    while (in.hasRemaining()) {
      int start = in.position();
      out.append(out.isEmpty() ? "" : ", ");
      String entry = formatOne(in);
      if (entry == null) {
        return out.append("<%d invalid bytes>".formatted(entries.length - start)).toString();
      }
      out.append(entry);
    }
    return out.toString();
  }

  private static String formatOne(ByteBuffer in) {
    Header header = readHeader(in);
    if (header == null || in.remaining() < header.length() * (header.masked() ? 2 : 1)) {
      return null;
    }
    String value = hex(in, header.length());
    String mask = header.masked() ? "/" + hex(in, header.length()) : "";
    return header.name() + "(" + value + mask + ")";
  }

  private static Header readHeader(ByteBuffer in) {
    if (in.remaining() < 4) {
      return null;
    }
    int oxmClass = in.getShort() & 0xffff;
    int number = in.get() & 0xff;
    int length = in.get() & 0xff;
    boolean masked = (number & 1) != 0;
    int experimenter = 0;
    if (oxmClass == OxmId.EXPERIMENTER_CLASS) {
      length -= 4;
      if (length < 0 || in.remaining() < 4) {
        return null;
      }
      experimenter = in.getInt();
    }
    OxmId id = new OxmId(oxmClass, number >>> 1, experimenter);
    return new Header(id, masked, masked ? length / 2 : length);
  }

  private static String hex(ByteBuffer in, int bytes) {
    byte[] value = new byte[bytes];
    in.get(value);
    return HexFormat.of().formatHex(value);
  }

  // Reading text.

  /** The entries that {@code text} writes. */
  public static byte[] parse(String text) throws OfSyntaxException {
    return text.equals(ANY) ? new byte[0] : new Parsing(text).parse();
  }

  /** Text being read. Used by one thread. */
  private static final class Parsing {
    private final String text;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;

    Parsing(String text) {
      this.text = text;
    }

    byte[] parse() throws OfSyntaxException {
      skip(", ");
      while (at < text.length()) {
        parseEntry();
        skip(", ");
      }
      return out.toByteArray();
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private void parseEntry() throws OfSyntaxException {
      int open = text.indexOf('(', at);
      if (open < 0) {
        throw new OfSyntaxException(text + ": missing ( at end of nx_match");
      }
      String name = text.substring(at, open);
      Header header = headerNamed(name);
      if (header == null) {
        throw new OfSyntaxException(text + ": unknown field `" + name + "'");
      }
      at = open + 1;
      byte[] value = hexDigits();
      writeHeader(sized(header, value.length));
      out.writeBytes(value);
      if (header.masked()) {
        require('/', "missing / in masked field " + name);
        byte[] mask = hexDigits();
        if (mask.length != value.length) {
          throw new OfSyntaxException(text.substring(at) + ": hex digits expected");
        }
        out.writeBytes(mask);
      }
      require(')', "missing ) following field " + name);
    }

    private void require(char c, String otherwise) throws OfSyntaxException {
      skip(" ");
      if (at == text.length() || text.charAt(at) != c) {
        throw new OfSyntaxException(text + ": " + otherwise);
      }
      at++;
    }

    private byte[] hexDigits() {
      ByteArrayOutputStream digits = new ByteArrayOutputStream();
      skip(" \t");
      while (at + 1 < text.length()) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        if (high < 0 || low < 0) {
          break;
        }
        digits.write(high << 4 | low);
        at += 2;
        skip(" \t");
      }
      return digits.toByteArray();
    }

    private static Header sized(Header header, int bytes) throws OfSyntaxException {
      if (bytes == header.length()) {
        return header;
      }
      Field field = FieldIds.byId(header.id());
      if (field == null || !field.isOption()) {
        throw new OfSyntaxException(
            "expected to read %d bytes but got %d".formatted(header.length(), bytes));
      }
      if (bytes > FieldIds.wireBytes(field)) {
        throw new OfSyntaxException(
            "expected to read at most %d bytes but got %d"
                .formatted(FieldIds.wireBytes(field), bytes));
      }
      return new Header(header.id(), header.masked(), bytes);
    }

    private void writeHeader(Header header) {
      int length = header.length() * (header.masked() ? 2 : 1);
      ByteBuffer bytes = ByteBuffer.allocate(header.isExperimenter() ? 8 : 4);
      bytes.putShort((short) header.id().oxmClass());
      bytes.put((byte) (header.id().number() << 1 | (header.masked() ? 1 : 0)));
      bytes.put((byte) (header.isExperimenter() ? length + 4 : length));
      if (header.isExperimenter()) {
        bytes.putInt(header.id().experimenter());
      }
      out.writeBytes(bytes.array());
    }
  }

  /** The header that a name, or a number in hexadecimal, stands for; null for none. */
  private static Header headerNamed(String name) {
    boolean masked = name.endsWith("_W");
    String plain = masked ? name.substring(0, name.length() - 2) : name;
    if (plain.equals(COOKIE)) {
      return new Header(COOKIE_ID, masked, COOKIE_BYTES);
    }
    Field field = FieldIds.byName(plain);
    if (field != null && (!masked || field.maskable())) {
      return new Header(FieldIds.idNamed(plain), masked, FieldIds.wireBytes(field));
    }
    boolean number = name.matches("[0-9a-fA-F]{8}([0-9a-fA-F]{8})?");
    return number ? readHeader(ByteBuffer.wrap(HexFormat.of().parseHex(name))) : null;
  }
}
