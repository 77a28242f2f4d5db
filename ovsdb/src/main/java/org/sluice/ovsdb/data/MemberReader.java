package org.sluice.ovsdb.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes a JSON object apart member by member and complains, in OVSDB's words, about those missing,
 * of the wrong kind, or left over. Lives on one thread for the length of one parse.
 */
public final class MemberReader {
  /** What a member may be. */
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    ID;

    boolean matches(JsonNode json) {
      return switch (this) {
        case OBJECT -> json.isObject();
        case ARRAY -> json.isArray();
        case STRING -> json.isTextual();
        case INTEGER -> JsonIntegers.isInteger(json);
        case NUMBER -> json.isNumber();
        case BOOLEAN -> json.isBoolean();
        case ID -> json.isTextual() && Identifiers.isId(json.textValue());
      };
    }
  }

  private final JsonNode json;
  private final String what;
  private final Set<String> used = new HashSet<>();
  private OvsdbException failure;

  /**
   * Begins to read {@code json}.
   *
   * @param what names it in messages, such as {@code database schema}
   */
  public MemberReader(JsonNode json, String what) throws OvsdbException {
    this.json = json;
    this.what = what;
    if (!json.isObject()) {
      failure =
          OvsdbError.syntax(null, "Parsing %s failed: Object expected.".formatted(what)).thrown();
      throw failure;
    }
  }

  /** The object being read. */
  public JsonNode json() {
    return json;
  }

  /** A member that must be there and be one of {@code kinds} (no kinds: anything). */
  public JsonNode required(String name, Kind... kinds) throws OvsdbException {
    JsonNode value = optional(name, kinds);
    if (value == null) {
      throw fail("Required '%s' member is missing.".formatted(name));
    }
    return value;
  }

  /** A member that may be absent (then null) but if present must be one of {@code kinds}. */
  public JsonNode optional(String name, Kind... kinds) throws OvsdbException {
    JsonNode value = json.get(name);
    if (value == null) {
      return null;
    }
    used.add(name);
    for (Kind kind : kinds) {
      if (kind.matches(value)) {
        return value;
      }
    }
    if (kinds.length > 0) {
      throw fail("Type mismatch for member '%s'.".formatted(name));
    }
    return value;
  }

  /** Whether an optional boolean member is true, {@code otherwise} if absent. */
  public boolean flag(String name, boolean otherwise) throws OvsdbException {
    JsonNode value = optional(name, Kind.BOOLEAN);
    return value == null ? otherwise : value.booleanValue();
  }

  /** Makes, remembers and returns (for throwing) an error about the object as a whole. */
  public OvsdbException fail(String details) {
    String text = "Parsing %s failed: %s".formatted(what, details);
    failure = OvsdbError.syntax(json, text).thrown();
    return failure;
  }

  /** Complains about members that nobody asked for; repeats an earlier complaint of this reader. */
  public void finish() throws OvsdbException {
    if (failure != null) {
      throw failure;
    }
    List<String> left = new ArrayList<>();
    json.fieldNames()
        .forEachRemaining(name -> {
          if (!used.contains(name)) {
            left.add(name);
          }
        });
    if (!left.isEmpty()) {
      throw fail(leftOver(left));
    }
  }

  private static String leftOver(List<String> left) {
    int others = left.size() - 1;
    return others == 0
        ? "Member '%s' is present but not allowed here.".formatted(left.getFirst())
        : "Member '%s' and %d other member%s are present but not allowed here."
            .formatted(left.getFirst(), others, others > 1 ? "s" : "");
  }
}
