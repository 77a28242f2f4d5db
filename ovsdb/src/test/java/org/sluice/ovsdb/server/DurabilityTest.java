package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.ovsdb.Seed;
import org.sluice.ovsdb.server.TestServer.Client;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;

/**
 * A server in its own process is killed in the middle of a stream of transactions, again and again;
 * nothing that it acknowledged may be missing afterwards, and no transaction be there by half.
 * {@code -Drounds=} for more than a few.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DurabilityTest {
  @TempDir Path directory;

  /** The killed process: a server of the family database in the directory that it is given. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      try (TestServer server =
          new TestServer(Path.of(arguments[0]), ServerConfig.in(Path.of(arguments[0])))) {
        System.out.println("ready " + server.server().databases());
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }

  @Test
  void shouldLoseNothingAcknowledgedWhenKilled() throws Exception {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    long acknowledged = 0;
    int rounds = Integer.getInteger("rounds", 3);
    for (int round = 0; round < rounds; round++) {
      Process victim = start();
      try {
        acknowledged = stream(victim, acknowledged, 1 + random.nextInt(400));
      } finally {
        victim.destroyForcibly();
        assertTrue(victim.waitFor(10, TimeUnit.SECONDS));
      }
      long kept = check(round + ", " + Seed.hint(seed));
      assertTrue(kept >= acknowledged, "kept " + kept + " of " + acknowledged);
      acknowledged = kept;
    }
  }

  private Process start() throws IOException {
    Files.deleteIfExists(directory.resolve("db.sock"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String first = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertEquals("ready [_Server, family]", first);
    return process;
  }

  /**
   * Each transaction sets both rows to the next number; {@code killAfter} of them, then the server
   * is killed.
   */
  private long stream(Process victim, long from, int killAfter) {
    long acknowledged = from;
    try (Client client =
        new Client(
            JsonRpcConnection.connectUnix(directory.resolve("db.sock"), JsonRpcLimits.DATABASE))) {
      if (from == 0) {
        client.transact(
            "{'op':'insert','table':'Parent','row':{'name':'a'}},"
                + "{'op':'insert','table':'Parent','row':{'name':'b'}}");
      }
      for (int i = 0; i < killAfter + 100_000; i++) {
        String answer =
            client.transact(
                "{'op':'update','table':'Parent','where':[],'row':{'tags':['map',[['n','%d']]]}}"
                    .formatted(acknowledged + 1));
        assertEquals("[{'count':2}]", answer);
        acknowledged++;
        if (i == killAfter) {
          Thread.ofPlatform().start(victim::destroyForcibly);
        }
      }
    } catch (IOException e) {
      return acknowledged;
    }
    return acknowledged;
  }

  /** The number that both rows hold. */
  private long check(String where) throws Exception {
    Database database = DatabaseFile.read(directory.resolve("family.db"));
    assertEquals(2, database.table("Parent").size(), where);
    long number = -1;
    for (Row row : database.table("Parent").rows()) {
      String tag = row.get("tags").get("n");
      long found = tag == null ? 0 : Long.parseLong(tag);
      assertTrue(number < 0 || number == found, where);
      number = found;
    }
    return number;
  }
}
