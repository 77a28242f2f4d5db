package org.sluice.vswitchd.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;

/**
 * The tables {@code CT_Zone} and {@code CT_Timeout_Policy}, changed while connections come: UDP to
 * port N is tracked in zone N.
 */
@Timeout(60)
class TrackingRowsTest {
  @TempDir Path directory;
  private DummySwitch sluice;
  private int nextPort = 1000;

  @BeforeEach
  void start() throws Exception {
    sluice = new DummySwitch(directory);
    for (int zone : new int[] {5, 6}) {
      for (String protocol : new String[] {"udp", "tcp"}) {
        sluice.addFlow(
            protocol + ",tp_dst=" + zone + ",actions=ct(commit,zone=" + zone + "),in_port");
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    sluice.close();
  }

  /** Opens a connection of its own in a zone; the dump's line of it, empty if there is none. */
  private String open(String protocol, int zone) throws Exception {
    int port = nextPort++;
    sluice.receive(
        "in_port(1),eth(src=50:54:00:00:00:09,dst=50:54:00:00:00:0a),eth_type(0x0800),"
            + ("ipv4(src=10.0.0.1,dst=10.0.0.2,proto=" + (protocol.equals("udp") ? 17 : 6))
            + (",tos=0,ttl=64,frag=no)," + protocol + "(src=" + port + ",dst=" + zone + ")")
            + (protocol.equals("udp") ? "" : ",tcp_flags(0x002)"));
    return connection(port);
  }

  private String connection(int port) throws Exception {
    return sluice
        .run("dpctl/dump-conntrack", "-s")
        .lines()
        .filter(line -> line.contains(",sport=" + port + ","))
        .findFirst()
        .orElse("");
  }

  /** Seconds that a new connection would stay without another packet. */
  private long timeout(String protocol, int zone) throws Exception {
    String line = open(protocol, zone);
    return Long.parseLong(line.replaceFirst(".*,timeout=([0-9]+).*", "$1"));
  }

  private static Row datapath(Draft draft) {
    if (draft.rows("Datapath").isEmpty()) {
      Row made = draft.insert("Datapath");
      Datum pair = Datum.ofPair(Atom.of("netdev"), Atom.of(made.uuid()));
      draft.putInto(DummySwitch.root(draft), "datapaths", pair);
      return made;
    }
    return draft.rows("Datapath").getFirst();
  }

  private static Row zone(Draft draft, long number) {
    Row datapath = datapath(draft);
    Datum zones = draft.now(datapath).get("ct_zones");
    Atom known = zones.isEmpty() ? null : zones.get(Atom.of(number));
    if (known != null) {
      return draft.row("CT_Zone", ((Atom.UuidAtom) known).value());
    }
    Row made = draft.insert("CT_Zone");
    draft.putInto(datapath, "ct_zones", Datum.ofPair(Atom.of(number), Atom.of(made.uuid())));
    return made;
  }

  private void setPolicy(int zone, Map<String, Integer> seconds) throws InterruptedException {
    Map<Atom, Atom> timeouts = new TreeMap<>();
    seconds.forEach((timer, value) -> timeouts.put(Atom.of(timer), Atom.of((long) value)));
    sluice.change(draft -> {
      Row policy = draft.insert("CT_Timeout_Policy");
      draft.set(policy, "timeouts", Datum.ofMap(timeouts));
      draft.set(zone(draft, zone), "timeout_policy", Datum.of(policy.uuid()));
    });
  }

  @Test
  void shouldGiveNewConnectionsTheTimeoutsOfTheirZone() throws Exception {
    assertEquals(60, timeout("udp", 5));

    setPolicy(5, Map.of("udp_first", 10, "icmp_first", 1));
    int early = nextPort;
    assertEquals(10, timeout("udp", 5));
    assertEquals(30, timeout("tcp", 5), "a timer that the policy does not name");
    assertEquals(60, timeout("udp", 6), "another zone");

    sluice.change(draft -> {
      Row policy = draft.rows("CT_Timeout_Policy").getFirst();
      Map<Atom, Atom> timeouts = new TreeMap<>();
      timeouts.put(Atom.of("udp_first"), Atom.of(20L));
      timeouts.put(Atom.of("tcp_syn_sent"), Atom.of(7L));
      draft.set(policy, "timeouts", Datum.ofMap(timeouts));
    });
    assertEquals(20, timeout("udp", 5));
    assertEquals(7, timeout("tcp", 5));

    sluice.run("time/warp", "9999", "1000");
    assertTrue(connection(early).contains("timeout=0"), connection(early));
    sluice.run("time/warp", "1");
    assertEquals("", connection(early), "made when it was ten seconds");

    sluice.change(draft -> draft.set(zone(draft, 5), "timeout_policy", Datum.EMPTY));
    assertEquals(60, timeout("udp", 5));
    assertEquals(30, timeout("tcp", 5));
  }

  @Test
  void shouldForgetPoliciesWithTheirZoneOrDatapath() throws Exception {
    setPolicy(5, Map.of("udp_first", 10));
    setPolicy(6, Map.of("udp_first", 11));
    sluice.change(draft -> draft.deleteFrom(datapath(draft), "ct_zones", Datum.of(5)));
    assertEquals(60, timeout("udp", 5));
    assertEquals(11, timeout("udp", 6));
    sluice.change(draft -> draft.set(DummySwitch.root(draft), "datapaths", Datum.EMPTY));
    assertEquals(60, timeout("udp", 6));
  }

  /** Bridges that say nothing of their datapath's type are of type system. */
  @Test
  void shouldReadTheRowOfTheOtherTypeWhereThereIsOnlyThat() throws Exception {
    setPolicy(5, Map.of("udp_first", 10));
    sluice.change(draft -> {
      Datum pair = Datum.ofPair(Atom.of("system"), Atom.of(datapath(draft).uuid()));
      draft.set(DummySwitch.root(draft), "datapaths", pair);
    });
    assertEquals(10, timeout("udp", 5));
    sluice.change(draft -> {
      Row other = draft.insert("Datapath");
      Datum pair = Datum.ofPair(Atom.of("netdev"), Atom.of(other.uuid()));
      draft.putInto(DummySwitch.root(draft), "datapaths", pair);
    });
    assertEquals(60, timeout("udp", 5));
  }

  @Test
  void shouldLetAsManyConnectionsInAsTheZoneMayHave() throws Exception {
    sluice.change(draft -> draft.set(zone(draft, 5), "limit", Datum.of(1)));
    assertTrue(open("udp", 5).startsWith("udp,orig="));
    assertEquals("", open("udp", 5), "over the limit");
    assertTrue(open("udp", 6).startsWith("udp,orig="));
    String told = "default limit=0\nzone=5,limit=1,count=1\n";
    assertEquals(told, sluice.run("dpctl/ct-get-limits"));

    sluice.change(draft -> draft.set(zone(draft, 5), "limit", Datum.of(2)));
    assertTrue(open("udp", 5).startsWith("udp,orig="));
    assertEquals("", open("udp", 5), "over the new limit");

    sluice.change(draft -> {
      draft.set(zone(draft, 5), "limit", Datum.EMPTY);
      draft.set(datapath(draft), "ct_zone_default_limit", Datum.of(3));
    });
    assertTrue(open("udp", 5).startsWith("udp,orig="));
    assertEquals("", open("udp", 5), "over the default limit");

    sluice.change(draft -> draft.set(DummySwitch.root(draft), "datapaths", Datum.EMPTY));
    assertTrue(open("udp", 5).startsWith("udp,orig="));
    assertEquals("default limit=0\n", sluice.run("dpctl/ct-get-limits"));
  }

  @Test
  void shouldLeaveLimitsToCommandsWhereTheDatabaseSaysNothing() throws Exception {
    assertEquals("", sluice.run("dpctl/ct-set-limits", "zone=5,limit=1"));
    sluice.change(draft -> draft.set(zone(draft, 6), "limit", Datum.of(2)));
    assertInstanceOf(
        UnixctlReply.Failure.class, sluice.reply("dpctl/ct-set-limits", "zone=5,limit=9"));
    String both = "default limit=0\nzone=5,limit=1,count=0\nzone=6,limit=2,count=0\n";
    assertEquals(both, sluice.run("dpctl/ct-get-limits"));
    sluice.change(draft -> draft.deleteFrom(datapath(draft), "ct_zones", Datum.of(6)));
    assertEquals("", sluice.run("dpctl/ct-set-limits", "zone=5,limit=9"));
    assertEquals("default limit=0\nzone=5,limit=9,count=0\n", sluice.run("dpctl/ct-get-limits"));
  }

  /** What controllers ask of a datapath before they rely on it. */
  @Test
  void shouldTellTheDatabaseWhatTheDatapathCanDo() throws Exception {
    sluice.change(draft -> {
      Row made = datapath(draft);
      draft.putInto(made, "capabilities", Datum.ofPair(Atom.of("own"), Atom.of("kept")));
    });
    sluice.await(database -> capabilities(database).size() > 1);
    Map<String, String> told = capabilities(sluice.database());
    assertEquals("true", told.get("ct_zero_snat"));
    assertEquals("true", told.get("ct_flush"));
    assertEquals("1", told.get("max_hash_alg"));
    assertEquals("kept", told.get("own"));
  }

  private static Map<String, String> capabilities(Snapshot database) {
    return database.onlyRow("Datapath").get("capabilities").stringMap();
  }
}
