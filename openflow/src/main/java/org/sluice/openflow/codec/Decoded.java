package org.sluice.openflow.codec;

import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/** What a message's bytes turned out to be. */
public sealed interface Decoded {
  /** Ties a reply to its request. */
  int xid();

  /** A message. */
  record Ok(OfVersion version, int xid, OfMessage message) implements Decoded {}

  /** Something else: {@code error} is what to send back. */
  record Bad(int xid, OfError error) implements Decoded {}
}
