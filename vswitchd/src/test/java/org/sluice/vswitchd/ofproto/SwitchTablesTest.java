package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.translate.Effect;

/** Groups, meters, full tables and flow monitors of one switch, as a controller meets them. */
class SwitchTablesTest {
  private static final long SECOND = 1_000_000_000L;

  private final ReentrantLock writer = new ReentrantLock();
  private final FakeBackend backend = new FakeBackend();
  private final Ofproto ofproto =
      new Ofproto("br0", writer, new ChangeSequence(), new TableVersions(), backend);
  private final Mailbox mailbox = new Mailbox();
  private final Session controller = new Session(Session.Kind.CONTROLLER, OfVersion.OF14, mailbox);
  private final Mailbox otherMailbox = new Mailbox();
  private final Session other = new Session(Session.Kind.CONTROLLER, OfVersion.OF14, otherMailbox);

  SwitchTablesTest() {
    ofproto.attach(controller);
    ofproto.attach(other);
  }

  private OfError ask(Session who, OfMessage message) {
    return ofproto.handle(new RequestHandler.Request(who, 9, 100, SECOND), message);
  }

  private OfError add(String flow) {
    try {
      return ask(controller, FlowParser.parse(FlowMod.Command.ADD, flow, Names.NONE));
    } catch (OfSyntaxException e) {
      throw new IllegalArgumentException(flow, e);
    }
  }

  private OfError delete(String flow) {
    try {
      return ask(controller, FlowParser.parse(FlowMod.Command.DELETE, flow, Names.NONE));
    } catch (OfSyntaxException e) {
      throw new IllegalArgumentException(flow, e);
    }
  }

  private static GroupMod group(GroupMod.Command command, int id, int commandBucket, int... ids) {
    List<GroupMod.Bucket> buckets =
        Arrays.stream(ids)
            .mapToObj(bucket -> new GroupMod.Bucket(bucket, 0, -1, GroupMod.ANY, List.of()))
            .toList();
    return new GroupMod(
        command, id, GroupMod.Type.ALL, commandBucket, buckets, GroupMod.Selection.DEFAULT);
  }

  private List<Integer> buckets(int id) {
    return ofproto.group(id, ofproto.version()).buckets().stream()
        .map(GroupMod.Bucket::id)
        .toList();
  }

  @Test
  void shouldPutBucketsWhereTheyAreToGo() {
    int any = GroupMod.Bucket.ID_ALL;
    assertNull(ask(controller, group(GroupMod.Command.ADD, 1, any, 10)));
    assertEquals(
        OfError.OFPGMFC_GROUP_EXISTS, ask(controller, group(GroupMod.Command.ADD, 1, any)));
    GroupMod.Command insert = GroupMod.Command.INSERT_BUCKET;
    assertNull(ask(controller, group(insert, 1, GroupMod.Bucket.ID_LAST, 11, 12)));
    assertNull(ask(controller, group(insert, 1, GroupMod.Bucket.ID_FIRST, 9)));
    assertNull(ask(controller, group(insert, 1, 10, 20)));
    assertEquals(List.of(9, 10, 20, 11, 12), buckets(1));
    assertEquals(OfError.OFPGMFC_BUCKET_EXISTS, ask(controller, group(insert, 1, 10, 9)));
    assertEquals(OfError.OFPGMFC_UNKNOWN_BUCKET, ask(controller, group(insert, 1, 99, 7)));
    GroupMod.Command remove = GroupMod.Command.REMOVE_BUCKET;
    assertNull(ask(controller, group(remove, 1, GroupMod.Bucket.ID_LAST)));
    assertNull(ask(controller, group(remove, 1, 20)));
    assertEquals(List.of(9, 10, 11), buckets(1));
    assertNull(ask(controller, group(remove, 1, any)));
    assertEquals(List.of(), buckets(1));
  }

