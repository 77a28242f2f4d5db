package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.BundleControl;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.PortDescription;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.translate.PacketInEvent;

class OfprotoTest {
  private static final long SECOND = 1_000_000_000L;

  private final ReentrantLock writer = new ReentrantLock();
  private final FakeBackend backend = new FakeBackend();
  private final ChangeSequence changes = new ChangeSequence();
  private final Ofproto ofproto = new Ofproto("br0", writer, changes, new TableVersions(), backend);
  private final Mailbox mailbox = new Mailbox();
  private final Session controller = new Session(Session.Kind.CONTROLLER, OfVersion.OF13, mailbox);

  private OfError ask(OfMessage message, long nowNs) {
    return ask(controller, message, nowNs);
  }

  private OfError ask(Session session, OfMessage message, long nowNs) {
    return ofproto.handle(new RequestHandler.Request(session, 1, 100, nowNs), message);
  }

  private static FlowMod.Builder mod(FlowMod.Command command, Match match) {
    return FlowMod.builder().command(command).match(match);
  }

  private static FlowMod add(Match match, int priority, int port) {
    return mod(FlowMod.Command.ADD, match).priority(priority).actions(output(port)).build();
  }

  private static List<OfAction> output(int port) {
    return List.of(OfAction.Output.to(port));
  }

  private static Match protocol(int number) {
    FlowKey key = new FlowKey();
    key.set(Field.NW_PROTO, number);
    FlowMask mask = new FlowMask();
    mask.cover(Field.NW_PROTO);
    return new Match(key, mask);
  }

  private List<FlowStats> dump(long nowNs) {
    assertNull(ask(new Multipart.FlowStatsRequest(Multipart.FlowQuery.all(), false), nowNs));
    return assertInstanceOf(Multipart.FlowStatsReply.class, mailbox.read()).flows();
  }

  @Test
  void shouldKeepTimeoutsAndCountsWhenModified() {
    FlowMod timed =
        mod(FlowMod.Command.ADD, protocol(6))
            .timeouts(new FlowMod.Timeouts(10, 20))
            .actions(output(1))
            .build();
    assertNull(ask(timed, 0));
    ofproto.tables().table(0).find(protocol(6), 0x8000).statistics().credit(5, 500, SECOND);

    assertNull(
        ask(mod(FlowMod.Command.MODIFY, Match.any()).actions(output(2)).build(), 2 * SECOND));

    FlowStats flow = dump(3 * SECOND).getFirst();
    assertEquals(output(2), flow.actions());
    assertEquals(new FlowMod.Timeouts(10, 20), flow.timeouts());
    assertEquals(5, flow.counts().packets());
    assertEquals(3 * SECOND, flow.ages().durationNs());
  }

  @Test
  void shouldAddWhenThereIsNothingToModify() {
    assertNull(ask(mod(FlowMod.Command.MODIFY, protocol(6)).actions(output(2)).build(), 0));
    assertEquals(1, dump(0).size());
  }

  @Test
  void shouldDeleteOnlyWhatOutputsToThePortWhenFiltered() {
    assertNull(ask(add(protocol(6), 1, 1), 0));
    assertNull(ask(add(protocol(17), 1, 2), 0));

    FlowMod.Filter toPort2 = new FlowMod.Filter(2, FlowMod.Filter.ANY_GROUP);
    assertNull(ask(mod(FlowMod.Command.DELETE, Match.any()).filter(toPort2).build(), 0));

    assertEquals(output(1), dump(0).getFirst().actions());
  }

  @Test
  void shouldMeanOneRuleWhenStrict() {
    assertNull(ask(add(protocol(6), 1, 1), 0));
    assertNull(ask(add(protocol(6), 2, 1), 0));

    assertNull(ask(mod(FlowMod.Command.DELETE_STRICT, protocol(6)).priority(2).build(), 0));

    assertEquals(1, dump(0).getFirst().priority());
  }

  @Test
  void shouldMeanOnlyMatchingCookiesWhenMasked() {
    FlowMod.Builder builder = mod(FlowMod.Command.ADD, protocol(6));
    assertNull(ask(builder.cookie(FlowMod.Cookie.ofNew(0x12)).build(), 0));
    builder = mod(FlowMod.Command.ADD, protocol(17));
    assertNull(ask(builder.cookie(FlowMod.Cookie.ofNew(0x21)).build(), 0));

    FlowMod.Cookie ending1 = new FlowMod.Cookie(0x1, 0xf, 0, false);
    assertNull(ask(mod(FlowMod.Command.DELETE, Match.any()).cookie(ending1).build(), 0));

    assertEquals(0x12, dump(0).getFirst().cookie());
  }

