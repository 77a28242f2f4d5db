package org.sluice.bench.network;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.sluice.bench.peer.CollectorPause;

/** What connects the hosts, while it runs. */
interface Middle extends Closeable {
  /** Processor time that it has taken so far, in seconds; NaN where nobody can tell. */
  double processorSeconds() throws IOException;

  /** The pauses of its garbage collector so far; none where it has no such thing. */
  List<CollectorPause> collectorPauses() throws IOException;
}
