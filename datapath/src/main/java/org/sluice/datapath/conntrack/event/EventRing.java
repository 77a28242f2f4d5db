package org.sluice.datapath.conntrack.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * What happens to connections, written by packet threads and read by one program. An event is a
 * copy of the connection's records as they are at that moment, so that reading it later touches
 * nothing that packets use.
 *
 * <pre>
 *   a slot     0: turn: position + 1 once it is filled     8: kind     16: time, ms
 *             32: copy of the record, {@value ConnectionRecord#BYTES} bytes
 *            192: copy of its second record, if it has one
 * </pre>
 *
 * <p>Writers claim positions with one compare-and-set and never wait: where the reader is a whole
 * ring behind, the event is lost and counted. {@link #add} may be called by any thread, {@link
 * #poll} by one at a time.
 */
public final class EventRing {
  /** A connection was made. */
  public static final int NEW = 0;

  /** Its state, mark or labels changed. */
  public static final int UPDATE = 1;

  /** It is gone. */
  public static final int DESTROY = 2;

  /** Sees one event; what the addresses point to is valid during the call only. */
  @FunctionalInterface
  public interface Reader {
    /** {@code extension} is 0 for a connection without a second record. */
    void event(int kind, long nowMs, long record, long extension);
  }

  private static final int KIND = 8;
  private static final int TIME = 16;
  private static final int HAS_EXTENSION = 24;
  private static final int RECORD = 32;
  private static final int EXTENSION = RECORD + ConnectionRecord.BYTES;
  private static final int SLOT_BYTES = EXTENSION + ConnectionRecord.BYTES;
  private static final VarHandle TAIL;
  private static final VarHandle HEAD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TAIL = lookup.findVarHandle(EventRing.class, "tail", long.class);
      HEAD = lookup.findVarHandle(EventRing.class, "head", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long memory;
  private final int mask;
  private final LongAdder lost = new LongAdder();

  @SuppressWarnings("unused") // through TAIL
  private long tail;

  private long head;

  /** Makes a ring of {@code slots}, a power of two. */
  public EventRing(int slots) {
    assert Integer.bitCount(slots) == 1 : slots;
    mask = slots - 1;
    memory = OffHeap.allocate((long) slots * SLOT_BYTES, 64);
  }

  /** Events that came when the ring was full. */
  public long lost() {
    return lost.sum();
  }

  private long slot(long position) {
    return memory + (position & mask) * SLOT_BYTES;
  }

  /** Adds an event about a locked record; {@code extension} is 0 if it has no second one. */
  public void add(int kind, long nowMs, long record, long extension) {
    long position;
    do {
      position = (long) TAIL.getVolatile(this);
      if (position - (long) HEAD.getAcquire(this) > mask) {
        lost.increment();
        return;
      }
    } while (!TAIL.compareAndSet(this, position, position + 1));
    long slot = slot(position);
    OffHeap.putInt(slot + KIND, kind);
    OffHeap.putLong(slot + TIME, nowMs);
    OffHeap.putInt(slot + HAS_EXTENSION, extension == 0 ? 0 : 1);
    OffHeap.copy(record, slot + RECORD, ConnectionRecord.BYTES);
    if (extension != 0) {
      OffHeap.copy(extension, slot + EXTENSION, ConnectionRecord.BYTES);
    }
    OffHeap.putIntRelease(slot, (int) position + 1);
  }

  /** Shows at most {@code max} events to {@code reader}; how many there were. */
  public int poll(Reader reader, int max) {
    int seen = 0;
    while (seen < max) {
      long slot = slot(head);
      if (OffHeap.getIntAcquire(slot) != (int) head + 1) {
        break;
      }
      boolean hasExtension = OffHeap.getInt(slot + HAS_EXTENSION) != 0;
      reader.event(
          OffHeap.getInt(slot + KIND),
          OffHeap.getLong(slot + TIME),
          slot + RECORD,
          hasExtension ? slot + EXTENSION : 0);
      HEAD.setRelease(this, head + 1);
      seen++;
    }
    return seen;
  }
}
