import java.util.Map;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.client.ClientConfig;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.RowChange;

/**
 * Tells which ports come and go, and notes in each bridge how many it has. One file, run as it is:
 *
 * <pre>
 *   java -p .sluice/lib --add-modules org.sluice.ovsdb examples/ovsdb-client/WatchPorts.java unix:/run/sluice/db.sock
 * </pre>
 *
 * <p>It ends when a bridge called "stop" appears.
 */
class WatchPorts {
  public static void main(String[] arguments) throws InterruptedException {
    VlogRegistry logs = new VlogRegistry(Clock.system(), "watch-ports", System.err);
    var log = logs.vlog("watch_ports");
    logs.setLevel(log, LogDestination.CONSOLE, LogLevel.WARN);

    // Two tables, and of those only these columns, are copied and kept up to date.
    ClientConfig config =
        ClientConfig.of(arguments[0], ShippedSchemas.openVswitch())
            .monitor("Bridge", "name", "ports", "external_ids")
            .monitor("Port", "name");
    try (OvsdbClient client = new OvsdbClient(config, log)) {
      client.start();
      Snapshot seen = Snapshot.NONE;
      while (!hasBridge(seen, "stop")) {
        Snapshot now = client.awaitChange(seen, 1_000);
        now.changesSince(seen).forEach(WatchPorts::tell);
        if (now.isConnected() && now.number() > seen.number()) {
          note(client);
        }
        seen = now;
      }
    }
  }

  private static boolean hasBridge(Snapshot snapshot, String name) {
    return snapshot.rows("Bridge").stream().anyMatch(row -> row.get("name").string().equals(name));
  }

  private static void tell(RowChange change) {
    if (change.table().name().equals("Port") && change.before() == null) {
      System.out.println("+ " + change.after().get("name").string());
    } else if (change.table().name().equals("Port") && change.after() == null) {
      System.out.println("- " + change.before().get("name").string());
    }
  }

  /** Writes the numbers down; where somebody changes ports meanwhile, from the newer state again. */
  private static void note(OvsdbClient client) throws InterruptedException {
    CommitResult result =
        client.transact(
            snapshot -> {
              Draft draft = new Draft(ShippedSchemas.openVswitch(), snapshot);
              for (Row bridge : draft.rows("Bridge")) {
                draft.verify(bridge, "ports");
                String count = Integer.toString(bridge.get("ports").size());
                draft.putInto(bridge, "external_ids", Datum.ofStringMap(Map.of("ports", count)));
              }
              return draft.toEdit();
            },
            5);
    if (!result.isOk()) {
      System.out.println("could not note the numbers: " + result);
    }
  }
}
