package org.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import org.sluice.openflow.text.OfSyntaxException;
import picocli.CommandLine;

/** {@code ./sluice bench sweep}. Used by the main thread. */
final class SweepBench {
  private final PrintStream out;

  SweepBench(PrintStream out) {
    this.out = out;
  }

  /**
   * Measures and draws what the arguments say.
   *
   * @return the process's exit status
   */
  int run(String... arguments) throws IOException {
    SweepOptions options = new SweepOptions();
    CommandLine parser = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
    if (!CommandLines.parse(parser, out, arguments)) {
      return 0;
    }
    options.check();
    SweepFile file = new SweepFile(options.keep);
    List<SweepPoint> points = file.read();
    for (SweepAxis axis : options.chosen()) {
      for (int size : axis.sizes(options.least, options.limit)) {
        measure(options, axis, size, points);
        file.write(points);
      }
    }
    if (options.chart != null) {
      Files.writeString(options.chart, new CostChart(points).svg());
    }
    return 0;
  }

  private void measure(SweepOptions options, SweepAxis axis, int size, List<SweepPoint> points)
      throws IOException {
    try (BenchFiles files = axis.files(size)) {
      if (options.against != null && axis.isForPeer(size)) {
        String duration = options.seconds + "";
        double mpps = OvsDpdk.installed().mpps(files.flows(), files.capture(), duration);
        note(new SweepPoint(axis, size, true, 1e3 / mpps), points);
      }
      ForwardBench.Result ours =
          new ForwardRun(options.cpu, false, options.seconds).run(files.flows(), files.capture());
      note(new SweepPoint(axis, size, false, ours.nsPerPacket()), points);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (OfSyntaxException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void note(SweepPoint point, List<SweepPoint> points) {
    SweepFile.add(points, point);
    out.println(SweepFile.line(point));
    out.flush();
  }
}
