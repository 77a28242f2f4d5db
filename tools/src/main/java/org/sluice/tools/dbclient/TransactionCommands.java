package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.List;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.tools.dbclient.ClientCommand.Call;

/** {@code transact} and {@code query}. Used by the main thread. */
final class TransactionCommands {
  private static final String INVALID = "not a valid OVSDB query";

  private final ServerChoice choice;
  private final Output output;
  private final ClientSettings settings;
  private final Background background;

  TransactionCommands(
      ServerChoice choice, Output output, ClientSettings settings, Background background) {
    this.choice = choice;
    this.output = output;
    this.settings = settings;
    this.background = background;
  }

  void transact(Call call) throws IOException {
    output.printJson(run(call.words(), transaction(call)));
  }

  /** Ends the transaction with an {@code abort}, whose result nobody needs to see. */
  void query(Call call) throws IOException {
    ArrayNode transaction = transaction(call);
    transaction.addObject().put("op", "abort");
    int abort = transaction.size() - 2;
    JsonNode results = run(call.words(), transaction);
    if (results instanceof ArrayNode array
        && array.size() == abort + 1
        && array.get(abort).path("error").asText().equals("aborted")) {
      array.remove(abort);
    }
    output.printJson(results);
  }

  private static ArrayNode transaction(Call call) {
    JsonNode json = json(call.words().getLast());
    if (json instanceof ArrayNode array && array.path(0).isTextual()) {
      return array;
    }
    throw new ClientFailure(INVALID);
  }

  static JsonNode json(String text) {
    try {
      return JsonComplaint.parse(text);
    } catch (JsonComplaint e) {
      throw new ClientFailure("\"" + text + "\": " + e.getMessage());
    }
  }

  private JsonNode run(List<String> words, ArrayNode transaction) throws IOException {
    try (Server server = choice.serverOf(transaction.get(0).textValue(), words).server()) {
      if (settings.mustBeChangeAware()) {
        Session.beChangeAware(server, settings);
      }
      background.start();
      background.ready();
      return server.result("transact", transaction, output);
    }
  }
}
