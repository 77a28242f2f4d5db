package org.sluice.ovsdb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.Compaction;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Outcome;
import org.sluice.ovsdb.transaction.Request;
import org.sluice.ovsdb.transaction.TestDatabase;
import org.sluice.ovsdb.transaction.TransactionExecutor;

/**
 * Good input with some bytes changed, into every decoder that meets a stranger's bytes: each must
 * take it or refuse it in the way it says. {@code -DfuzzSeconds=N} goes on for longer.
 */
class DecoderFuzzTest {
  private static final long SECONDS = Long.getLong("fuzzSeconds", 2);
  private static final String MESSAGES =
      "{'method':'transact','params':['family',{'op':'insert','table':'Parent','row':{'name':'a',"
          + "'age':7,'weights':['set',[1.5,2]],'tags':['map',[['k','v']]],'children':"
          + "['named-uuid','c']}},{'op':'insert','table':'Child','uuid-name':'c','row':{}},"
          + "{'op':'mutate','table':'Parent','where':[['age','<',9]],'mutations':[['age','+=',1]]},"
          + "{'op':'select','table':'Parent','where':[['name','includes','a']]},{'op':'wait',"
          + "'timeout':0,'table':'Parent','where':[],'columns':['name'],'until':'!=','rows':[]},"
          + "{'op':'update','table':'Parent','where':[],'row':{'mood':'x'}},"
          + "{'op':'delete','table':'Child','where':[true]},{'op':'comment','comment':'x'}],"
          + "'id':1}{'id':null,'method':'echo','params':[]}";

  @TempDir Path directory;

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      int from = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = bytes[from];
        case 2 -> {
          int length = Math.min(random.nextInt(20), bytes.length - Math.max(at, from));
          System.arraycopy(good, from, bytes, at, length);
        }
        default -> bytes[at] = (byte) "[]{}\",:0-e\\u".charAt(random.nextInt(12));
      }
    }
    return bytes;
  }

  /** The file with one record changed, whose checksum is right all the same. */
  private static byte[] withMutatedRecord(byte[] file, Random random) throws Exception {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    List<String> records = new ArrayList<>(List.of(text.split("(?=OVSDB JSON )")));
    int chosen = random.nextInt(records.size());
    String body = records.get(chosen).substring(records.get(chosen).indexOf('\n') + 1);
    byte[] bytes = mutated(body.getBytes(StandardCharsets.ISO_8859_1), random);
    String sha1 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    String header = "OVSDB JSON %d %s\n".formatted(bytes.length, sha1);
    records.set(chosen, header + new String(bytes, StandardCharsets.ISO_8859_1));
    return String.join("", records).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static void converse(byte[] bytes, TransactionExecutor executor, Database database) {
    try (JsonRpcConnection connection =
        new JsonRpcConnection(
            new ByteArrayInputStream(bytes),
            OutputStream.nullOutputStream(),
            () -> {},
            new JsonRpcLimits(1 << 16, 100))) {
      for (JsonRpcMessage message = connection.receive();
          message != null;
          message = connection.receive()) {
        if (message instanceof JsonRpcMessage.Request request) {
          execute(request.params(), executor, database);
        }
      }
    } catch (IOException e) {
      assertTrue(e.getMessage() != null && e.getMessage().lines().count() == 1, e.toString());
    }
  }

  private static void execute(ArrayNode params, TransactionExecutor executor, Database database) {
    Outcome outcome = executor.execute(new Request(params, _ -> false, false, 0));
    if (outcome instanceof Outcome.Ready ready) {
      try {
        ChangeSet changes = CommitCheck.run(ready.transaction());
        database.apply(changes);
        database.apply(changes.inverse());
      } catch (OvsdbException e) {
        assertTrue(e.error().tag() != null);
      }
    }
  }

  private void read(byte[] bytes) throws IOException {
    Path file = directory.resolve("x.db");
    Files.write(file, bytes);
    try {
      DatabaseFile.read(file);
    } catch (OvsdbException e) {
      assertTrue(e.getMessage().lines().count() <= 1, e.getMessage());
    }
  }

  private static void schema(byte[] bytes) {
    try {
      JsonNode json = TestDatabase.json(new String(bytes, StandardCharsets.UTF_8));
      DatabaseSchema.fromJson(json == null ? JsonNodeFactory.instance.nullNode() : json);
    } catch (OvsdbException | IllegalArgumentException e) {
      assertTrue(e.getMessage() != null);
    }
  }

  @Test
  void shouldTakeOrRefuseWhateverStrangersSend() throws Exception {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    DatabaseSchema family = DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA));
    Database database = new Database(family);
    TransactionExecutor executor = new TransactionExecutor(database, UUID::randomUUID);
    Path good = directory.resolve("good.db");
    DatabaseFile.create(good, family);
    try (DatabaseFile file = DatabaseFile.open(good).file()) {
      execute((ArrayNode) TestDatabase.json(MESSAGES).get("params"), executor, database);
      Compaction compaction = file.compact(database, 1);
      compaction.write();
      file.finish(compaction);
    }
    byte[] goodFile = Files.readAllBytes(good);
    long deadlineNs = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (System.nanoTime() < deadlineNs) {
      converse(mutated(bytes(MESSAGES), random), executor, database);
      read(mutated(goodFile, random));
      read(withMutatedRecord(goodFile, random));
      schema(mutated(bytes(TestDatabase.SCHEMA), random));
    }
  }
}
