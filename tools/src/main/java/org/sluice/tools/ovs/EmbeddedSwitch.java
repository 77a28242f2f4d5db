package org.sluice.tools.ovs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stream.TlsSettings;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.vswitchd.bridge.DummyMode;
import org.sluice.vswitchd.bridge.Vswitchd;
import org.sluice.vswitchd.ofproto.SwitchCore;

/**
 * A database server and the switch that it configures, in this process, with their sockets in one
 * folder. Made and closed by the main thread; {@link #close} may be called again.
 */
public final class EmbeddedSwitch implements AutoCloseable {
  private final Vlog log;
  private final OvsdbServer server;
  private final Vswitchd vswitchd;
  private boolean closed;

  /**
   * Starts both; {@code ready} is told when the first configuration runs. The database is {@code
   * directory/conf.db}, made if missing.
   */
  public EmbeddedSwitch(
      Path directory, int threads, VlogRegistry registry, UnixctlCommands commands, Runnable ready)
      throws IOException, OvsdbException {
    this(
        directory,
        new Vswitchd.Options(directory, database(directory), threads),
        registry,
        commands,
        ready);
  }

  /** The same with devices that are made of nothing. */
  public static EmbeddedSwitch ofDummies(
      Path directory, VlogRegistry registry, UnixctlCommands commands, Runnable ready)
      throws IOException, OvsdbException {
    Vswitchd.Options options =
        new Vswitchd.Options(directory, database(directory), 1, DummyMode.TYPES, TlsSettings.NONE);
    return new EmbeddedSwitch(directory, options, registry, commands, ready);
  }

  private static String database(Path directory) {
    return "unix:" + directory.resolve("db.sock");
  }

  private EmbeddedSwitch(
      Path directory,
      Vswitchd.Options options,
      VlogRegistry registry,
      UnixctlCommands commands,
      Runnable ready)
      throws IOException, OvsdbException {
    log = registry.vlog("ovsdb_server");
    Path file = directory.resolve("conf.db");
    if (!Files.exists(file)) {
      DatabaseFile.create(file, ShippedSchemas.openVswitch());
    }
    server = new OvsdbServer(ServerConfig.in(directory), Clock.system(), log);
    try {
      server.addDatabase(file);
      server.addRemote("punix:" + directory.resolve("db.sock"));
    } catch (IOException | OvsdbException e) {
      server.close();
      throw e;
    }
    new ServerCommands(new ServerControl(server, log, null, null), registry.vlog("transaction"))
        .registerIn(commands);
    vswitchd = new Vswitchd(options, Clock.system(), registry, commands, ready);
    vswitchd.start();
  }

  /** The switch's inside; null until the first configuration runs. */
  public SwitchCore core() {
    return vswitchd.core();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    vswitchd.close();
    try {
      server.close();
    } catch (IOException e) {
      log.warn("close failed (%s)", e.getMessage());
    }
  }
}
