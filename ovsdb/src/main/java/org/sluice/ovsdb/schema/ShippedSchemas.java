package org.sluice.ovsdb.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;

/** The schemas that come with Sluice, kept as resources beside this class. Stateless. */
public final class ShippedSchemas {
  private ShippedSchemas() {}

  /** The switch's own database, {@code Open_vSwitch} version 8.8.0. */
  public static DatabaseSchema openVswitch() {
    return read("vswitch.ovsschema");
  }

  /** The server's database about its databases, {@code _Server} version 1.2.0. */
  public static DatabaseSchema server() {
    return read("server.ovsschema");
  }

  /** The text of the {@code Open_vSwitch} schema, for those who want the file. */
  public static String openVswitchText() {
    return text("vswitch.ovsschema");
  }

  private static DatabaseSchema read(String resource) {
    try {
      return DatabaseSchema.fromJson(JsonText.parse(text(resource)));
    } catch (OvsdbException e) {
      throw new IllegalStateException("schema resource " + resource + " is wrong", e);
    }
  }

  private static String text(String resource) {
    try (InputStream in = ShippedSchemas.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
