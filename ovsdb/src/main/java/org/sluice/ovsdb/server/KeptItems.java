package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * How much clients have the server keep for them: monitors, locks and requests that wait, until
 * they say otherwise or go. Each of these costs a little at every change, and may be as long as a
 * request. Belongs to the writer thread.
 */
final class KeptItems {
  /** How many of them a client may have. */
  static final int MAX_ITEMS = 1_000;

  /** What an item or a part of it takes beside its text, roughly. */
  private static final long NODE_BYTES = 40;

  private final long maxBytes;
  private long bytes;

  /** Allows {@code maxBytes} to all clients together. */
  KeptItems(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** About what memory an item takes that a client describes so. */
  static long bytes(JsonNode item) {
    long sum = NODE_BYTES;
    sum += item.isTextual() ? item.textValue().length() : 0;
    for (JsonNode part : item) {
      sum += bytes(part);
    }
    for (var names = item.fieldNames(); names.hasNext(); ) {
      sum += names.next().length();
    }
    return sum;
  }

  /** Counts the memory of an item that a client is to have, unless that is too much. */
  void take(Session session, long itemBytes) throws OvsdbException {
    if (session.keptItems() >= MAX_ITEMS) {
      String text = "a client may have %d monitors, locks and waiting requests at a time";
      throw exhausted(text.formatted(MAX_ITEMS));
    }
    resize(session, 0, itemBytes);
  }

  /** Counts another size of an item, unless that is too much. */
  void resize(Session session, long before, long after) throws OvsdbException {
    if (after > before && bytes - before + after > maxBytes) {
      String text = "monitors, locks and waiting requests of all clients may take %d bytes";
      throw exhausted(text.formatted(maxBytes));
    }
    session.keptBytes += after - before;
    bytes += after - before;
  }

  private static OvsdbException exhausted(String details) {
    return OvsdbError.of("resources exhausted", details).thrown();
  }

  /** A client no longer has an item of that size. */
  void release(Session session, long itemBytes) {
    session.keptBytes -= itemBytes;
    bytes -= itemBytes;
  }

  /** A client has gone with all it had. */
  void releaseAll(Session session) {
    bytes -= session.keptBytes;
    session.keptBytes = 0;
  }
}