  @Test
  void shouldTakeRulesAwayWithTheirGroup() {
    assertEquals(OfError.OFPBAC_BAD_OUT_GROUP, add("actions=group:1"));
    ask(controller, group(GroupMod.Command.ADD, 1, GroupMod.Bucket.ID_ALL));
    assertNull(add("send_flow_rem,ip,actions=group:1"));
    assertNull(add("arp,actions=drop"));
    assertNull(ask(controller, group(GroupMod.Command.DELETE, GroupMod.ALL, 0)));
    FlowRemoved told = assertInstanceOf(FlowRemoved.class, otherMailbox.read());
    assertEquals(FlowRemoved.Reason.GROUP_DELETE, told.reason());
    assertEquals(1, ofproto.tables().table(0).size());
  }

  @Test
  void shouldTakeRuleOfSeveralGroupsAwayOnce() {
    for (int id = 1; id <= 3; id++) {
      ask(controller, group(GroupMod.Command.ADD, id, GroupMod.Bucket.ID_ALL));
    }
    assertNull(add("send_flow_rem,ip,actions=group:1,clone(group:2,group:2)"));
    assertNull(add("arp,actions=group:3"));
    assertNull(ask(controller, group(GroupMod.Command.DELETE, GroupMod.ALL, 0)));
    assertInstanceOf(FlowRemoved.class, otherMailbox.read());
    assertNull(otherMailbox.read());
    assertEquals(0, ofproto.tables().table(0).size());
  }

  @Test
  void shouldTakeLearnedRulesAwayWithTheLastThatTeachesThem() {
    add("table=0,in_port=1,actions=learn(table=1,delete_learned,cookie=0x1)");
    add("table=0,in_port=2,actions=clone(learn(table=1,delete_learned,cookie=0x1))");
    add("table=1,cookie=0x1,reg0=1,actions=learn(table=2,delete_learned,cookie=0x2)");
    add("table=1,cookie=0x3,reg0=2,actions=drop");
    add("table=2,cookie=0x2,actions=drop");

    add("table=0,in_port=1,actions=output:2,learn(table=1,delete_learned,cookie=0x1)");
    delete("table=0,in_port=2");
    assertEquals(2, ofproto.tables().table(1).size(), "one teaches still");
    assertEquals(1, ofproto.tables().table(2).size());

    delete("table=0");
    assertEquals(1, ofproto.tables().table(1).size(), "of another cookie");
    assertEquals(0, ofproto.tables().table(2).size(), "what was learned had taught in turn");
  }

  private Effect.LearnRule lesson(int host, int limit, int port) {
    FlowMask mask = new FlowMask();
    mask.cover(Field.ETH_DST);
    FlowKey key = new FlowKey();
    key.set(Field.ETH_DST, host);
    return new Effect.LearnRule(
        ofproto,
        1,
        new Match(key, mask),
        5,
        7,
        FlowMod.Timeouts.NONE,
        0,
        limit,
        List.of(OfAction.Output.to(port)));
  }

  private static final int HOST = 0xa;

  @Test
  void shouldBelieveTheLaterOfTwoPacketsWhicheverIsCountedFirst() {
    ofproto.learn(lesson(HOST, 0, 1), 5 * SECOND);
    assertFalse(ofproto.learn(lesson(HOST, 0, 2), 4 * SECOND), "it was sent before");
    assertTrue(ofproto.learn(lesson(HOST, 0, 2), 6 * SECOND));
  }

  @Test
  void shouldLearnNoMoreRulesThanALearnActionMay() {
    Effect.LearnRule first = lesson(HOST, 1, 1);
    Effect.LearnRule second = lesson(HOST + 1, 1, 1);
    assertTrue(ofproto.mayLearn(second, version()));
    assertTrue(ofproto.learn(first, 0));
    assertTrue(ofproto.mayLearn(first, version()), "it is there already");
    assertFalse(ofproto.mayLearn(second, version()));
    assertFalse(ofproto.learn(second, 0));
    assertTrue(ofproto.learn(lesson(HOST, 1, 2), 0), "one takes the place of another");
  }

