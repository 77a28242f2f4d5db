package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Objects;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.Stream;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * How the connections of one remote are treated. Immutable.
 *
 * @param probeMs how long a silent peer is trusted, 0 for ever; null for the usual
 * @param maxBackoffMs the longest pause between attempts to connect; null for the usual
 * @param readOnly whether clients may change nothing
 * @param role what clients are to the access rules; empty for no restriction
 * @param dscp how packets are marked; null for the usual
 */
public record RemoteOptions(
    Long probeMs, Long maxBackoffMs, boolean readOnly, String role, Integer dscp) {
  /** Nothing in particular. */
  public static final RemoteOptions NONE = new RemoteOptions(null, null, false, "", null);

  private static final long MAX_BACKOFF_MS = 8_000;

  /** Nobody is asked or tried more often, whatever is configured. */
  private static final long LEAST_MS = 1_000;

  /** Class selector 6, network control (RFC 4594, section 3.2). */
  private static final int USUAL_DSCP = 48;

  private static final int MAX_DSCP = 63;

  /**
   * Reads them from a configuration file.
   *
   * @param ofClients whether {@code read-only} and {@code role} make sense
   */
  static RemoteOptions fromJson(JsonNode json, boolean ofClients) throws OvsdbException {
    MemberReader members = new MemberReader(json, "JSON-RPC options");
    JsonNode backoff = members.optional("max-backoff", Kind.INTEGER);
    JsonNode probe = members.optional("inactivity-probe", Kind.INTEGER);
    JsonNode dscp = members.optional("dscp", Kind.INTEGER);
    JsonNode role = ofClients ? members.optional("role", Kind.STRING) : null;
    boolean readOnly = ofClients && members.flag("read-only", false);
    members.finish();
    return new RemoteOptions(
        longOrNull(probe),
        longOrNull(backoff),
        readOnly,
        role == null ? "" : role.textValue(),
        dscp == null ? null : dscp.intValue());
  }

  private static Long longOrNull(JsonNode json) {
    return json == null ? null : json.longValue();
  }

  /** The form of a configuration file. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (probeMs != null) {
      json.put("inactivity-probe", probeMs);
    }
    if (maxBackoffMs != null) {
      json.put("max-backoff", maxBackoffMs);
    }
    if (readOnly) {
      json.put("read-only", true);
    }
    if (!role.isEmpty()) {
      json.put("role", role);
    }
    if (dscp != null) {
      json.put("dscp", dscp);
    }
    return json;
  }

  /** How long a silent peer is trusted; 0 for ever. */
  long probeMs(long usualMs) {
    long wantedMs = probeMs == null ? usualMs : probeMs;
    return wantedMs == 0 ? 0 : Math.max(LEAST_MS, wantedMs);
  }

  /** Whether connections that were made under these may go on under {@code other}. */
  boolean keepConnectionsOf(RemoteOptions other) {
    return readOnly == other.readOnly
        && role.equals(other.role)
        && Objects.equals(dscp, other.dscp);
  }

  /** Marks the packets of a connection; as usual also where the options say what cannot be. */
  void mark(Stream stream, Vlog log) {
    boolean said = dscp != null && dscp >= 0 && dscp <= MAX_DSCP;
    try {
      stream.mark(said ? dscp : USUAL_DSCP);
    } catch (IOException e) {
      log.warn("%s: failed to set DSCP: %s", stream.name(), e.getMessage());
    }
  }

  /** The longest pause between attempts to connect. */
  long maxBackoff() {
    boolean usual = maxBackoffMs == null || maxBackoffMs == 0;
    return usual ? MAX_BACKOFF_MS : Math.max(LEAST_MS, maxBackoffMs);
  }
}
