package org.sluice.openflow.match;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OxmId;
import org.sluice.openflow.message.OfVersion;

/**
 * How fields are called on the wire and in {@code NXM_OF_IP_SRC[]} text: one name for each id, and
 * the version from which on an id is the one to write.
 */
public final class FieldIds {
  private static final int ONF = 0x4f4e_4600;
  private static final int NICIRA = 0x0000_2320;

  /** NXM's two classes, and the basic one of OXM. */
  private static final int COMMON_CLASSES = 3;

  private static final int NUMBERS = 128;

  private static final Map<Field, List<FieldId>> BY_FIELD = new EnumMap<>(Field.class);
  private static final Map<String, Field> BY_NAME = new HashMap<>();
  private static final Map<OxmId, Field> BY_ID = new HashMap<>();

  /** The fields of the classes that nearly all entries have, by class and number. */
  private static final Field[][] BY_NUMBER = new Field[COMMON_CLASSES][NUMBERS];

  private static final Map<String, OxmId> ID_BY_NAME = new HashMap<>();
  private static final Map<OxmId, String> NAME_BY_ID = new HashMap<>();

  /** Where the name is not made from the field's own. */
  private static final Map<String, String> ODD_NAMES =
      Map.ofEntries(
          Map.entry("NXM_TUN_SRC", "TUN_IPV4_SRC"),
          Map.entry("NXM_TUN_DST", "TUN_IPV4_DST"),
          Map.entry("OXM_TUN_ID", "TUNNEL_ID"),
          Map.entry("OXM_IN_PORT_OXM", "IN_PORT"),
          Map.entry("OXM_IP_SRC", "IPV4_SRC"),
          Map.entry("OXM_IP_DST", "IPV4_DST"),
          Map.entry("OXM_IPV6_LABEL", "IPV6_FLABEL"),
          Map.entry("NXM_NW_PROTO", "IP_PROTO"),
          Map.entry("OXM_NW_PROTO", "IP_PROTO"),
          Map.entry("NXM_NW_TOS", "IP_TOS"),
          Map.entry("NXM_NW_ECN", "IP_ECN"),
          Map.entry("OXM_NW_ECN", "IP_ECN"),
          Map.entry("NXM_NW_TTL", "IP_TTL"),
          Map.entry("OXM_ICMP_TYPE", "ICMPV4_TYPE"),
          Map.entry("OXM_ICMP_CODE", "ICMPV4_CODE"),
          Map.entry("OXM_ND_TARGET", "IPV6_ND_TARGET"),
          Map.entry("OXM_ND_SLL", "IPV6_ND_SLL"),
          Map.entry("OXM_ND_TLL", "IPV6_ND_TLL"),
          Map.entry("OXM_ND_RESERVED", "ICMPV6_ND_RESERVED"),
          Map.entry("OXM_ND_OPTIONS_TYPE", "ICMPV6_ND_OPTIONS_TYPE"));

  static {
    for (Field field : Field.values()) {
      BY_FIELD.put(field, idsOf(field));
    }
    BY_FIELD.forEach(FieldIds::index);
    BY_ID.forEach((id, field) -> {
      int common = commonClass(id.oxmClass());
      if (common >= 0) {
        BY_NUMBER[common][id.number()] = field;
      }
    });
  }

  private FieldIds() {}

  /**
   * One id of a field.
   *
   * @param since the first version that prefers it; null for NXM, which serves where nothing else
   */
  public record FieldId(OxmId id, String name, OfVersion since) {}

  private static List<FieldId> idsOf(Field field) {
    List<FieldId> ids = new ArrayList<>();
    if (field.nxm() != null) {
      boolean onf = field.nxm().experimenter() == ONF;
      ids.add(new FieldId(field.nxm(), name(field, field.nxm()), onf ? OfVersion.OF13 : null));
    }
    if (field == Field.TCP_FLAGS) {
      OxmId id = new OxmId(OxmId.EXPERIMENTER_CLASS, field.oxm().number(), ONF);
      ids.add(new FieldId(id, name(field, id), OfVersion.OF13));
    }
    if (field.oxm() != null) {
      ids.add(new FieldId(field.oxm(), name(field, field.oxm()), since(field)));
    }
    return List.copyOf(ids);
  }

