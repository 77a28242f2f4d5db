package org.sluice.vswitchd.ofproto;

import java.util.EnumSet;
import java.util.Set;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortDescription.Config;
import org.sluice.openflow.message.PortDescription.State;
import org.sluice.vswitchd.translate.PortView;

/**
 * A port of one switch at one moment.
 *
 * @param number its OpenFlow number, {@link org.sluice.openflow.action.OfPort#LOCAL} for the
 *     bridge's own
 * @param name the interface's
 * @param datapathPort its number in the datapath, or {@link PortView#NOWHERE} for a patch port
 * @param peer the other end, if it is a patch port that has one; else null
 * @param config bits of {@link Config}
 * @param state bits of {@link State}
 * @param features what the device can and does
 * @param addedNs when it was added
 */
public record SwitchPort(
    int number,
    String name,
    int datapathPort,
    PortView.Peer peer,
    long mac,
    int config,
    int state,
    PortDescription.Features features,
    long addedNs) {

  /** A port that is up. */
  public static SwitchPort of(int number, String name, int datapathPort, long mac, long nowNs) {
    return new SwitchPort(
        number, name, datapathPort, null, mac, 0, 0, PortDescription.Features.NONE, nowNs);
  }

  /** Whether a bit of {@link Config} is set. */
  public boolean has(int configBit) {
    return (config & configBit) != 0;
  }

  /** Whether frames can leave by it: not taken down, and with carrier. */
  public boolean isUp() {
    return !has(Config.DOWN) && (state & State.LINK_DOWN) == 0;
  }

  /** The same port with other bits of {@link Config}. */
  public SwitchPort withConfig(int newConfig) {
    return new SwitchPort(
        number, name, datapathPort, peer, mac, newConfig, state, features, addedNs);
  }

  /** The same port leading to {@code newPeer}. */
  public SwitchPort withPeer(PortView.Peer newPeer) {
    return new SwitchPort(
        number, name, datapathPort, newPeer, mac, config, state, features, addedNs);
  }

  /** The same port with what its device says now. */
  public SwitchPort withDevice(long newMac, int newConfig, int newState) {
    return new SwitchPort(
        number, name, datapathPort, peer, newMac, newConfig, newState, features, addedNs);
  }

  /** As controllers see it. */
  PortDescription description() {
    return new PortDescription(
        number, mac, name, config, isUp() ? state | State.LIVE : state, features);
  }

  /** As translation sees it. */
  PortView view() {
    Set<PortView.Flag> flags = EnumSet.noneOf(PortView.Flag.class);
    if ((state & State.LINK_DOWN) != 0) {
      flags.add(PortView.Flag.LINK_DOWN);
    }
    addFlag(flags, Config.DOWN, PortView.Flag.DOWN);
    addFlag(flags, Config.NO_RECV, PortView.Flag.NO_RECEIVE);
    addFlag(flags, Config.NO_FLOOD, PortView.Flag.NO_FLOOD);
    addFlag(flags, Config.NO_FORWARD, PortView.Flag.NO_FORWARD);
    addFlag(flags, Config.NO_PACKET_IN, PortView.Flag.NO_PACKET_IN);
    return new PortView(number, datapathPort, name, peer, flags);
  }

  private void addFlag(Set<PortView.Flag> flags, int configBit, PortView.Flag flag) {
    if (has(configBit)) {
      flags.add(flag);
    }
  }
}
