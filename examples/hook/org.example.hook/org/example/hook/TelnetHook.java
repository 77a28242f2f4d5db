package org.example.hook;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.hook.HookPoint;
import org.sluice.datapath.hook.HookVerdict;
import org.sluice.datapath.hook.PacketHook;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/** Lets no Telnet through the switch, whatever its rules say. */
public final class TelnetHook implements PacketHook {
  private static final int TELNET = 23;

  @Override
  public HookPoint point() {
    return HookPoint.FORWARD;
  }

  @Override
  public int priority() {
    return FILTER;
  }

  @Override
  public HookVerdict packet(Packet packet, long nowNs) {
    boolean isTelnet =
        packet.ipProtocol == IpProtocol.TCP
            && packet.l4Offset != Packet.ABSENT
            && OffHeap.getUnsignedShortBe(packet.address + packet.l4Offset + 2) == TELNET;
    return isTelnet ? HookVerdict.DROP : HookVerdict.ACCEPT;
  }
}
