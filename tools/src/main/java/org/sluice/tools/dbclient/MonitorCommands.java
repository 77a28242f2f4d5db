package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.sluice.base.clock.Clock;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Condition;
import org.sluice.tools.dbclient.ClientCommand.Call;
import org.sluice.tools.dbclient.MonitoredTable.Where;

/**
 * {@code monitor}, {@code monitor-cond} and {@code monitor-cond-since}. Used by the main thread.
 */
final class MonitorCommands {
  private static final String EVERYTHING = "ALL";

  private final Output output;
  private final ClientSettings settings;
  private final Background background;
  private final Clock clock;
  private final Consumer<String> complaints;

  MonitorCommands(
      Output output,
      ClientSettings settings,
      Background background,
      Clock clock,
      Consumer<String> complaints) {
    this.complaints = complaints;
    this.output = output;
    this.settings = settings;
    this.background = background;
    this.clock = clock;
  }

  void monitor(Call call) throws Exception {
    background.start();
    DatabaseSchema schema = schema(call);
    Where where = new Where(call.server().name(), call.database());
    List<String> words = call.words();
    List<MonitoredTable> tables = new ArrayList<>();
    if (words.getFirst().equals(EVERYTHING)) {
      for (TableSchema table : SchemaCommands.sorted(schema)) {
        tables.add(MonitoredTable.of(table, List.of(), null, where));
      }
    } else {
      TableSchema table = table(schema, words.getFirst(), where.server() + ": ", where);
      tables.add(MonitoredTable.of(table, words.subList(1, words.size()), null, where));
    }
    run(call, tables, MonitorVersion.MONITOR, null);
  }

  void monitorCond(Call call) throws Exception {
    conditional(call, call.words(), MonitorVersion.MONITOR_COND, null);
  }

  /** The id is optional: only what has the form of one is taken for it. */
  void monitorCondSince(Call call) throws Exception {
    List<String> words = call.words();
    UUID since = Uuids.parse(words.getFirst());
    List<String> rest = since == null ? words : words.subList(1, words.size());
    UUID id = since == null ? Uuids.ZERO : since;
    conditional(call, rest, MonitorVersion.MONITOR_COND_SINCE, id);
  }

  private void conditional(Call call, List<String> words, MonitorVersion version, UUID since)
      throws Exception {
    if (words.size() < 2) {
      throw new ClientFailure("invalid syntax for 'monitor-cond-since' (use --help for help)");
    }
    DatabaseSchema schema = schema(call);
    Where where = new Where(call.server().name(), call.database());
    String name = words.get(1);
    TableSchema table = table(schema, name, "", where);
    JsonNode condition = TransactionCommands.json(words.getFirst());
    Condition.fromJson(table, condition, null);
    background.start();
    if (name.equals(EVERYTHING)) {
      throw new ClientFailure("ALL tables are not allowed with condition");
    }
    List<String> columns = words.subList(2, words.size());
    run(call, List.of(MonitoredTable.of(table, columns, condition, where)), version, since);
  }

  private DatabaseSchema schema(Call call) throws OvsdbException {
    return call.server().schema(call.database(), output);
  }

  private static TableSchema table(DatabaseSchema schema, String name, String prefix, Where where) {
    TableSchema table = schema.table(name);
    if (table == null) {
      throw new ClientFailure(
          "%s%s does not have a table named \"%s\"".formatted(prefix, where.database(), name));
    }
    return table;
  }

  private void run(Call call, List<MonitoredTable> tables, MonitorVersion version, UUID since)
      throws IOException, InterruptedException {
    Session.beChangeAware(call.server(), settings);
    MonitorPrinter printer =
        new MonitorPrinter(tables, output, settings.timestamp() ? clock : null, complaints);
    new MonitorLoop(call.server(), background, printer, output)
        .run(call.database(), version.request(call.database(), tables, since), version);
  }
}