  @Test
  void shouldRefuseWhenOverlapIsChecked() {
    assertNull(ask(add(protocol(6), 5, 1), 0));
    FlowMod overlapping =
        mod(FlowMod.Command.ADD, Match.any()).priority(5).flags(FlowMod.CHECK_OVERLAP).build();

    assertEquals(OfError.OFPFMFC_OVERLAP, ask(overlapping, 0));
  }

  @Test
  void shouldRefuseItsOwnTable() {
    FlowMod internal = FlowMod.builder().table(FlowTables.INTERNAL).build();
    assertEquals(OfError.OFPBRC_EPERM, ask(internal, 0));
  }

  @Test
  void shouldTellControllerWhenRuleExpires() {
    ofproto.attach(controller);
    FlowMod timed =
        mod(FlowMod.Command.ADD, protocol(6))
            .timeouts(new FlowMod.Timeouts(10, 0))
            .flags(FlowMod.SEND_FLOW_REMOVED)
            .build();
    assertNull(ask(timed, 0));
    ofproto.tables().table(0).find(protocol(6), 0x8000).statistics().credit(1, 60, 5 * SECOND);

    assertEquals(0, ofproto.expire(11 * SECOND));
    assertEquals(1, ofproto.expire(16 * SECOND));

    FlowRemoved removed = assertInstanceOf(FlowRemoved.class, mailbox.read());
    assertEquals(FlowRemoved.Reason.IDLE_TIMEOUT, removed.reason());
    assertEquals(1, removed.counts().packets());
  }

