package org.sluice.bench.parts;

import java.util.Locale;

/** What can be measured by itself: a method of JMH's benchmarks. */
enum Part {
  PARSE("PacketParts.parse", "find where the headers lie"),
  KEY("PacketParts.key", "write all fields as a flow key"),
  HASH("PacketParts.hash", "hash addresses and ports"),
  CHECKSUM("PacketParts.checksum", "check IPv4's and UDP's sums"),
  CHECKSUM_LONG("PacketParts.checksumLong", "sum 1,460 bytes"),
  MICROFLOW("CacheParts.microflow", "key, hash, exact match"),
  MEGAFLOW("CacheParts.megaflow", "key, masked match"),
  UPDATE("TrackingParts.update", "move on a connection at hand"),
  TRACK("TrackingParts.track", "find a connection, move it on"),
  NAT("TrackingParts.nat", "the same, and translate"),
  CREATE("CreationParts.create", "make a connection known"),
  CREATE_NAT("CreationParts.createNat", "the same, and choose a port");

  private final String method;
  private final String title;

  Part(String method, String title) {
    this.method = method;
    this.title = title;
  }

  /** The end of its benchmark's name. */
  String method() {
    return method;
  }

  /** What it does, in a few words. */
  String title() {
    return title;
  }

  /** Its name on the command line and in what is printed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
