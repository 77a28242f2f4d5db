package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
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

  private HashActionText() {}

  private static HashFields fields(String text, String whole) throws OfSyntaxException {
    for (Map.Entry<HashFields, String> entry : FIELDS.entrySet()) {
      if (entry.getValue().equals(text)) {
        return entry.getKey();
      }
    }
    throw new OfSyntaxException(whole + ": unknown fields `" + text + "'");
  }

  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split("[, ]+", -1)) {
      parts.add(part.strip());
    }
    return parts;
  }

  static OfAction parseBundle(String text, Names names, boolean load) throws OfSyntaxException {
    int list = Math.max(text.indexOf("members:"), text.indexOf("slaves:"));
    List<String> head = parts(list < 0 ? text : text.substring(0, list));
    if (list < 0 || head.size() < (load ? 5 : 4)) {
      throw new OfSyntaxException(text + ": not enough arguments to bundle action");
    }
    HashFields fields = fields(head.get(0), text);
    int basis = Numbers.u16(head.get(1), "basis");
    OfAction.BundleAlgorithm algorithm =
        switch (head.get(2)) {
          case "active_backup" -> OfAction.BundleAlgorithm.ACTIVE_BACKUP;
          case "hrw" -> OfAction.BundleAlgorithm.HRW;
          default ->
              throw new OfSyntaxException(text + ": unknown algorithm `" + head.get(2) + "'");
        };
    FieldSlice target = load ? SliceText.parse(head.get(4)) : null;
    List<Integer> members = members(text.substring(text.indexOf(':', list) + 1), text, names);
    return new OfAction.Bundle(fields, basis, algorithm, members, target);
  }

  private static List<Integer> members(String list, String whole, Names names)
      throws OfSyntaxException {
    List<Integer> members = new ArrayList<>();
    KeyValues ports = new KeyValues(list);
    while (ports.next()) {
      int port = names.port(ports.key());
      if (port < 0) {
        throw new OfSyntaxException(whole + ": bad port number");
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
    List<String> parts = parts(text);
    if (parts.size() != 6) {
      throw new OfSyntaxException(text + ": not enough arguments to multipath action");
    }
    OfAction.MultipathAlgorithm algorithm =
        switch (parts.get(2)) {
          case "modulo_n" -> OfAction.MultipathAlgorithm.MODULO_N;
          case "hash_threshold" -> OfAction.MultipathAlgorithm.HASH_THRESHOLD;
          case "hrw" -> OfAction.MultipathAlgorithm.HRW;
          case "iter_hash" -> OfAction.MultipathAlgorithm.ITER_HASH;
          default ->
              throw new OfSyntaxException(text + ": unknown algorithm `" + parts.get(2) + "'");
        };
    int links = Numbers.u32(parts.get(3));
    if (links < 1 || links > 65536) {
      throw new OfSyntaxException(
          text + ": n_links " + links + " is not in valid range 1 to 65536");
    }
    FieldSlice target = SliceText.parse(parts.get(5));
    if (target.bits() < 16 && links > 1 << target.bits()) {
      throw new OfSyntaxException(
          "%s: %d-bit destination field has %d possible values, less than specified n_links %d"
              .formatted(text, target.bits(), 1 << target.bits(), links));
    }
    return new OfAction.Multipath(
        fields(parts.get(0), text),
        Numbers.u16(parts.get(1), "basis"),
        algorithm,
        links - 1,
        Numbers.u32(parts.get(4)),
        target);
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
