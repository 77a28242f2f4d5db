package org.sluice.bench.connections;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** The longest time for which the garbage collector stopped this process. */
final class CollectorPauses implements AutoCloseable {
  private final NotificationListener listener = (notification, _) -> note(notification);
  private final AtomicLong longestMs = new AtomicLong();

  CollectorPauses() {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) bean).addNotificationListener(listener, null, null);
    }
  }

  private void note(Notification notification) {
    CompositeData data = (CompositeData) notification.getUserData();
    long ms = GarbageCollectionNotificationInfo.from(data).getGcInfo().getDuration();
    longestMs.accumulateAndGet(ms, Math::max);
  }

  /** In milliseconds, since it was last asked. */
  double takeLongest() {
    return longestMs.getAndSet(0);
  }

  @Override
  public void close() {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      try {
        ((NotificationEmitter) bean).removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
