package org.sluice.datapath.conntrack.alg;

/**
 * Knows one protocol's announcements. It looks at each byte a bounded number of times and never
 * behind {@link Payload#length}; what it cannot read it counts and leaves alone. Belongs to one
 * packet thread.
 */
sealed interface PayloadReader
    permits FtpReader, TftpReader, SipReader, IrcReader, AmandaReader, PptpReader {
  /** Reads a payload: expects what it announces, and edits the announcement where that is due. */
  void read(Payload payload);
}
