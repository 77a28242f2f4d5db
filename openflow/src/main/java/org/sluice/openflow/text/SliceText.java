package org.sluice.openflow.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.match.FieldIds;

/** Bits of a field as text: {@code NXM_NX_REG0[0..15]}, {@code reg0[3]}, {@code reg0}. */
public final class SliceText {
  private static final Pattern BITS = Pattern.compile("\\[(\\d{1,6})(?:\\.\\.(\\d{1,6}))?\\]");

  private SliceText() {}

  /** What {@code text} means, all of it. */
  public static FieldSlice parse(String text) throws OfSyntaxException {
    Prefix prefix = prefix(text);
    if (prefix.length() != text.length()) {
      throw new OfSyntaxException(
          text + ": extra input `" + text.substring(prefix.length()) + "' following field syntax");
    }
    return prefix.slice();
  }

  /** The same, of a field that an old action can name: one whose id has 32 bits. */
  static FieldSlice parseNarrow(String text, String whole) throws OfSyntaxException {
    FieldSlice slice = parse(text);
    FieldIds.FieldId id = FieldIds.of(slice.field(), null);
    if (id == null || id.id().experimenter() != 0) {
      throw new OfSyntaxException(whole + ": experimenter OXM field '" + text + "' not supported");
    }
    return slice;
  }

  /** A slice at the start of a text, and how long it is there. */
  record Prefix(FieldSlice slice, int length) {}

  static Prefix prefix(String text) throws OfSyntaxException {
    int nameLength = 0;
    while (nameLength < text.length() && "[-".indexOf(text.charAt(nameLength)) < 0) {
      nameLength++;
    }
    Field field = field(text.substring(0, nameLength));
    if (field == null) {
      throw new OfSyntaxException(text + ": unknown field `" + text.substring(0, nameLength) + "'");
    }
    if (!text.startsWith("[", nameLength)) {
      return new Prefix(FieldSlice.all(field), nameLength);
    }
    if (text.startsWith("[]", nameLength)) {
      return new Prefix(FieldSlice.all(field), nameLength + 2);
    }
    Matcher matcher = BITS.matcher(text).region(nameLength, text.length());
    if (!matcher.lookingAt()) {
      throw new OfSyntaxException(
          text + ": syntax error expecting [] or [<bit>] or [<start>..<end>]");
    }
    int start = Integer.parseInt(matcher.group(1));
    int end = matcher.group(2) == null ? start : Integer.parseInt(matcher.group(2));
    checkBits(text, field, start, end);
    return new Prefix(new FieldSlice(field, start, end - start + 1), matcher.end());
  }

  private static Field field(String name) {
    Field byId = FieldIds.byName(name.endsWith("_W") ? name.substring(0, name.length() - 2) : name);
    return byId == null ? Field.byName(name) : byId;
  }

  private static void checkBits(String text, Field field, int start, int end)
      throws OfSyntaxException {
    if (start > end) {
      throw new OfSyntaxException(
          "%s: starting bit %d is after ending bit %d".formatted(text, start, end));
    }
    int bits = field.bits();
    if (end >= bits) {
      throw new OfSyntaxException(
          "%s: %s bit %d is not valid because field is only %d bits wide"
              .formatted(text, start >= bits ? "starting" : "ending", Math.max(start, end), bits));
    }
  }

  /** Such as {@code NXM_NX_REG0[0..15]}. */
  public static String format(FieldSlice slice) {
    String name = FieldIds.sliceName(slice.field());
    if (slice.isWhole()) {
      return name + "[]";
    }
    return slice.bits() == 1
        ? name + "[" + slice.start() + "]"
        : name + "[" + slice.start() + ".." + slice.end() + "]";
  }
}
