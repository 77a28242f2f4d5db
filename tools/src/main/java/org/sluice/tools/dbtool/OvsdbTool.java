package org.sluice.tools.dbtool;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.linux.FileErrors;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.tools.Command;
import org.sluice.tools.options.BadUsage;
import org.sluice.tools.options.CommandTable;
import org.sluice.tools.options.CommandTable.Arity;
import org.sluice.tools.options.LogOptions;
import org.sluice.tools.options.OptionTable;
import org.sluice.tools.ovs.OvsVersion;

/**
 * {@code ovsdb-tool}: makes, reads, converts and changes database files. Used by the main thread.
 */
public final class OvsdbTool implements Command {
  private static final String PROGRAM = "ovsdb-tool";
  private static final String USAGE =
      """
      ovsdb-tool: Open vSwitch database management utility
      usage: ovsdb-tool [OPTIONS] COMMAND [ARG...]
        create [DB [SCHEMA]]    create DB with the given SCHEMA
        [--election-timer=ms] create-cluster DB CONTENTS LOCAL
          create clustered DB with given CONTENTS and LOCAL address
        [--cid=UUID] join-cluster DB NAME LOCAL REMOTE...
          join clustered DB with given NAME and LOCAL and REMOTE addrs
        compact [DB [DST]]      compact DB in-place (or to DST)
        convert [DB [SCHEMA [DST]]]   convert DB to SCHEMA (to DST)
        needs-conversion [DB [SCHEMA]]  report whether DB differs from SCHEMA
        db-name [DB]            report name of schema used by DB
        db-version [DB]         report version of schema used by DB
        db-cksum [DB]           report checksum of schema used by DB
        db-cid DB               report cluster ID of clustered DB
        db-sid DB               report server ID of clustered DB
        db-local-address DB     report local address of clustered DB
        db-is-clustered DB      test whether DB is clustered
        db-is-standalone DB     test whether DB is standalone
        schema-name [SCHEMA]    report SCHEMA's name
        schema-version [SCHEMA] report SCHEMA's schema version
        schema-cksum [SCHEMA]   report SCHEMA's checksum
        compare-versions A OP B  compare OVSDB schema version numbers
        query [DB] TRNS         execute read-only transaction on DB
        transact [DB] TRNS      execute read/write transaction on DB
        [-m]... show-log [DB]   print DB's log entries
        check-cluster DB...     look for what cannot be in members' files
        cluster-to-standalone DB CLUSTERDB
          make DB of what the member's file CLUSTERDB holds
      The default DB is %s.
      The default SCHEMA is %s.
      """;
  private static final String OTHER_OPTIONS =
      """

      Other options:
        -m, --more                  increase show-log verbosity
        --rbac-role=ROLE            RBAC role for transact and query commands
        -h, --help                  display this help message
        -V, --version               display version information
      """;

  private final DaemonDirectories directories = DaemonDirectories.fromEnvironment(System.getenv());
  private final PrintStream out;
  private final PrintStream err;
  private final LogOptions logging;
  private final CommandTable commands = new CommandTable();
  private final ClusterCommands clusters;
  private String instead;
  private int verbosity;
  private String role = "";

  /** Prints to the process's own streams. */
  public OvsdbTool() {
    this(System.out, System.err);
  }

  /** Prints to these streams. */
  public OvsdbTool(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
    VlogRegistry registry = new VlogRegistry(Clock.system(), PROGRAM, err);
    this.logging = new LogOptions(registry, PROGRAM, directories.log());
    this.clusters = new ClusterCommands(Clock.system(), registry.vlog("ovsdb"), out, err);
  }

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public String summary() {
    return "make, read, convert and change database files";
  }

  @Override
  public int run(String[] arguments) throws Exception {
    try {
      return runCommand(arguments);
    } catch (BadUsage | OvsdbException e) {
      return complain(e.getMessage());
    } catch (IOException e) {
      return complain(FileErrors.reason(e));
    }
  }

  private int complain(String message) {
    err.println(PROGRAM + ": " + message);
    return 1;
  }

  private int runCommand(String[] arguments) throws Exception {
    OptionTable options = new OptionTable();
    options
        .flag("more", 'm', () -> verbosity++)
        .value("rbac-role", value -> role = value)
        .value("cid", clusters::clusterId)
        .value("election-timer", clusters::electionTimer)
        .group(logging::addTo)
        .flag("help", 'h', () -> instead = usage())
        .flag("option", 'o', () -> instead = options.completions())
        .flag("version", 'V', () -> instead = OvsVersion.banner(PROGRAM));
    List<String> words = options.parse(arguments);
    if (instead != null) {
      return print(instead);
    }
    if (!logging.openFile()) {
      return 1;
    }
    addCommands();
    return commands.run(words);
  }

  private void addCommands() {
    FileCommands files = new FileCommands(directories, Clock.system(), role, out);
    SchemaCommands schemas = new SchemaCommands(directories, out);
    commands
        .add("create", "[db [schema]]", new Arity(0, 2), files::create)
        .add("create-cluster", "db contents local", new Arity(3, 3), clusters::create)
        .add("join-cluster", "db name local remote...", Arity.from(4), clusters::join)
        .add("compact", "[db [dst]]", new Arity(0, 2), files::compact)
        .add("convert", "[db [schema [dst]]]", new Arity(0, 3), files::convert)
        .add("needs-conversion", "", new Arity(0, 2), schemas::needsConversion)
        .add("db-name", "[db]", new Arity(0, 1), schemas::databaseName)
        .add("db-version", "[db]", new Arity(0, 1), schemas::databaseVersion)
        .add("db-cksum", "[db]", new Arity(0, 1), schemas::databaseChecksum)
        .add("db-cid", "db", new Arity(1, 1), clusters::clusterId)
        .add("db-sid", "db", new Arity(1, 1), clusters::serverId)
        .add("db-local-address", "db", new Arity(1, 1), clusters::localAddress)
        .add("db-is-clustered", "db", new Arity(1, 1), Clustered::isClustered)
        .add("db-is-standalone", "db", new Arity(1, 1), Clustered::isStandalone)
        .add("schema-name", "[schema]", new Arity(0, 1), schemas::schemaName)
        .add("schema-version", "[schema]", new Arity(0, 1), schemas::schemaVersion)
        .add("schema-cksum", "[schema]", new Arity(0, 1), schemas::schemaChecksum)
        .add("query", "[db] trns", new Arity(1, 2), files::query)
        .add("transact", "[db] trns", new Arity(1, 2), files::transact)
        .add("show-log", "[db]", new Arity(0, 1), this::showLog)
        .add("check-cluster", "db...", Arity.from(1), clusters::check)
        .add("compare-versions", "a op b", new Arity(3, 3), SchemaCommands::compareVersions)
        .add("help", "", Arity.from(0), _ -> print(usage()))
        .add("list-commands", "", Arity.from(0), _ -> print(commands.list()))
        .add("cluster-to-standalone", "db clusterdb", new Arity(2, 2), clusters::toStandalone);
  }

  private int showLog(List<String> arguments) throws IOException, OvsdbException {
    ShowLog.run(Defaults.database(arguments, 0, directories), verbosity, out);
    return 0;
  }

  private String usage() {
    String head = USAGE.formatted(Defaults.database(directories), Defaults.schema(directories));
    return head + logging.usage() + OTHER_OPTIONS;
  }

  private int print(String text) {
    out.print(text);
    return 0;
  }
}
