package org.sluice.tools.dbtool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.options.CapturedRun;

/** The commands on members' files, whose records these tests write out. */
class ClusterToolTest {
  private static final String A = "aaaa0000-0000-4000-8000-000000000000";
  private static final String B = "bbbb0000-0000-4000-8000-000000000000";
  private static final String EID = "eeee0000-0000-4000-8000-000000000000";
  private static final String ROW = "11110000-0000-4000-8000-000000000000";
  private static final String SCHEMA =
      """
      {"name": "animals", "version": "1.2.3", "cksum": "12 34",
       "tables": {"Animal": {"columns": {"name": {"type": "string"}}}}}\
      """;
  private static final String WITH_LEGS =
      SCHEMA.replace(
          "{\"name\": {\"type\"", "{\"legs\": {\"type\": \"integer\"}, \"name\": {\"type\"");
  private static final String BOTH = "{\"%s\": \"unix:a\", \"%s\": \"unix:b\"}".formatted(A, B);

  @TempDir Path directory;

  private static CapturedRun run(String... arguments) throws Exception {
    return CapturedRun.of(OvsdbTool::new, arguments);
  }

  @Test
  void shouldWantAPortInAMembersAddress() throws Exception {
    Path schema = Files.writeString(directory.resolve("schema"), SCHEMA);
    String db = directory.resolve("x.db").toString();
    CapturedRun run = run("create-cluster", db, schema.toString(), "tcp:192.0.2.1");
    assertEquals("ovsdb-tool: ovsdb error: tcp:192.0.2.1: syntax error in address\n", run.err());
    assertEquals(1, run.status());
  }

  private static String header(String server) {
    return """
    {"server_id": "%s", "cluster_id": "cccc0000-0000-4000-8000-000000000000", "name": "animals",
     "local_address": "unix:x", "prev_term": 1, "prev_index": 1, "prev_eid": "%s",
     "prev_servers": %s, "prev_data": [%s, {}]}
    """
        .formatted(server, EID, BOTH, SCHEMA);
  }

  private static String entry(int term, int index, String name) {
    return """
    {"term": %d, "index": %d, "eid": "%s",
     "data": [null, {"_is_diff": true, "_date": 1500000000000, "_comment": "enter %s",
                     "Animal": {"%s": {"name": "%s"}}}]}
    """
        .formatted(term, index, EID, name, ROW.replace('1', (char) ('0' + index)), name);
  }

  private static String elected(int term, String server) {
    return "{\"term\": %d, \"leader\": \"%s\"}\n".formatted(term, server);
  }

  private static String committed(int index) {
    return "{\"commit_index\": %d}\n".formatted(index);
  }