  private static OfVersion since(Field field) {
    return switch (field) {
      case TUN_ID, MPLS_BOS -> OfVersion.OF13;
      case PACKET_TYPE, ACTSET_OUTPUT, TCP_FLAGS -> OfVersion.OF15;
      default ->
          switch (field.oxm().oxmClass()) {
            case 0x8000 -> OfVersion.OF12;
            case 0x8001 -> OfVersion.OF13;
            default -> OfVersion.OF10;
          };
    };
  }

  private static String name(Field field, OxmId id) {
    String own = field.name();
    return switch (id.oxmClass()) {
      case 0 -> "NXM_OF_" + ODD_NAMES.getOrDefault("NXM_" + own, own);
      case 1 -> "NXM_NX_" + ODD_NAMES.getOrDefault("NXM_" + own, own);
      case 0x8000 -> "OXM_OF_" + ODD_NAMES.getOrDefault("OXM_" + own, own);
      case 0x8001 -> "OXM_OF_PKT_" + own.substring(1);
      case 0x1000 -> "ERICOXM_OF_" + ODD_NAMES.getOrDefault("OXM_" + own, own);
      default -> experimenterName(own, id.experimenter());
    };
  }

  private static String experimenterName(String own, int experimenter) {
    return switch (experimenter) {
      case ONF -> "ONFOXM_ET_" + own;
      case NICIRA -> {
        boolean tunnel = own.startsWith("TUN_ERSPAN") || own.startsWith("TUN_GTPU");
        yield "NXOXM_ET_" + (tunnel ? own.substring("TUN_".length()) : own);
      }
      default -> "NXOXM_" + own;
    };
  }

  private static void index(Field field, List<FieldId> ids) {
    for (FieldId id : ids) {
      BY_NAME.put(id.name(), field);
      BY_ID.putIfAbsent(id.id(), field);
      ID_BY_NAME.put(id.name(), id.id());
      NAME_BY_ID.putIfAbsent(id.id(), id.name());
    }
  }

  /**
   * The id to write for {@code field} in {@code version}, or null where it has none at all.
   *
   * @param version null for NXM where there is one
   */
  public static FieldId of(Field field, OfVersion version) {
    FieldId best = null;
    for (FieldId id : BY_FIELD.get(field)) {
      boolean preferred = id.since() == null || (version != null && version.isAtLeast(id.since()));
      if (best == null || preferred) {
        best = id;
      }
    }
    return best;
  }

  /** The field with an id, or null. */
  public static Field byId(OxmId id) {
    int common = commonClass(id.oxmClass());
    return common < 0 ? BY_ID.get(id) : BY_NUMBER[common][id.number()];
  }

  private static int commonClass(int oxmClass) {
    return switch (oxmClass) {
      case 0, 1 -> oxmClass;
      case 0x8000 -> 2;
      default -> -1;
    };
  }

  /** The field that {@code NXM_OF_IN_PORT} or the like names, or null. */
  public static Field byName(String name) {
    return BY_NAME.get(name);
  }

  /** The id that such a name stands for, or null. */
  public static OxmId idNamed(String name) {
    return ID_BY_NAME.get(name);
  }

  /** What an id is called, or null. */
  public static String nameOf(OxmId id) {
    return NAME_BY_ID.get(id);
  }

  /** How a slice of {@code field} is called in text. */
  public static String sliceName(Field field) {
    FieldId id = of(field, null);
    return id == null ? field.text() : id.name();
  }

  /** Bytes that a value takes on the wire. */
  public static int wireBytes(Field field) {
    return field.bytes() == 3 ? 4 : field.bytes();
  }
}
