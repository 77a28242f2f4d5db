package org.sluice.vswitchd.bridge;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.sluice.openflow.message.OfVersion;
import org.sluice.vswitchd.ofproto.TableConfiguration;

/**
 * A Bridge row as somebody wants it.
 *
 * @param datapathId the id asked for
 * @param hwaddr the local port's address asked for, or 0
 * @param secure whether it stays shut without a controller, rather than bridge by itself
 */
public record DesiredBridge(
    UUID row,
    String name,
    String datapathType,
    OptionalLong datapathId,
    long hwaddr,
    Set<OfVersion> protocols,
    boolean secure,
    Stations stations,
    boolean forwardsBpdu,
    int bundleIdleS,
    Map<Integer, TableConfiguration> tables,
    List<DesiredController> controllers,
    List<DesiredPort> ports) {
  /** How many MAC addresses are kept, and how long. */
  public record Stations(int maxEntries, int agingS) {}

  public DesiredBridge {
    protocols = Set.copyOf(protocols);
    tables = Map.copyOf(tables);
    controllers = List.copyOf(controllers);
    ports = List.copyOf(ports);
  }

  /** The same bridge with other ports. */
  DesiredBridge withPorts(List<DesiredPort> changed) {
    return new DesiredBridge(
        row,
        name,
        datapathType,
        datapathId,
        hwaddr,
        protocols,
        secure,
        stations,
        forwardsBpdu,
        bundleIdleS,
        tables,
        controllers,
        changed);
  }
}
