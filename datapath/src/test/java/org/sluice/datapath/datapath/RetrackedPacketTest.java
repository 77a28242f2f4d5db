package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.Packet;

/**
 * Packets that are tracked, given another address by plain actions, and tracked in the same zone.
 */
class RetrackedPacketTest {
  private static final int OTHER = 0x0b00_0063;

  private final Conntrack conntrack = new Conntrack(1);
  private final QueueNetdev device = new QueueNetdev("p1");
  private final Datapath datapath =
      new Datapath(
          DatapathOptions.named("test"),
          conntrack,
          new Rewriting(),
          (where, cause) -> {
            throw new AssertionError(where, cause);
          });

  private static final class Rewriting implements Upcall {
    private static final DpAction COMMIT =
        new DpAction.Track(true, false, 7, DpAction.MarkAndLabel.NONE, null, null);

    @Override
    public Translation miss(Packet packet, FlowKey key, long nowNs) {
      FlowMask mask = new FlowMask();
      mask.cover(Field.IN_PORT);
      DpAction rewrite = DpAction.SetField.exact(Field.IP_DST, OTHER);
      List<DpAction> actions = List.of(COMMIT, rewrite, COMMIT, new DpAction.Output(1));
      return new Translation(actions, mask, true, null, null);
    }

    @Override
    public void userspace(Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs) {
      throw new AssertionError("not part of the policy");
    }
  }

  @Test
  void shouldBeOfTwoConnectionsWhenTheAddressIsChangedInBetween() {
    datapath.addPort(1, device);
    for (long nowNs = 0; nowNs < 3; nowNs++) {
      device.arrive(Frames.ipv4(17, 0x0a00_0001, 0x0b00_0001, 1000 << 16 | 80, 0));
      for (PacketThread thread : datapath.threads()) {
        thread.doWork(nowNs);
      }
      assertEquals(2, conntrack.limits().count());
    }
  }
}
