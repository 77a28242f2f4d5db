package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfAction.HashFields;

/** The {@code bundle(...)}, {@code bundle_load(...)} and {@code multipath(...)} actions. */
final class HashActionText {
  private static final Map<HashFields, String> FIELDS =
      Map.of(
          HashFields.ETH_SRC, "eth_src",
          HashFields.SYMMETRIC_L4, "symmetric_l4",
          HashFields.SYMMETRIC_L3L4, "symmetric_l3l4",
          HashFields.SYMMETRIC_L3L4_UDP, "symmetric_l3l4+udp",
          HashFields.NW_SRC, "nw_src",
          HashFields.NW_DST, "nw_dst",
          HashFields.SYMMETRIC_L3, "symmetric_l3");

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
  private static final int MAX_MEMBERS = 2048;

  private HashActionText() {}

  private static HashFields fields(String text, String whole) throws OfSyntaxException {
    for (Map.Entry<HashFields, String> entry : FIELDS.entrySet()) {
      if (entry.getValue().equalsIgnoreCase(text)) {
        return entry.getKey();
      }
    }
    throw new OfSyntaxException(whole + ": unknown fields `" + text + "'");
  }

  static OfAction parseBundle(String text, Names names, boolean load) throws OfSyntaxException {
    StringTokenizer words = new StringTokenizer(text, ", ");
    List<String> head = new ArrayList<>();
    while (head.size() < (load ? 5 : 4) && words.hasMoreTokens()) {
      head.add(words.nextToken());
    }
    if (!words.hasMoreTokens()) {
      throw new OfSyntaxException(text + ": not enough arguments to bundle action");
    }
    String delimiter = words.nextToken(": ").replaceFirst("^,+", "");
    if (delimiter.isEmpty() && words.hasMoreTokens()) {
      delimiter = words.nextToken();
    }
    if (!delimiter.equalsIgnoreCase("members") && !delimiter.equalsIgnoreCase("slaves")) {
      throw new OfSyntaxException(
          text + ": missing member delimiter, expected `members', got `" + delimiter + "'");
    }
    List<Integer> members = members(words, names);
    HashFields fields = fields(head.get(0), text);
    OfAction.BundleAlgorithm algorithm = bundleAlgorithm(head.get(2), text);
    if (!head.get(3).equalsIgnoreCase("ofport")) {
      throw new OfSyntaxException(text + ": unknown member_type `" + head.get(3) + "'");
    }
    FieldSlice target = load ? SliceText.parseNarrow(head.get(4), text) : null;
    return new OfAction.Bundle(fields, basis(head.get(1)), algorithm, members, target);
  }

  private static OfAction.BundleAlgorithm bundleAlgorithm(String name, String whole)
      throws OfSyntaxException {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "active_backup" -> OfAction.BundleAlgorithm.ACTIVE_BACKUP;
      case "hrw" -> OfAction.BundleAlgorithm.HRW;
      default -> throw new OfSyntaxException(whole + ": unknown algorithm `" + name + "'");
    };
  }

  /** Whatever number the text begins with, of which 16 bits count. */
  private static int basis(String text) {
    return leadingNumber(text) & 0xffff;
  }

  private static List<Integer> members(StringTokenizer words, Names names)
      throws OfSyntaxException {
    List<Integer> members = new ArrayList<>();
    String list = words.hasMoreTokens() ? words.nextToken("") : "";
    StringTokenizer ports = new StringTokenizer(list, ":, []");
    while (ports.hasMoreTokens() && members.size() < MAX_MEMBERS) {
      String word = ports.nextToken();
      int port = names.port(word);
      if (port < 0) {
        throw new OfSyntaxException(word + ": bad port number");
      }
      members.add(port);
    }
    return members;
  }

  static String formatBundle(OfAction.Bundle bundle, Names names) {
    StringJoiner members = new StringJoiner(",");
    bundle.members().forEach(port -> members.add(names.portText(port)));
    FieldSlice target = bundle.target();
    return (target == null ? "bundle(" : "bundle_load(")
        + FIELDS.get(bundle.fields())
        + ","
        + bundle.basis()
        + ","
        + (bundle.algorithm() == OfAction.BundleAlgorithm.HRW ? "hrw" : "active_backup")
        + ",ofport,"
        + (target == null ? "" : SliceText.format(target) + ",")
        + "members:"
        + members
        + ")";
  }

  static OfAction parseMultipath(String text) throws OfSyntaxException {
    StringTokenizer words = new StringTokenizer(text, ", ");
    if (words.countTokens() < 6) {
      throw new OfSyntaxException(text + ": not enough arguments to multipath action");
    }
    HashFields fields = fields(words.nextToken(), text);
    int basis = basis(words.nextToken());
    OfAction.MultipathAlgorithm algorithm = multipathAlgorithm(words.nextToken(), text);
    int links = leadingNumber(words.nextToken());
    int argument = leadingNumber(words.nextToken());
    if (links < 1 || links > 65536) {
      throw new OfSyntaxException(
          text + ": n_links " + links + " is not in valid range 1 to 65536");
    }
    FieldSlice target = SliceText.parseNarrow(words.nextToken(), text);
    if (target.bits() < 16 && links > 1 << target.bits()) {
      throw new OfSyntaxException(
          "%s: %d-bit destination field has %d possible values, less than specified n_links %d"
              .formatted(text, target.bits(), 1 << target.bits(), links));
    }
    return new OfAction.Multipath(fields, basis, algorithm, links - 1, argument, target);
  }

  private static int leadingNumber(String text) {
    Matcher digits = DIGITS.matcher(text);
    return digits.lookingAt() ? Integer.parseInt(digits.group()) : 0;
  }

  private static OfAction.MultipathAlgorithm multipathAlgorithm(String name, String whole)
      throws OfSyntaxException {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "modulo_n" -> OfAction.MultipathAlgorithm.MODULO_N;
      case "hash_threshold" -> OfAction.MultipathAlgorithm.HASH_THRESHOLD;
      case "hrw" -> OfAction.MultipathAlgorithm.HRW;
      case "iter_hash" -> OfAction.MultipathAlgorithm.ITER_HASH;
      default -> throw new OfSyntaxException(whole + ": unknown algorithm `" + name + "'");
    };
  }

  static String formatMultipath(OfAction.Multipath multipath) {
    return "multipath(%s,%d,%s,%d,%d,%s)"
        .formatted(
            FIELDS.get(multipath.fields()),
            multipath.basis(),
            multipath.algorithm().name().toLowerCase(Locale.ROOT),
            multipath.maxLink() + 1,
            multipath.argument(),
            SliceText.format(multipath.target()));
  }
}
