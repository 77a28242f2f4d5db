package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
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
 * A server in its own process is killed at a random moment of a stream of transactions, again and
 * again, and sometimes the file gets a tail that a power failure could have torn. Nothing that was
 * acknowledged may be missing afterwards, and no transaction be there by half.
 *
 * <p>{@code -Drounds=200} is the full run.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class DurabilityTest {
  private static final int CLIENTS = 3;
  private static final int LONGEST_MS = 400;

  @TempDir Path directory;

  /** What each client was told last. Written by the clients' threads, one element each. */
  private final AtomicLongArray acknowledged = new AtomicLongArray(CLIENTS);

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
    int rounds = Integer.getInteger("rounds", 15);
    for (int round = 0; round < rounds; round++) {
      String where = "round " + round + ", " + Seed.hint(seed);
      Process victim = start();
      List<CompletableFuture<Void>> clients =
          IntStream.range(0, CLIENTS).mapToObj(this::startClient).toList();
      Thread.sleep(random.nextInt(LONGEST_MS));
      victim.destroyForcibly();
      assertTrue(victim.waitFor(10, TimeUnit.SECONDS), where);
      clients.forEach(CompletableFuture::join);
      if (random.nextBoolean()) {
        tearTail(random);
      }
      check(where);
    }
    System.out.printf(
        "%d kills, %s transactions acknowledged (%s)%n", rounds, acknowledged, Seed.hint(seed));
  }

  /** Adds what a transaction that was not acknowledged may have left: the beginning of a record. */
  private void tearTail(Random random) throws IOException {
    Path file = directory.resolve("family.db");
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int record = text.lastIndexOf("OVSDB JSON");
    int length = random.nextInt(bytes.length - record);
    byte[] torn = Arrays.copyOfRange(bytes, record, record + length);
    Files.write(file, torn, StandardOpenOption.APPEND);
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

  private CompletableFuture<Void> startClient(int number) {
    return CompletableFuture.runAsync(() -> stream(number), Thread.ofPlatform()::start);
  }

  /** Each transaction sets a client's two rows to the next number, until the server is gone. */
  private void stream(int number) {
    try (Client client =
        new Client(
            JsonRpcConnection.connectUnix(directory.resolve("db.sock"), JsonRpcLimits.DATABASE))) {
      long next = acknowledged.get(number) + 1;
      if (next == 1) {
        insert(client, number, "left");
        insert(client, number, "right");
      }
      while (true) {
        String answer =
            client.transact(
                ("{'op':'update','table':'Parent','where':[['born','==',%d]],"
                        + "'row':{'tags':['map',[['n','%d']]]}}")
                    .formatted(number, next));
        assertEquals("[{'count':2}]", answer);
        acknowledged.set(number, next++);
      }
    } catch (IOException _) {
      return;
    }
  }

  /** Only where a kill has come before it. */
  private static void insert(Client client, int number, String side) throws IOException {
    String name = "'%s%d'".formatted(side, number);
    client.transact(
        ("{'op':'wait','table':'Parent','timeout':0,'columns':['name'],'until':'!=',"
                + "'where':[['name','==',%1$s]],'rows':[{'name':%1$s}]},"
                + "{'op':'insert','table':'Parent','row':{'name':%1$s,'born':%2$d}}")
            .formatted(name, number));
  }

  /** Both rows of each client hold one number, and it is not behind what the client was told. */
  private void check(String where) throws Exception {
    DatabaseFile.Opened opened = DatabaseFile.open(directory.resolve("family.db"));
    opened.file().close();
    Database database = opened.database();
    for (int number = 0; number < CLIENTS; number++) {
      Set<Long> found = new TreeSet<>();
      for (Row row : database.table("Parent").rows()) {
        if (row.get("born").integer(-1) == number) {
          String tag = row.get("tags").get("n");
          found.add(tag == null ? 0 : Long.parseLong(tag));
        }
      }
      long kept = found.isEmpty() ? 0 : found.iterator().next();
      long told = acknowledged.get(number);
      assertTrue(found.size() <= 1, where + ": half a transaction, " + found);
      assertTrue(kept >= told, where + ": kept " + kept + " of " + told);
      acknowledged.set(number, kept);
    }
  }
}
