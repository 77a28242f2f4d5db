package org.sluice.tools.train;

import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlServer;
import org.sluice.base.unixctl.VlogUnixctl;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.tools.Command;
import org.sluice.tools.dbclient.OvsdbClientTool;
import org.sluice.tools.dbtool.OvsdbTool;
import org.sluice.tools.ofctl.OvsOfctl;
import org.sluice.tools.ovs.OvsAppctl;

/** {@code train-tools}: what short-lived commands do. Named by the launcher only. */
public final class TrainTools implements Command {
  private static final String NAME = "train-tools";
  private static final String INSERT =
      """
      ["Open_vSwitch", {"op": "insert", "table": "Bridge", "uuid-name": "new",
                        "row": {"name": "br0", "external_ids": ["map", [["a", "b"]]]}},
                       {"op": "insert", "table": "Open_vSwitch",
                        "row": {"bridges": ["set", [["named-uuid", "new"]]]}}]\
      """;
  private static final String SELECT =
      "[\"Open_vSwitch\", {\"op\": \"select\", \"table\": \"Bridge\", \"where\": []}]";

  public TrainTools() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "";
  }

  @Override
  public int run(String[] arguments) throws Exception {
    askServers();
    ConfigurationTraining.run();
    return 0;
  }

  private static void askServers() throws Exception {
    Path folder = Files.createTempDirectory("sluice-train");
    Path socket = folder.resolve("train.ctl");
    VlogRegistry log = new VlogRegistry(Clock.system(), NAME, System.err);
    UnixctlCommands commands = new UnixctlCommands(NAME);
    new VlogUnixctl(log).registerIn(commands);
    UnixctlServer server = UnixctlServer.start(socket, commands, log.vlog("unixctl"));
    try {
      appctl("--version");
      appctl("--help");
      appctl("-t", socket.toString(), "vlog/list");
      appctl("-t", socket.toString(), "-f", "json", "version");
      openFlow(folder);
      databaseFiles(folder);
      databaseServer(folder, log);
    } finally {
      server.close();
      TrainDaemon.delete(folder);
    }
  }

  private static void openFlow(Path folder) throws Exception {
    Path flows = folder.resolve("flows");
    Files.writeString(flows, "priority=7,tcp,tp_dst=80,actions=ct(commit),output:2\n");
    ofctl("parse-flows", flows.toString());
    ofctl("-O", "OpenFlow13", "parse-flow", "ip,reg0=1,actions=set_field:2->reg1,resubmit(,3)");
    ofctl("parse-group", "group_id=1,type=select,bucket=1,bucket=2");
    ofctl("ofp-print", "0105000800000001");
    ofctl("ofp-print", "0418000800000001");
    ofctl("show", folder.resolve("nobody").toString());
    ofctl("--help");
  }

  private static void ofctl(String... arguments) throws Exception {
    new OvsOfctl().run(arguments);
  }

  private static void databaseFiles(Path folder) throws Exception {
    String schema = folder.resolve("schema").toString();
    String database = folder.resolve("db").toString();
    Files.writeString(Path.of(schema), ShippedSchemas.openVswitchText());
    tool("create", database, schema);
    tool("transact", database, INSERT);
    tool("query", database, SELECT);
    tool("show-log", "-mm", database);
    tool("compact", database);
    tool("convert", database, schema);
    tool("db-version", database);
    tool("--help");
  }

  private static void databaseServer(Path folder, VlogRegistry log) throws Exception {
    String remote = "unix:" + folder.resolve("db.sock");
    try (OvsdbServer server =
        new OvsdbServer(ServerConfig.in(folder), Clock.system(), log.vlog("ovsdb_server"))) {
      server.addDatabase(folder.resolve("db"));
      server.addRemote("punix:db.sock");
      client("list-dbs", remote);
      client("list-columns", remote, "Bridge");
      client("transact", remote, SELECT);
      client("dump", remote);
      client("--format=json", "dump", remote, "Bridge", "name");
      client("wait", remote, "Open_vSwitch", "connected");
      client("--help");
    }
  }

  private static void client(String... arguments) throws Exception {
    new OvsdbClientTool().run(arguments);
  }

  private static void tool(String... arguments) throws Exception {
    new OvsdbTool().run(arguments);
  }

  private static void appctl(String... arguments) {
    new OvsAppctl().run(arguments);
  }
}