  @Test
  void shouldTellOfExpiredRulesInTheOrderTheyCame() {
    ofproto.attach(controller);
    List<Integer> added = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      int protocol = 37 * i % 256;
      added.add(protocol);
      FlowMod.Builder rule =
          mod(FlowMod.Command.ADD, protocol(protocol))
              .timeouts(new FlowMod.Timeouts(5, 0))
              .flags(FlowMod.SEND_FLOW_REMOVED);
      assertNull(ask(rule.build(), 0));
    }
    assertEquals(100, ofproto.expire(6 * SECOND));
    List<Integer> told = new ArrayList<>();
    for (OfMessage next = mailbox.read(); next != null; next = mailbox.read()) {
      FlowRemoved removed = assertInstanceOf(FlowRemoved.class, next);
      told.add((int) removed.match().get(Field.NW_PROTO));
    }
    assertEquals(added, told);
  }

  @Test
  void shouldUndoAllWhenOneMessageOfBundleFails() {
    assertNull(ask(add(protocol(6), 5, 1), 0));
    Rule6 before = new Rule6(ofproto);
    BundleControl open = new BundleControl(7, BundleControl.Type.OPEN_REQUEST, 1);
    assertNull(ask(open, 0));
    assertNull(ask(new OfMessage.BundleAdd(7, 1, add(protocol(6), 5, 9)), 0));
    FlowMod delete = mod(FlowMod.Command.DELETE, Match.any()).build();
    assertNull(ask(new OfMessage.BundleAdd(7, 1, delete), 0));
    FlowMod forbidden = FlowMod.builder().table(FlowTables.INTERNAL).build();
    assertEquals(OfError.OFPBRC_EPERM, ask(new OfMessage.BundleAdd(7, 1, forbidden), 0));
    FlowMod bad = FlowMod.builder().actions(List.of(new OfAction.Group(5))).build();
    assertNull(ask(new OfMessage.BundleAdd(7, 1, bad), 0));

    BundleControl commit = new BundleControl(7, BundleControl.Type.COMMIT_REQUEST, 1);
    assertEquals(OfError.OFPBFC_MSG_FAILED, ask(commit, 0));

    assertInstanceOf(BundleControl.class, mailbox.read());
    OfMessage.ErrorReport report = assertInstanceOf(OfMessage.ErrorReport.class, mailbox.read());
    assertEquals(OfError.OFPBAC_BAD_OUT_GROUP, report.error());
    assertSame(before.rule, new Rule6(ofproto).rule);
  }

  /** Each takes the place of the one before, which nobody has seen. */
  @Test
  @Timeout(30)
  void shouldModifyOneRuleAsOftenAsABundleSays() {
    assertNull(ask(add(protocol(6), 5, 1), 0));
    BundleControl open = new BundleControl(7, BundleControl.Type.OPEN_REQUEST, 1);
    assertNull(ask(open, 0));
    for (int port = 1; port <= 100_000; port++) {
      FlowMod modify = mod(FlowMod.Command.MODIFY, protocol(6)).actions(output(port % 100)).build();
      assertNull(ask(new OfMessage.BundleAdd(7, 1, modify), 0));
    }
    FlowMod low = add(protocol(6), 1, 1);
    assertNull(ask(new OfMessage.BundleAdd(7, 1, low), 0));
    assertNull(ask(new BundleControl(7, BundleControl.Type.COMMIT_REQUEST, 1), 0));

    assertEquals(output(0), ofproto.tables().table(0).find(protocol(6), 5).actions());
    assertEquals(2, ofproto.tables().table(0).size());
  }

  @Test
  void shouldRefuseMoreBundlesThanThereIsRoomFor() {
    ofproto.sessions().add(controller);
    int quarter = (int) (BundleHandler.MAX_BYTES / 4);
    for (int id = 1; id <= 4; id++) {
      assertNull(bundled(id, quarter));
    }
    assertEquals(OfError.OFPBFC_MSG_TOO_MANY, bundled(5, quarter));

    BundleControl discard = new BundleControl(1, BundleControl.Type.DISCARD_REQUEST, 1);
    assertNull(ask(discard, 0));
    assertNull(bundled(6, quarter));
  }

  private OfError bundled(int id, int length) {
    return bundled(controller, id, length);
  }

  private OfError bundled(Session session, int id, int length) {
    return ofproto.handle(
        new RequestHandler.Request(session, 1, length, 0),
        new OfMessage.BundleAdd(id, 1, add(protocol(6), 5, 1)));
  }

  @Test
  void shouldRefuseMoreThanThereIsRoomForInManySmallBundles() {
    int length = 40_000;
    long taken = 0;
    OfError error = null;
    while (error == null && taken <= 2 * BundleHandler.MAX_BYTES) {
      Session session = new Session(Session.Kind.SERVICE, OfVersion.OF14, new Mailbox());
      ofproto.sessions().add(session);
      for (int id = 0; id < Session.MAX_BUNDLES && error == null; id++) {
        error = bundled(session, id, length);
        taken += error == null ? length : 0;
      }
    }
    assertEquals(OfError.OFPBFC_MSG_TOO_MANY, error);
    assertTrue(taken <= BundleHandler.MAX_BYTES, "too late");
  }

  @Test
  void shouldRefuseAnswersToWhatItHasNotAsked() {
    for (OfMessage answer :
        List.of(
            new NiciraMessage.TlvTableReply(0, 0, List.of()),
            new Multipart.TableStatsReply(List.of(), false),
            new OfMessage.BarrierReply())) {
      assertEquals(OfError.OFPBRC_BAD_TYPE, ask(answer, 0));
    }
  }

  /** The rule for protocol 6 at priority 5. */
  private static final class Rule6 {
    final org.sluice.vswitchd.classifier.Rule rule;

    Rule6(Ofproto ofproto) {
      rule = ofproto.tables().table(0).find(protocol(6), 5);
      assertNotNull(rule);
    }
  }

  private void locked(Runnable change) {
    writer.lock();
    try {
      change.run();
    } finally {
      writer.unlock();
    }
  }

  @Test
  void shouldHideFailOpenRuleFromControllers() {
    locked(() -> ofproto.setStandalone(Ofproto.Standalone.HIDDEN, 0));
    assertEquals(0, dump(0).size());
    assertNotNull(ofproto.lookup(0, new FlowKey(), new FlowMask(), ofproto.version()));
    locked(() -> ofproto.setStandalone(Ofproto.Standalone.VISIBLE, 0));
    assertEquals(output(OfPort.NORMAL), dump(0).getFirst().actions());
    locked(() -> ofproto.setStandalone(Ofproto.Standalone.OFF, 0));
    assertEquals(0, dump(0).size());
  }

  @Test
  void shouldEndEarlierPrimaryWhenAnotherAsks() {
    Session other = new Session(Session.Kind.CONTROLLER, OfVersion.OF13, new Mailbox());
    ofproto.attach(controller);
    ofproto.attach(other);
    assertNull(ask(new OfMessage.RoleRequest(Role.PRIMARY, 5L, false), 0));
    OfMessage.RoleRequest second = new OfMessage.RoleRequest(Role.PRIMARY, 6L, false);
    assertNull(ask(other, second, 0));

    assertEquals(Role.SECONDARY, controller.role());
    assertEquals(OfError.OFPBRC_IS_SECONDARY, ask(add(Match.any(), 1, 1), 0));
    OfMessage.RoleRequest stale = new OfMessage.RoleRequest(Role.PRIMARY, 4L, false);
    assertEquals(OfError.OFPRRFC_STALE, ask(stale, 0));
  }

  @Test
  void shouldEndEarlierPrimaryWhereNobodyHasShownGeneration() {
    Mailbox mailbox = new Mailbox();
    Session first = new Session(Session.Kind.CONTROLLER, OfVersion.OF14, mailbox);
    ofproto.attach(first);
    ofproto.attach(controller);
    OfMessage.RoleRequest request = new OfMessage.RoleRequest(Role.PRIMARY, null, false);
    assertNull(ask(first, request, 0));
    assertNull(ask(request, 0));
    assertEquals(Role.PRIMARY, controller.role());
    assertEquals(Role.SECONDARY, first.role());
    OfMessage told = mailbox.read();
    while (!(told instanceof OfMessage.RoleStatus)) {
      told = mailbox.read();
    }
    assertNull(((OfMessage.RoleStatus) told).generation());
  }

  /** As Open vSwitch lets them. */
  @Test
  void shouldLetSecondariesEndConnectionsAndSendOnWhatWasHeldForThem() {
    ofproto.attach(controller);
    assertNull(ask(new OfMessage.RoleRequest(Role.SECONDARY, 5L, false), 0));
    assertNull(ask(new NiciraMessage.CtFlushZone(7), 0));
    assertEquals(List.of(7), backend.flushed);
    assertNull(ask(new NiciraMessage.Resume(null), 0));
    assertEquals(1, backend.resumed.size());
  }

  @Test
  void shouldKeepFragmentsAsTheyAreWhenASecondaryControllerSetsThem() {
    Session tool = new Session(Session.Kind.SERVICE, OfVersion.OF13, new Mailbox());
    OfMessage.SwitchConfig drop =
        new OfMessage.SwitchConfig(OfMessage.SwitchConfig.FRAGMENTS_DROP, 0);
    for (Session session : List.of(controller, tool)) {
      ofproto.attach(session);
      assertNull(ask(session, new OfMessage.RoleRequest(Role.SECONDARY, 5L, false), 0));
    }
    assertNull(ask(new OfMessage.SetConfig(drop), 0));
    assertEquals(0, ofproto.fragments());
    assertNull(ask(tool, new OfMessage.SetConfig(drop), 0));
    assertEquals(OfMessage.SwitchConfig.FRAGMENTS_DROP, ofproto.fragments(), "a tool is heard");
  }

  @Test
  void shouldTakePortDownWhenAsked() {
    SwitchPort port = SwitchPort.of(3, "p3", 8, 0x0a0000000001L, 0);
    locked(() -> ofproto.setPorts(new PortTable(List.of(port), List.of())));
    int down = PortDescription.Config.DOWN;

    assertNull(ask(new OfMessage.PortMod(3, 0x0a0000000001L, down, down, 0), 0));

    assertEquals(List.of("p3 down"), backend.admin);
    assertTrue(ofproto.portTable().get(3).has(down));
    assertEquals(OfError.OFPPMFC_BAD_HW_ADDR, ask(new OfMessage.PortMod(3, 1L, down, down, 0), 0));
  }

  @Test
  void shouldSendPacketInOnlyToThoseThatWantIt() {
    Mailbox serviceBox = new Mailbox();
    Session service = new Session(Session.Kind.SERVICE, OfVersion.OF10, serviceBox);
    ofproto.attach(controller);
    ofproto.attach(service);
    FlowKey key = new FlowKey();
    key.set(Field.IN_PORT, 3);
    PacketInEvent.Cause cause = new PacketInEvent.Cause(PacketIn.Reason.ACTION, 4, 9, 0);
    PacketInEvent event =
        new PacketInEvent(ofproto, Bytes.of((byte) 1), 1, key, cause, Bytes.EMPTY, null);

    ofproto.packetIn(event, 0);
    assertEquals(4, assertInstanceOf(PacketIn.class, mailbox.read()).table());
    assertNull(serviceBox.read());

    OfMessage.SwitchConfig wantsAll = new OfMessage.SwitchConfig(0, 0xffff);
    assertNull(ask(service, new OfMessage.SetConfig(wantsAll), 0));
    ofproto.packetIn(event, 0);
    assertInstanceOf(PacketIn.class, serviceBox.read());
  }

  @Test
  void shouldRunPacketOutThroughBackend() {
    PacketOut out = new PacketOut(FlowMod.NO_BUFFER, Match.any(), output(1), Bytes.EMPTY);
    assertNull(ask(out, 0));
    assertEquals(List.of(out), backend.sent);
    PacketOut buffered = new PacketOut(5, Match.any(), output(1), Bytes.EMPTY);
    assertEquals(OfError.OFPBRC_BUFFER_UNKNOWN, ask(buffered, 0));
  }
}
