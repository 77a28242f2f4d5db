package org.sluice.tools.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sluice.base.unixctl.UnixctlClient;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.tools.Command;
import org.sluice.tools.ovs.OvsdbServerDaemon;

/**
 * {@code train-database}: has a database server do enough for the compiler to know what matters.
 * Named by the launcher only.
 */
public final class TrainDatabase implements Command {
  private static final DatabaseTraining.Amount AMOUNT =
      new DatabaseTraining.Amount(40_000, 8_000, 10_000, 4);

  private static final int SECONDS = 120;

  public TrainDatabase() {}

  @Override
  public String name() {
    return "train-database";
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public int run(String[] arguments) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-train");
    try {
      Path file = folder.resolve("train.db");
      DatabaseFile.create(file, ShippedSchemas.openVswitch());
      serve(folder, file, socket -> DatabaseTraining.converse(socket, AMOUNT));
      DatabaseTraining.read(file, AMOUNT);
      serve(folder, file, _ -> {});
      return 0;
    } catch (OvsdbException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      TrainDaemon.delete(folder);
    }
  }

  /** What is done with a server while it runs. */
  private interface Visit {
    void at(Path socket) throws IOException;
  }

  /** A server as a user starts it, from its options to {@code ovs-appctl exit}. */
  private static void serve(Path folder, Path file, Visit visit)
      throws IOException, InterruptedException {
    Path socket = folder.resolve("db.sock");
    Path control = folder.resolve("db.ctl");
    String[] options = {
      "--remote=punix:" + socket,
      "--unixctl=" + control,
      "--pidfile=" + folder.resolve("db.pid"),
      "--log-file=" + folder.resolve("db.log"),
      "-vconsole:off",
      file.toString()
    };
    FutureTask<Integer> server = new FutureTask<>(() -> new OvsdbServerDaemon().run(options));
    Thread.ofPlatform().daemon().start(server);
    // The control socket answers when everything else does.
    ask(control, "memory/show");
    visit.at(socket);
    ask(control, "exit");
    try {
      server.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the server did not end in order", e);
    }
  }

  private static void ask(Path control, String command) throws IOException, InterruptedException {
    try (UnixctlClient client = connect(control)) {
      client.run(command, List.of());
    }
  }

  /** A control socket can be seen a little before it can be connected to. */
  private static UnixctlClient connect(Path control) throws IOException, InterruptedException {
    for (int i = 0; i < SECONDS * 100; i++) {
      try {
        return UnixctlClient.connect(control);
      } catch (IOException _) {
        Thread.sleep(10);
      }
    }
    throw new IOException("the server does not answer at " + control);
  }
}
