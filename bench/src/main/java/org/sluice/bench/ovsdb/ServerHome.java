package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.DatabaseFile;

/**
 * A database file of one peer, and the socket under which it is served. Used by one thread.
 *
 * @param peer whose it is
 * @param folder where both lie
 * @param name of the two, among those of the same peer
 */
record ServerHome(DatabasePeer peer, Path folder, String name) {
  private static final long START_SECONDS = 60;

  private Path socket() {
    return folder.resolve(peer.name() + "-" + name + ".sock");
  }

  Path file() {
    return folder.resolve(peer.name() + "-" + name + ".db");
  }

  /** How long the file is without padding, which are records of nothing but blanks at its end. */
  long recordedBytes() throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    int end = bytes.length - 1;
    while (end > 0 && !(bytes[end] == '}' && bytes[end - 1] != ' ' && bytes[end - 1] != '{')) {
      end--;
    }
    return end;
  }

  /** Makes the file, with nothing in it. */
  ServerHome create(DatabaseSchema schema) throws IOException {
    try {
      DatabaseFile.create(file(), schema);
      return this;
    } catch (OvsdbException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Starts a server that may listen a little later. */
  ServerProcess start() throws IOException {
    Files.deleteIfExists(socket());
    return peer.start(file(), socket());
  }

  /** Waits until the server answers; returns a connection. */
  RawConnection connect() throws IOException {
    long startNs = System.nanoTime();
    while (true) {
      try {
        RawConnection connection = open();
        connection.call("{\"id\":0,\"method\":\"list_dbs\",\"params\":[]}");
        return connection;
      } catch (IOException e) {
        if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
          throw new IOException(peer.name() + " does not answer: " + e.getMessage(), e);
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** A connection to a server that listens. */
  RawConnection open() throws IOException {
    return RawConnection.open(socket());
  }

  /** The same, so many times. */
  List<RawConnection> open(int count) throws IOException {
    List<RawConnection> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(open());
    }
    return all;
  }

  static void close(List<RawConnection> all) throws IOException {
    for (RawConnection each : all) {
      each.close();
    }
  }
}
