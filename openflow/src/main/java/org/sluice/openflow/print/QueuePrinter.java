package org.sluice.openflow.print;

import java.util.Comparator;
import java.util.List;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage.QueueDescription;
import org.sluice.openflow.text.FlowFormatter;

/** Queues and their statistics. */
final class QueuePrinter {
  static final int ALL = 0xffff_ffff;

  private static final int MAX_RATE = 1000;
  private static final int NO_RATE = 0xffff;

  private final MessagePrinter printer;
  private final StringBuilder out;

  QueuePrinter(MessagePrinter printer, StringBuilder out) {
    this.printer = printer;
    this.out = out;
  }

  private static String queue(int queue) {
    return queue == ALL ? "ALL" : Integer.toUnsignedString(queue);
  }

  /** Asks for configuration: of one queue only where it says which. */
  void addRequest(int port, int queue) {
    out.append(" port=").append(printer.names().portText(port));
    if (queue != ALL) {
      out.append(" queue=").append(queue(queue));
    }
  }

  void add(Multipart.QueueStatsRequest request) {
    out.append(" port=").append(printer.names().portText(request.port()));
    out.append(" queue=").append(queue(request.queue()));
  }

  void addQueues(List<QueueDescription> queues) {
    List<QueueDescription> sorted =
        queues.stream()
            .sorted(
                Comparator.comparingInt(QueueDescription::port)
                    .thenComparing(QueueDescription::queue, Integer::compareUnsigned))
            .toList();
    out.append(' ');
    int port = 0;
    for (QueueDescription queue : sorted) {
      if (queue.port() != port) {
        port = queue.port();
        out.append("port=").append(printer.names().portText(port)).append('\n');
      }
      out.append("queue ").append(Integer.toUnsignedString(queue.queue())).append(':');
      addRate("min_rate", queue.minRate());
      addRate("max_rate", queue.maxRate());
      out.append('\n');
    }
  }

  private void addRate(String name, int rate) {
    if (rate >= 0 && rate <= MAX_RATE) {
      out.append(' ').append(name).append(':').append(rate / 10).append('.');
      out.append(rate % 10).append('%');
    } else if (rate >= 0 && rate < NO_RATE) {
      out.append(' ').append(name).append(":(disabled)");
    }
  }

  void addStats(List<Multipart.QueueStats> queues) {
    out.append(' ').append(queues.size()).append(" queues\n");
    if (printer.verbosity() < 1) {
      return;
    }
    for (Multipart.QueueStats stats : queues) {
      out.append("  port ").append(printer.names().portText(stats.port()));
      out.append(" queue ").append(queue(stats.queue())).append(": bytes=");
      out.append(PortPrinter.count(stats.txBytes())).append(", pkts=");
      out.append(PortPrinter.count(stats.txPackets())).append(", errors=");
      out.append(PortPrinter.count(stats.txErrors())).append(", duration=");
      boolean timed = stats.durationNs() >= 0;
      out.append(timed ? FlowFormatter.duration(stats.durationNs()) + "s" : "?").append('\n');
    }
  }
}
