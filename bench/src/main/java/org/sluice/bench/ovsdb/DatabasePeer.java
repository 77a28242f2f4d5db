package org.sluice.bench.ovsdb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A database server that can be measured. */
interface DatabasePeer {
  /** A server that runs. */
  interface Running extends Closeable {
    /** Memory of its process, in bytes; 0 if it has none of its own. */
    long residentBytes() throws IOException;
  }

  /** What the table of results calls it. */
  String name();

  /** Starts it with one database file; it may listen at {@code socket} a little later. */
  Running start(Path file, Path socket) throws IOException;
}
