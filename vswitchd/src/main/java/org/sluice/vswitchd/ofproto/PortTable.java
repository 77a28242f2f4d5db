package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.translate.PortView;

/** The ports and bundles of one switch at one moment. Never changes: a change makes another. */
public final class PortTable {
  /** No ports. */
  public static final PortTable EMPTY = new PortTable(List.of(), List.of());

  private final TreeMap<Integer, SwitchPort> byNumber = new TreeMap<>();
  private final Map<Integer, PortView> views = new HashMap<>();
  private final List<PortView> viewList = new ArrayList<>();
  private final List<Bundle> bundles;
  private final Map<Integer, Bundle> bundleById = new HashMap<>();
  private final Map<Integer, Bundle> bundleByPort = new HashMap<>();

  /** Takes ports, and bundles whose members are among them. */
  public PortTable(Collection<SwitchPort> ports, Collection<Bundle> bundles) {
    for (SwitchPort port : ports) {
      byNumber.put(port.number(), port);
    }
    for (SwitchPort port : byNumber.values()) {
      PortView view = port.view();
      views.put(port.number(), view);
      viewList.add(view);
    }
    this.bundles = List.copyOf(bundles);
    for (Bundle bundle : bundles) {
      bundleById.put(bundle.id(), bundle);
      bundle.members().forEach(member -> bundleByPort.put(member, bundle));
    }
  }

  /** The port with OpenFlow number {@code number}, or null. */
  public SwitchPort get(int number) {
    return byNumber.get(number);
  }

  /** The port called {@code name}, or null. */
  public SwitchPort byName(String name) {
    for (SwitchPort port : byNumber.values()) {
      if (port.name().equals(name)) {
        return port;
      }
    }
    return null;
  }

  /** All ports in the order of their numbers; the local one is the last. */
  public Collection<SwitchPort> all() {
    return Collections.unmodifiableCollection(byNumber.values());
  }

  /** Every bundle, in the order in which frames are flooded. */
  public List<Bundle> bundles() {
    return bundles;
  }

  /** Whether {@code other} says the same. */
  public boolean isSameAs(PortTable other) {
    return byNumber.equals(other.byNumber) && bundles.equals(other.bundles);
  }

  PortView view(int number) {
    return views.get(number);
  }

  List<PortView> views() {
    return viewList;
  }

  Bundle bundle(int id) {
    return bundleById.get(id);
  }

  Bundle bundleOf(int number) {
    return bundleByPort.get(number);
  }

  /** The same with {@code port} in the place of the one that has its number. */
  PortTable with(SwitchPort port) {
    TreeMap<Integer, SwitchPort> changed = new TreeMap<>(byNumber);
    changed.put(port.number(), port);
    return new PortTable(changed.values(), bundles);
  }
}
