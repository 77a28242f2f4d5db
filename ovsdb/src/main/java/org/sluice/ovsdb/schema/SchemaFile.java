package org.sluice.ovsdb.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sluice.base.linux.FileErrors;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/** A schema in a file of its own, as {@code *.ovsschema} are. Stateless. */
public final class SchemaFile {
  private SchemaFile() {}

  /** Reads and checks the schema in {@code file}; errors name the file. */
  public static DatabaseSchema read(Path file) throws OvsdbException {
    JsonNode json = json(file);
    try {
      return DatabaseSchema.fromJson(json);
    } catch (OvsdbException e) {
      OvsdbError error = e.error();
      String what = "failed to parse \"%s\" as ovsdb schema".formatted(file);
      String details = error.details() == null ? what : what + ": " + error.details();
      throw new OvsdbError(error.tag(), details, error.syntax()).thrown();
    }
  }

  private static JsonNode json(Path file) throws OvsdbException {
    try {
      return JsonComplaint.parse(Files.readAllBytes(file));
    } catch (IOException e) {
      String reason = FileErrors.reason(e);
      throw unreadable(
          file,
          Files.isDirectory(file)
              ? "error reading JSON stream: " + reason
              : "error opening \"%s\": %s".formatted(file, reason));
    } catch (JsonComplaint e) {
      throw unreadable(file, e.getMessage());
    }
  }

  private static OvsdbException unreadable(Path file, String why) {
    String text = "\"%s\" could not be read as JSON (%s)".formatted(file, why);
    return OvsdbError.of("failed to read schema", text).thrown();
  }
}