  private String member(String name, String... records) throws Exception {
    StringBuilder text = new StringBuilder();
    for (String record : records) {
      byte[] body = record.getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(body);
      text.append("OVSDB CLUSTER %d %s\n".formatted(body.length, HexFormat.of().formatHex(hash)));
      text.append(record);
    }
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static void assertComplaint(String expected, CapturedRun run) {
    assertEquals("ovsdb-tool: " + expected + "\n", run.err());
    assertEquals(1, run.status());
  }

  @Test
  void shouldShowEachKindOfRecord() throws Exception {
    String vote = "{\"term\": 2, \"vote\": \"%s\"}\n".formatted(B);
    String note = "{\"comment\": \"why\", \"note\": \"left\"}\n";
    String member =
        member("a", header(A), "{\"term\": 2}\n", vote, elected(2, B), entry(2, 2, "ant"), note);
    assertEquals(
        """
        record 0:
         name: "animals'
         local address: "unix:x"
         server_id: aaaa
         cluster_id: cccc
         prev_index: 1
         prev_term: 1
         prev_servers: aaaa("unix:a"), bbbb("unix:b")
         prev_eid: eeee
         prev_schema: "animals", version="1.2.3", cksum="12 34"

        record 1:
         term: 2

        record 2:
         term: 2
         vote: bbbb

        record 3:
         term: 2
         leader: bbbb

        record 4:
         term: 2
         index: 2
         eid: eeee
         2017-07-14 02:40:00.000 "enter ant"
          table Animal insert row "ant" (22220000):
            name=ant

        record 5:
         comment: "why"
         note: "left"

        """,
        run("-mm", "show-log", member).ok());
  }

  @Test
  void shouldShowWhatFollowsARecordThatMakesNoSense() throws Exception {
    String text = run("show-log", member("a", header(A), "{\"x\": 1}\n", committed(1))).ok();
    assertTrue(
        text.contains(
            """
            record 1:
            syntax "{"x":1}": syntax error: Parsing raft log record failed: \
            Required 'term' member is missing.

            record 2:
             commit_index: 1
            """),
        text);
  }

  @Test
  void shouldSayWhereAMembersFileIsTorn() throws Exception {
    Path whole = Path.of(member("a", header(A), committed(1)));
    byte[] bytes = Files.readAllBytes(whole);
    Path torn = directory.resolve("torn");
    Files.write(torn, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    CapturedRun run = run("show-log", torn.toString());
    int body = committed(1).length();
    assertComplaint(
        "I/O error: %s: error reading %d bytes starting at offset %d (End of file)"
            .formatted(torn, body, bytes.length - body),
        run);
    assertTrue(run.out().contains("record 0:"), run.out());
  }

  @Test
  void shouldFindMembersThatAgreeInOrder() throws Exception {
    String a = member("a", header(A), elected(2, A), entry(2, 2, "ant"), committed(2));
    String b = member("b", header(B), elected(2, A), entry(2, 2, "ant"));
    assertEquals("", run("check-cluster", a, b).ok());
  }

  @Test
  void shouldTellWhatIsUnusual() throws Exception {
    String replaced = member("a", header(A), entry(1, 2, "ant"), elected(2, B), entry(2, 2, "bee"));
    String left = member("b", header(B), elected(2, B), "{\"note\": \"left\"}\n");
    String joining = directory.resolve("j").toString();
    run("join-cluster", joining, "animals", "unix:j", "unix:a").ok();
    assertEquals(
        """
        %s has not joined the cluster, omitting
        %s: record 3 truncates log from 3 to 2 entries
        %s: record 2 shows that the server left the cluster
        """
            .formatted(joining, replaced, left),
        run("check-cluster", joining, replaced, left).ok());
  }

  @Test
  void shouldFindWhatOneMemberCannotHaveSeen() throws Exception {
    record Case(String complaint, List<String> records) {}
    String voteA = "{\"term\": 2, \"vote\": \"%s\"}\n".formatted(A);
    String voteB = "{\"term\": 2, \"vote\": \"%s\"}\n".formatted(B);
    List<Case> cases =
        List.of(
            new Case("1 with index 3 skips past expected index 2", List.of(entry(1, 3, "ant"))),
            new Case(
                "3 attempts to truncate log from 3 to 1 entries, but commit index is already 2",
                List.of(entry(1, 2, "ant"), committed(2), entry(1, 1, "bee"))),
            new Case(
                "3 truncates log from 3 to 2 entries while server is leader",
                List.of(elected(2, A), entry(2, 2, "ant"), entry(2, 2, "bee"))),
            new Case(
                "2 with index 3 term 1 precedes previous entry's term 2",
                List.of(entry(2, 2, "ant"), entry(1, 3, "bee"))),
            new Case("2 votes for term 2 but current term is 3", List.of("{\"term\": 3}\n", voteA)),
            new Case(
                "2 votes for %s in term 2 but a previous record for the same term voted for bbbb"
                    .formatted(directory.resolve("a")),
                List.of(voteA, voteB)),
            new Case(
                "3 regresses commit index from 2 to 1",
                List.of(entry(1, 2, "ant"), committed(2), committed(1))),
            new Case("1 advances commit index to 7 but last log index is 1", List.of(committed(7))),
            new Case(
                "2 reports leader bbbb for term 2 but record 1 previously reported the leader as"
                    + " %s in that term".formatted(directory.resolve("a")),
                List.of(elected(2, A), elected(2, B))));
    for (Case wrong : cases) {
      List<String> records = new ArrayList<>(List.of(header(A)));
      records.addAll(wrong.records());
      String a = member("a", records.toArray(String[]::new));
      assertComplaint(a + ": record " + wrong.complaint(), run("check-cluster", a));
    }
  }

  @Test
  void shouldFindWhatMembersCannotBothHaveSeen() throws Exception {
    String a = member("a", header(A), elected(2, A), entry(2, 2, "ant"), committed(2));
    assertComplaint("Duplicate server ID aaaa in %s and %s.".formatted(a, a), duplicate(a));
    String b = member("b", header(B), elected(2, B));
    assertComplaint(
        "term 2 has two different leaders: %s says that the leader is %s and %s says that the leader is %s"
            .formatted(a, a, b, b),
        run("check-cluster", a, b));
    b = member("b", header(B), elected(3, B));
    assertComplaint(
        "leader %s for term 3 has log entries only up to index 1, but index 2 was committed in a previous term (e.g. by %s)"
            .formatted(b, a),
        run("check-cluster", a, b));
    b = member("b", header(B), entry(2, 2, "bee"));
    CapturedRun differ = run("check-cluster", a, b);
    assertTrue(
        differ.err().startsWith("ovsdb-tool: log entries with index 2 differ:\n" + a + " has {"),
        differ.err());
    assertTrue(differ.err().contains("\n" + b + " has {\"data\":[null,{"), differ.err());
    String other = header(B).replace("cccc", "dddd");
    assertComplaint(
        "%s has cluster ID cccc but %s has cluster ID dddd".formatted(a, b),
        run("check-cluster", a, member("b", other)));
    String stranger = "99990000-0000-4000-8000-000000000000";
    b = member("b", header(stranger), "{\"term\": 1}\n");
    assertComplaint(b + ": server 9999 not found in server list", run("check-cluster", b));
    assertComplaint("all logs are empty", run("check-cluster", member("b", header(B))));
  }

  private static CapturedRun duplicate(String file) throws Exception {
    return run("check-cluster", file, file);
  }

  @Test
  void shouldMakeAStandaloneDatabaseOfWhatCounts() throws Exception {
    String convert =
        "{\"term\": 2, \"index\": 3, \"eid\": \"%s\", \"data\": [%s, null]}\n"
            .formatted(EID, WITH_LEGS.replace("1.2.3", "1.2.4"));
    String a =
        member("a", header(A), entry(1, 2, "ant"), entry(2, 2, "bee"), convert, entry(2, 4, "cat"));
    String db = directory.resolve("db").toString();
    run("cluster-to-standalone", db, a).ok();
    run("db-is-standalone", db).ok();
    assertEquals("1.2.4\n", run("db-version", db).ok());
    String all =
        """
        ["animals", {"op": "select", "table": "Animal", "where": [], "columns": ["legs", "name"],
                     "sort": ["name"]}]\
        """;
    assertEquals(
        "[{\"rows\":[{\"legs\":0,\"name\":\"bee\"},{\"legs\":0,\"name\":\"cat\"}]}]\n",
        run("query", db, all).ok());
    assertTrue(run("show-log", db).ok().contains("\"converted by ovsdb-tool\""));
  }

  @Test
  void shouldLeaveNothingWhereItCannotMakeAStandaloneDatabase() throws Exception {
    String db = directory.resolve("db").toString();
    String joining = directory.resolve("j").toString();
    run("join-cluster", joining, "animals", "unix:j", "unix:a").ok();
    assertComplaint(
        "ovsdb error: " + joining + ": holds no schema yet",
        run("cluster-to-standalone", db, joining));
    String schema = Files.writeString(directory.resolve("schema"), SCHEMA).toString();
    String standalone = directory.resolve("standalone").toString();
    run("create", standalone, schema).ok();
    assertComplaint("Database is not clustered db.", run("cluster-to-standalone", db, standalone));
    assertComplaint(
        "ovsdb error: " + standalone + ": cannot identify file type",
        run("check-cluster", standalone));
    assertTrue(Files.notExists(Path.of(db)));
    assertComplaint(
        "I/O error: " + standalone + ": create failed (File exists)",
        run("cluster-to-standalone", standalone, member("a", header(A))));
  }
}
