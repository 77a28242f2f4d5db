package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.datapath.datapath.DpActionText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowTextOptions;

/** One of several links for each connection: bundle, bundle_load and multipath. */
class LinkStepTest {
  private static final String ETHERNET = "dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,";

  private final TestNetwork network = TestNetwork.oneBridge(5);

  private static String tcp(int port) {
    return "in_port=1,tcp," + ETHERNET + "nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=80,tp_src=" + port;
  }

  private static String answer(int port) {
    return "in_port=1,tcp," + ETHERNET + "nw_src=10.0.0.2,nw_dst=10.0.0.1,tp_src=80,tp_dst=" + port;
  }

  private String actions(String flow) {
    Outcome outcome = network.translate(flow);
    return DpActionText.format(outcome.actions(), TestNetwork.key(flow), FlowTextOptions.PLAIN);
  }

  private void setDown(int port) {
    network
        .bridge("br0")
        .add(new PortView(port, port, "p" + port, null, Set.of(PortView.Flag.LINK_DOWN)), null);
  }

  @Test
  void shouldTakeTheFirstMemberThatIsUp() {
    network.addFlows("actions=bundle(eth_src,0,active_backup,ofport,members:2,3)");
    assertEquals("2", actions(tcp(1)));
    setDown(2);
    assertEquals("3", actions(tcp(1)));
    setDown(3);
    assertEquals("drop", actions(tcp(1)));
  }

  @Test
  void shouldKeepAConnectionTogetherAndMoveOnlyWhatWasOnAMemberThatGoesDown() {
    network.addFlows("actions=bundle(symmetric_l3l4,7,hrw,ofport,members:2,3,4)");
    Set<String> used = new TreeSet<>();
    String[] before = new String[200];
    for (int port = 1; port < before.length; port++) {
      before[port] = actions(tcp(port));
      used.add(before[port]);
      assertEquals(before[port], actions(answer(port)), "the answer takes the same link");
    }
    assertEquals(Set.of("2", "3", "4"), used);
    setDown(3);
    for (int port = 1; port < before.length; port++) {
      String after = actions(tcp(port));
      assertTrue(before[port].equals("3") ? !after.equals("3") : after.equals(before[port]));
    }
  }

  @Test
  void shouldWriteTheMemberOrThatThereIsNone() {
    network.addFlows(
        "actions=bundle_load(eth_src,0,active_backup,ofport,NXM_NX_REG0[0..15],members:2),"
            + "output:NXM_NX_REG0[0..15]");
    assertEquals("2", actions(tcp(1)));
    setDown(2);
    assertEquals("drop", actions(tcp(1)), "65535 is no port");
  }

  @ParameterizedTest
  @ValueSource(strings = {"modulo_n,3,0", "hash_threshold,3,0", "hrw,3,0", "iter_hash,3,4"})
  void shouldSpreadConnectionsOverAllLinksAndNoOthers(String algorithm) {
    network.addFlows(
        "table=0,actions=multipath(symmetric_l3l4,50,"
            + algorithm
            + ",NXM_NX_REG1[0..7]),"
            + "resubmit(,1)",
        "table=1,reg1=0,actions=2",
        "table=1,reg1=1,actions=3",
        "table=1,reg1=2,actions=4");
    Set<String> used = new TreeSet<>();
    for (int port = 1; port < 200; port++) {
      used.add(actions(tcp(port)));
    }
    assertEquals(Set.of("2", "3", "4"), used);
  }

  @Test
  void shouldLookAtWhatIsHashedAndAtNothingElse() {
    network.addFlows("actions=bundle(nw_dst,0,hrw,ofport,members:2,3)");
    Outcome outcome = network.translate(tcp(1));
    assertTrue(outcome.mask().covers(Field.IP_DST));
    assertTrue(!outcome.mask().touches(Field.IP_SRC) && !outcome.mask().touches(Field.TCP_SRC));
  }
}
