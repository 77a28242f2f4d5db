package org.sluice.tools.dbclient;

import java.io.IOException;
import java.nio.file.Path;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.SchemaFile;
import org.sluice.tools.dbclient.ClientCommand.Call;

/** {@code convert} and {@code needs-conversion}. Used by the main thread. */
final class ConversionCommands {
  private final ServerChoice choice;
  private final Output output;
  private final ClientSettings settings;

  ConversionCommands(ServerChoice choice, Output output, ClientSettings settings) {
    this.choice = choice;
    this.output = output;
    this.settings = settings;
  }

  void convert(Call call) throws IOException, OvsdbException {
    DatabaseSchema schema = schema(call);
    try (Server server = choice.serverOf(schema.name(), call.words()).server()) {
      Session.beChangeAware(server, settings);
      server.result("convert", Server.array().add(schema.name()).add(schema.toJson()), output);
    }
  }

  void needsConversion(Call call) throws IOException, OvsdbException {
    DatabaseSchema schema = schema(call);
    try (Server server = choice.serverOf(schema.name(), call.words()).server()) {
      DatabaseSchema present = server.schema(schema.name(), output);
      output.println(schema.isSameAs(present) ? "no" : "yes");
    }
  }

  private static DatabaseSchema schema(Call call) throws OvsdbException {
    return SchemaFile.read(Path.of(call.words().getLast()));
  }
}