  @Test
  void shouldCountWhatWasLearnedThroughAllChanges() {
    Effect.LearnRule first = lesson(HOST, 2, 1);
    Effect.LearnRule more = lesson(HOST + 1, 2, 1);
    add("table=1,cookie=7,in_port=1,actions=drop");
    assertTrue(ofproto.learn(first, 0));
    assertFalse(ofproto.mayLearn(more, version()), "the controller's rule counts");
    add("table=1,cookie=8,in_port=1,actions=drop");
    assertTrue(ofproto.mayLearn(more, version()), "it has another cookie now");
    add("table=1,cookie=7,in_port=2,actions=drop");
    assertFalse(ofproto.mayLearn(more, version()));
    delete("table=1,in_port=2");
    assertTrue(ofproto.mayLearn(more, version()));
    assertTrue(ofproto.learn(more, 0));
    writer.lock();
    try {
      ofproto.flushRules();
    } finally {
      writer.unlock();
    }
    assertTrue(ofproto.learn(first, 0));
    assertTrue(ofproto.mayLearn(more, version()));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldNotLookAtTheWholeTableForEachPacketThatTeaches() {
    int count = 50_000;
    for (int i = 0; i < count; i++) {
      assertTrue(ofproto.learn(lesson(i, count, 1), 0));
    }
    for (int i = 0; i < count; i++) {
      assertFalse(ofproto.mayLearn(lesson(count + i, count, 1), version()));
    }
  }

  private long version() {
    return ofproto.tables().versions().current();
  }

  @Test
  void shouldTakeRulesAwayWithTheirMeter() {
    assertEquals(OfError.OFPMMFC_INVALID_METER, add("actions=meter:3,1"));
    MeterMod.Band band = new MeterMod.Band(MeterMod.Band.DROP, 1000, 0, 0);
    MeterMod.Config config = new MeterMod.Config(3, MeterMod.Config.KBPS, List.of(band));
    assertNull(ask(controller, new MeterMod(MeterMod.Command.ADD, config)));
    assertEquals(
        OfError.OFPMMFC_METER_EXISTS, ask(controller, new MeterMod(MeterMod.Command.ADD, config)));
    assertNull(add("actions=meter:3,1"));
    assertNotNull(backend.meters.get(ofproto.datapathMeter(3)));
    assertNull(ask(controller, new MeterMod(MeterMod.Command.DELETE, config)));
    assertEquals(0, ofproto.tables().table(0).size());
    assertEquals(-1, ofproto.datapathMeter(3));
  }

  @Test
  void shouldRefuseOrEvictWhenATableIsFull() {
    configure(new TableConfiguration("main", 2, false, List.of()));
    assertNull(add("idle_timeout=60,in_port=1,actions=drop"));
    assertNull(add("idle_timeout=50,importance=9,in_port=2,actions=drop"));
    assertEquals(OfError.OFPFMFC_TABLE_FULL, add("in_port=3,actions=drop"));
    configure(new TableConfiguration("main", 2, true, List.of()));
    assertNull(add("in_port=3,actions=drop"));
    assertNull(add("in_port=1,actions=drop"), "the important one has gone, too");
    assertEquals(OfError.OFPFMFC_TABLE_FULL, add("in_port=4,actions=drop"));
  }

  /** What takes a rule's place without being asked for must not leave it among those to go. */
  @Test
  void shouldEvictNoRuleThatBridgingHasTakenThePlaceOf() {
    configure(new TableConfiguration("main", 2, true, List.of()));
    assertNull(add("priority=0,idle_timeout=60,actions=drop"));
    writer.lock();
    try {
      ofproto.setStandalone(Ofproto.Standalone.VISIBLE, SECOND);
    } finally {
      writer.unlock();
    }
    assertNull(add("in_port=1,actions=drop"));
    assertEquals(OfError.OFPFMFC_TABLE_FULL, add("in_port=2,actions=drop"));
    assertEquals(2, ofproto.tables().table(0).size());
  }

  private static OfMessage.TableMod evicts(boolean wanted, int by) {
    return new OfMessage.TableMod(
        0,
        OfMessage.TableMod.Miss.UNSPECIFIED,
        new OfMessage.TableMod.Eviction(wanted, by),
        OfMessage.TableMod.Vacancy.UNSPECIFIED);
  }

  private OfMessage.TableMod told() {
    assertNull(ask(other, new Multipart.TableDescriptionRequest()));
    return assertInstanceOf(Multipart.TableDescriptionReply.class, otherMailbox.read())
        .tables()
        .getFirst();
  }

  /** What the database says of eviction a controller neither hears of nor says again. */
  @Test
  void shouldTellControllersOfEvictionWhatControllersHaveSaid() {
    configure(new TableConfiguration("main", 2, true, List.of()));
    assertEquals(false, told().eviction().enabled());
    assertNull(ask(controller, evicts(true, told().eviction().flags())));
    assertEquals(true, told().eviction().enabled());
    assertNull(ask(controller, evicts(false, -1)));
    assertEquals(false, told().eviction().enabled());
    assertEquals(OfError.OFPTMFC_BAD_CONFIG, ask(controller, evicts(true, 1)), "not by this");
  }

  @Test
  void shouldTellWhenATableGetsFullAndWhenItHasRoomAgain() {
    configure(new TableConfiguration("main", 10, false, List.of()));
    int both = 1 << OfMessage.TableStatus.VACANCY_DOWN | 1 << OfMessage.TableStatus.VACANCY_UP;
    AsyncConfig.Change wish = new AsyncConfig.Change(AsyncConfig.Kind.TABLE_STATUS, false, both);
    controller.setAsync(AsyncConfig.standard(OfVersion.OF14).with(List.of(wish)));
    OfMessage.TableMod.Vacancy asked = new OfMessage.TableMod.Vacancy(true, 20, 50, 0);
    OfMessage.TableMod mod =
        new OfMessage.TableMod(
            0, OfMessage.TableMod.Miss.UNSPECIFIED, OfMessage.TableMod.Eviction.UNSPECIFIED, asked);
    assertNull(ask(controller, mod));
    for (int port = 1; port <= 8; port++) {
      assertNull(add("in_port=" + port + ",actions=drop"));
    }
    assertNull(mailbox.read(), "20% are free");
    assertNull(add("in_port=9,actions=drop"));
    assertVacancy(OfMessage.TableStatus.VACANCY_DOWN, 10);
    assertNull(add("in_port=10,actions=drop"));
    assertNull(mailbox.read(), "it has been told");
    for (int port = 1; port <= 5; port++) {
      assertNull(delete("in_port=" + port));
    }
    assertNull(mailbox.read(), "50% are free");
    assertNull(delete("in_port=6"));
    assertVacancy(OfMessage.TableStatus.VACANCY_UP, 60);
  }

  private void assertVacancy(int reason, int free) {
    OfMessage.TableStatus status = assertInstanceOf(OfMessage.TableStatus.class, mailbox.read());
    assertEquals(reason, status.reason());
    assertEquals(new OfMessage.TableMod.Vacancy(true, 20, 50, free), status.table().vacancy());
  }

  private List<TableFeatures> features() {
    assertNull(ask(controller, new Multipart.TableFeaturesRequest(List.of(), false)));
    return assertInstanceOf(Multipart.TableFeaturesReply.class, mailbox.read()).tables();
  }

  private OfError change(List<TableFeatures> tables) {
    OfError error = ask(controller, new Multipart.TableFeaturesRequest(tables, false));
    mailbox.read();
    return error;
  }

  @Test
  void shouldCallTablesWhatAControllerCallsThem() {
    configure(new TableConfiguration("main", 2, true, List.of()));
    List<TableFeatures> wanted = new ArrayList<>(features());
    wanted.set(3, wanted.get(3).withName("third"));
    assertNull(change(wanted));
    assertEquals("third", features().get(3).name());
    assertEquals(OfError.OFPTFFC_EPERM, change(wanted.subList(0, 9)), "where are the others");
    wanted.set(4, wanted.get(3));
    assertEquals(OfError.NXTFFC_DUP_TABLE, change(wanted));
    wanted.set(4, features().get(4));
    wanted.set(0, wanted.get(0).withName("other"));
    assertEquals(OfError.OFPTFFC_EPERM, change(wanted), "the database has named it");
    assertEquals("main", features().get(0).name());
  }

  /** In OpenFlow 1.5 a request says whether the tables that it leaves out are to go. */
  @Test
  void shouldChangeOneTableWhereThatIsSaid() {
    TableFeatures named = features().get(3).withName("third");
    assertNull(change(List.of(named.asModification())));
    assertEquals("third", features().get(3).name());
    for (TableFeatures.Command command :
        List.of(
            TableFeatures.Command.REPLACE,
            TableFeatures.Command.ENABLE,
            TableFeatures.Command.DISABLE)) {
      TableFeatures other = like(named.withName("fourth"), command, 0, named.match());
      assertEquals(OfError.OFPTFFC_EPERM, change(List.of(other)), command.name());
    }
    assertEquals("third", features().get(3).name());
  }

  @Test
  void shouldNotPromiseWhatNoTableCanDo() {
    TableFeatures able = features().get(3);
    TableFeatures.Command modify = TableFeatures.Command.MODIFY;
    assertNull(change(List.of(like(able, modify, 0, able.match()))));
    int events = TableFeatures.VACANCY_EVENTS;
    assertEquals(OfError.OFPTFFC_EPERM, change(List.of(like(able, modify, events, able.match()))));
    Set<Field> all = Set.of(Field.values());
    assertEquals(OfError.OFPTFFC_EPERM, change(List.of(like(able, modify, 0, all))));
  }

  private static TableFeatures like(
      TableFeatures table, TableFeatures.Command command, int capabilities, Set<Field> match) {
    return new TableFeatures(
        table.table(),
        command,
        table.name(),
        table.metadataMatch(),
        table.metadataWrite(),
        table.maxEntries(),
        capabilities,
        table.missConfig(),
        table.nonmiss(),
        table.miss(),
        match,
        table.mask(),
        table.wildcard());
  }

  private void configure(TableConfiguration table) {
    writer.lock();
    try {
      ofproto.configureTables(Map.of(0, table), SECOND);
    } finally {
      writer.unlock();
    }
  }

  private static FlowMonitor monitor(int flags) {
    return monitor(5, flags);
  }

  private static FlowMonitor monitor(int id, int flags) {
    return new FlowMonitor(
        id, FlowMonitor.Command.ADD, flags, FlowMod.Filter.NONE, FlowMod.ANY_TABLE, Match.any());
  }

  @Test
  void shouldTellOthersWhatChangedAndTheOneWhoAskedThatItIsDone() {
    int flags = FlowMonitor.INITIAL | FlowMonitor.ADD | FlowMonitor.REMOVED;
    for (Session session : List.of(controller, other)) {
      assertNull(ask(session, new Multipart.FlowMonitorRequest(List.of(monitor(flags)), false)));
    }
    assertEquals(List.of(), updates(mailbox));
    assertEquals(List.of(), updates(otherMailbox));
    assertNull(add("in_port=1,actions=drop"));
    assertEquals(List.of(new FlowMonitor.Abbreviated(9)), updates(mailbox));
    FlowMonitor.Rule told =
        assertInstanceOf(FlowMonitor.Rule.class, updates(otherMailbox).getFirst());
    assertEquals(FlowMonitor.Event.ADDED, told.event());
    assertEquals(
        OfError.OFPMOFC_MONITOR_EXISTS,
        ask(other, new Multipart.FlowMonitorRequest(List.of(monitor(flags)), false)));
  }

  @Test
  void shouldTellAPeerThatReadsAgainWhatItHasMissed() {
    int flags = FlowMonitor.ADD | FlowMonitor.REMOVED | FlowMonitor.MODIFY;
    ask(other, new Multipart.FlowMonitorRequest(List.of(monitor(flags)), false));
    otherMailbox.read();
    for (int port = 1; port <= 3; port++) {
      add("in_port=" + port + ",actions=drop");
      otherMailbox.read();
    }
    otherMailbox.setFull(true);
    delete("in_port=1");
    add("in_port=2,cookie=7,actions=drop");
    add("in_port=4,actions=drop");
    add("in_port=5,actions=drop");
    delete("in_port=5");
    writer.lock();
    try {
      otherMailbox.setFull(false);
      ofproto.monitors().resume();
    } finally {
      writer.unlock();
    }
    assertInstanceOf(FlowMonitor.Paused.class, otherMailbox.read());
    assertEquals(
        List.of("REMOVED in_port=1", "MODIFIED in_port=2", "ADDED in_port=4"),
        updates(otherMailbox).stream().map(SwitchTablesTest::describe).toList());
    assertInstanceOf(FlowMonitor.Resumed.class, otherMailbox.read());
    add("in_port=6,actions=drop");
    assertEquals("ADDED in_port=6", describe(updates(otherMailbox).getFirst()));
  }

  private static String describe(FlowMonitor.Update update) {
    FlowMonitor.Rule told = assertInstanceOf(FlowMonitor.Rule.class, update);
    return told.event() + " in_port=" + told.match().key().get(Field.IN_PORT);
  }

  /** Each monitor has the tables looked through, and 1,024 of them can be asked for at once. */
  @Test
  void shouldLetOthersHaveTheTablesBetweenMonitorsThatLookThroughMany() {
    int rules = InitialRules.PORTION / 4;
    for (int i = 0; i < rules; i++) {
      assertNull(ask(controller, flowTo(i, 0)));
    }
    int flags = FlowMonitor.INITIAL | FlowMonitor.INSTRUCTIONS;
    List<FlowMonitor> monitors = IntStream.range(0, 10).mapToObj(id -> monitor(id, flags)).toList();
    AtomicInteger waits = new AtomicInteger();
    otherMailbox.setMeanwhile(() -> {
      assertFalse(writer.isHeldByCurrentThread());
      assertNull(add("in_port=" + waits.incrementAndGet() + ",actions=drop"));
    });
    assertNull(ask(other, new Multipart.FlowMonitorRequest(monitors, false)));
    List<Integer> told = new ArrayList<>();
    boolean more = true;
    while (more) {
      Multipart.FlowMonitorReply reply =
          assertInstanceOf(Multipart.FlowMonitorReply.class, otherMailbox.read());
      told.add(reply.updates().size());
      more = reply.more();
    }
    assertEquals(List.of(rules, 1, 1), told, "each rule is told of once");
    assertEquals(2, waits.get());
  }

  @Test
  void shouldTellOfActionsToo() {
    assertNull(add("in_port=1,actions=drop"));
    assertNull(add("in_port=2,actions=LOCAL"));
    int plain = FlowMonitor.INITIAL;
    FlowMonitor full = monitor(2, FlowMonitor.INITIAL | FlowMonitor.INSTRUCTIONS);
    Multipart.FlowMonitorRequest request =
        new Multipart.FlowMonitorRequest(List.of(monitor(1, plain), full), false);
    assertNull(ask(other, request));
    List<FlowMonitor.Update> updates = updates(otherMailbox);
    assertEquals(2, updates.size());
    assertTrue(
        updates.stream()
            .map(FlowMonitor.Rule.class::cast)
            .anyMatch(rule -> !rule.actions().isEmpty()));
  }

  @Test
  void shouldGiveUpAPeerThatMissesTooMuchAndNoneThatReads() {
    int flags = FlowMonitor.REMOVED | FlowMonitor.ONLY_OWN;
    for (Session session : List.of(controller, other)) {
      ask(session, new Multipart.FlowMonitorRequest(List.of(monitor(flags)), false));
    }
    mailbox.read();
    for (int i = 0; i <= MissedChanges.MAX_REMOVED; i++) {
      assertNull(ask(controller, flowTo(i, 0)));
    }
    otherMailbox.setFull(true);
    delete("in_port=1");
    assertFalse(otherMailbox.isGivenUp());
    delete("");
    assertTrue(otherMailbox.isGivenUp());
    assertFalse(mailbox.isGivenUp());
    assertEquals(MissedChanges.MAX_REMOVED + 1, updates(mailbox).size());
  }

  private static List<FlowMonitor.Update> updates(Mailbox mailbox) {
    return assertInstanceOf(Multipart.FlowMonitorReply.class, mailbox.read()).updates();
  }

  @Test
  void shouldForwardAChangeOfBucketsAsAModificationToWhoHasNoWordForIt() {
    AsyncConfig.Change forwards = new AsyncConfig.Change(AsyncConfig.Kind.REQUESTFORWARD, false, 1);
    other.setAsync(AsyncConfig.standard(OfVersion.OF14).with(List.of(forwards)));
    ask(controller, group(GroupMod.Command.ADD, 1, GroupMod.Bucket.ID_ALL, 10));
    otherMailbox.read();
    ask(controller, group(GroupMod.Command.INSERT_BUCKET, 1, GroupMod.Bucket.ID_LAST, 20));

    OfMessage.RequestForward told =
        assertInstanceOf(OfMessage.RequestForward.class, otherMailbox.read());
    GroupMod mod = assertInstanceOf(GroupMod.class, told.request());
    assertEquals(GroupMod.Command.MODIFY, mod.command());
    assertEquals(List.of(10, 20), mod.buckets().stream().map(GroupMod.Bucket::id).toList());
  }

  @Test
  void shouldUndoGroupsOfABundleThatFails() {
    int id = 4;
    bundle(id, OfMessage.BundleControl.Type.OPEN_REQUEST);
    GroupMod group = group(GroupMod.Command.ADD, 1, GroupMod.Bucket.ID_ALL, 10);
    assertNull(ask(controller, new OfMessage.BundleAdd(id, 3, group)));
    FlowMod bad = FlowMod.builder().actions(List.of(new OfAction.Group(2))).build();
    assertNull(ask(controller, new OfMessage.BundleAdd(id, 3, bad)));
    assertEquals(
        OfError.OFPBFC_MSG_FAILED, bundle(id, OfMessage.BundleControl.Type.COMMIT_REQUEST));
    assertNull(ofproto.group(1, ofproto.version()));
  }

  @Test
  void shouldShowABundleToItsOwnPacketsFirstAndToOthersAllAtOnce() {
    int id = 4;
    final long before = ofproto.version();
    FlowMod rule = FlowMod.builder().actions(List.of(new OfAction.Group(1))).build();
    PacketOut out =
        new PacketOut(FlowMod.NO_BUFFER, Match.any(), List.of(), Bytes.of(new byte[64]));
    GroupMod group = group(GroupMod.Command.ADD, 1, GroupMod.Bucket.ID_ALL);
    assertNull(ask(controller, new OfMessage.BundleAdd(id, 3, group)));
    assertNull(ask(controller, new OfMessage.BundleAdd(id, 3, rule)));
    assertNull(ask(controller, new OfMessage.BundleAdd(id, 3, out)));
    assertNull(bundle(id, OfMessage.BundleControl.Type.COMMIT_REQUEST));

    long after = ofproto.version();
    assertEquals(List.of(after), backend.versions);
    for (long version : List.of(before, after)) {
      boolean isThere = version == after;
      assertEquals(isThere, ofproto.group(1, version) != null);
      assertEquals(isThere, ofproto.lookup(0, new FlowKey(), null, version) != null);
    }
    assertEquals(before + 1, after);
    assertEquals(1, backend.awaited, "committed before the packet has gone its way");
  }

  /** However many changes are made while somebody lists the flows, each is in the list once. */
  @Test
  void shouldListEveryFlowWhileFlowsAreModified() throws Exception {
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      assertNull(ask(controller, flowTo(i, 0)));
    }
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> changes =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; !done.get(); i++) {
            ask(controller, flowTo(i % count, i));
          }
        });
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      counts.add(ofproto.tables().collect(RuleFilter.of(Multipart.FlowQuery.all())).size());
    }
    done.set(true);
    changes.get(10, TimeUnit.SECONDS);
    assertEquals(Collections.nCopies(100, count), counts);
  }

  /** Else a million changes during one listing would have a million rules kept for it. */
  @Test
  void shouldLetChangesWaitForAListingThatMuchIsKeptFor() throws Exception {
    int enough = 100_000;
    CountDownLatch listing = new CountDownLatch(1);
    CountDownLatch listed = new CountDownLatch(1);
    AtomicInteger made = new AtomicInteger();
    Thread changes =
        Thread.ofPlatform()
            .unstarted(() -> {
              for (; made.get() < enough; made.incrementAndGet()) {
                ask(controller, flowTo(0, made.get()));
              }
            });
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(() ->
            ofproto
                .tables()
                .versions()
                .read(_ -> {
                  listing.countDown();
                  return awaitUninterrupted(listed);
                }));
    listing.await();
    changes.start();
    while (changes.isAlive() && changes.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertTrue(made.get() < enough, "every change was made while the listing went on");
    listed.countDown();
    reader.get(10, TimeUnit.SECONDS);
    assertTrue(changes.join(Duration.ofSeconds(10)), "the changes do not go on");
    assertEquals(enough, made.get());
  }

  private static boolean awaitUninterrupted(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FlowMod flowTo(int address, long cookie) {
    FlowKey key = new FlowKey();
    key.set(Field.IP_DST, address);
    FlowMask mask = new FlowMask();
    mask.cover(Field.IP_DST);
    return FlowMod.builder()
        .match(new Match(key, mask))
        .cookie(new FlowMod.Cookie(0, 0, cookie, false))
        .actions(List.of())
        .build();
  }

  /** What one step of a bundle says to others is of the tables as that step left them. */
  @Test
  void shouldForwardChangesOfAGroupThatTheSameBundleRemoves() {
    AsyncConfig.Change forwards = new AsyncConfig.Change(AsyncConfig.Kind.REQUESTFORWARD, false, 1);
    other.setAsync(AsyncConfig.standard(OfVersion.OF14).with(List.of(forwards)));
    int id = 4;
    for (GroupMod mod :
        List.of(
            group(GroupMod.Command.ADD, 1, GroupMod.Bucket.ID_ALL, 10),
            group(GroupMod.Command.INSERT_BUCKET, 1, GroupMod.Bucket.ID_LAST, 20),
            group(GroupMod.Command.INSERT_BUCKET, 1, GroupMod.Bucket.ID_LAST, 30),
            group(GroupMod.Command.DELETE, 1, GroupMod.Bucket.ID_ALL))) {
      assertNull(ask(controller, new OfMessage.BundleAdd(id, 3, mod)));
    }
    assertNull(bundle(id, OfMessage.BundleControl.Type.COMMIT_REQUEST));

    List<List<Integer>> told = new ArrayList<>();
    for (OfMessage next = otherMailbox.read(); next != null; next = otherMailbox.read()) {
      OfMessage request = assertInstanceOf(OfMessage.RequestForward.class, next).request();
      GroupMod mod = assertInstanceOf(GroupMod.class, request);
      told.add(mod.buckets().stream().map(GroupMod.Bucket::id).toList());
    }
    assertEquals(List.of(List.of(10), List.of(10, 20), List.of(10, 20, 30), List.of()), told);
  }

  @Test
  void shouldLeaveNothingOfABundleThatMeetsAnErrorOfTheProgram() {
    assertNull(add("ip,actions=drop"));
    final Rule before = ofproto.tables().all().getFirst();
    ask(controller, group(GroupMod.Command.ADD, 1, GroupMod.Bucket.ID_ALL, 10));
    int id = 4;
    for (OfMessage step :
        List.of(
            FlowMod.builder().command(FlowMod.Command.DELETE).match(Match.any()).build(),
            flowTo(1, 5),
            group(GroupMod.Command.MODIFY, 1, GroupMod.Bucket.ID_ALL, 20),
            new PacketOut(FlowMod.NO_BUFFER, Match.any(), List.of(), Bytes.of(new byte[64])))) {
      assertNull(ask(controller, new OfMessage.BundleAdd(id, 3, step)));
    }
    backend.fault = new IllegalStateException("a fault");
    assertThrows(
        IllegalStateException.class, () -> bundle(id, OfMessage.BundleControl.Type.COMMIT_REQUEST));

    assertNull(add("arp,actions=drop"), "what comes later puts nothing of it in force");
    List<Rule> rules = ofproto.tables().all();
    assertEquals(before, rules.getFirst());
    assertEquals(2, rules.size());
    assertEquals(2, ofproto.tables().table(0).size());
    assertEquals(List.of(10), buckets(1));
  }

  private OfError bundle(int id, OfMessage.BundleControl.Type type) {
    return ask(controller, new OfMessage.BundleControl(id, type, 3));
  }
}
