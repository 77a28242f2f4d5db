package org.sluice.openflow.connection;

import java.nio.file.Path;
import org.sluice.base.stream.StreamAddress;

/** Where controllers and switches are found. */
public final class OfAddress {
  /** The port that is meant where none is given. */
  public static final int DEFAULT_PORT = 6653;

  private OfAddress() {}

  /**
   * Reads what {@code Controller.target} or a tool's user writes.
   *
   * @param directory where a relative Unix path starts
   * @throws IllegalArgumentException in one line, if it is no address
   */
  public static StreamAddress parse(String text, Path directory) {
    return StreamAddress.parse(text, directory, DEFAULT_PORT);
  }
}
