package org.sluice.ovsdb.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a database's name leads. A new version of a file must replace what a link points to, not
 * the link; and all names of one file must lead to one lock. Stateless.
 */
final class SymbolicLinks {
  private static final int MAX_LINKS = 10;

  private SymbolicLinks() {}

  /** The file behind {@code path}, which may not be there yet; links in its folders stay. */
  static Path follow(Path path) throws IOException {
    Path target = path.toAbsolutePath();
    for (int i = 0; i < MAX_LINKS && Files.isSymbolicLink(target); i++) {
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }
}
