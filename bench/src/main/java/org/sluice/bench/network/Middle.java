package org.sluice.bench.network;

import java.io.Closeable;
import java.io.IOException;

/** What connects the hosts, while it runs. */
interface Middle extends Closeable {
  /** Processor time that it has taken so far, in seconds; NaN where nobody can tell. */
  double processorSeconds() throws IOException;
}
