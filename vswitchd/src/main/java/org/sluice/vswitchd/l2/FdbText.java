package org.sluice.vswitchd.l2;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** What {@code fdb/show} and {@code fdb/stats-show} print. */
public final class FdbText {
  /** What {@code fdb/flush} answers. */
  public static final String FLUSHED = "table successfully flushed";

  /** What {@code fdb/stats-clear} answers. */
  public static final String STATISTICS_CLEARED = "statistics successfully cleared";

  private static final String COLUMNS = " Port  VLAN  MAC                Age\n";

  private FdbText() {}

  /**
   * A bridge's table.
   *
   * @param portText the port that stands for a bundle id, such as {@code 3} or {@code LOCAL}
   */
  public record Listing(String bridge, List<MacEntry> entries, IntFunction<String> portText) {}

  /** The tables of one bridge, or of several with a column for the bridge's name. */
  public static String show(List<Listing> listings) {
    StringBuilder text = new StringBuilder();
    int width = listings.size() > 1 ? bridgeColumnWidth(listings) : 0;
    appendBridge(text, "Bridge", width);
    text.append(COLUMNS);
    for (Listing listing : listings) {
      appendListing(text, listing, width);
    }
    return text.toString();
  }

  /** The counters of one bridge. */
  public static String statistics(String bridge, MacTable.Statistics statistics) {
    return "Statistics for bridge \""
        + bridge
        + "\":\n"
        + "  Current/maximum MAC entries in the table: "
        + statistics.entries()
        + "/"
        + statistics.maxEntries()
        + "\n  Current static MAC entries in the table : "
        + statistics.staticEntries()
        + "\n  Total number of learned MAC entries     : "
        + statistics.learned()
        + "\n  Total number of expired MAC entries     : "
        + statistics.expired()
        + "\n  Total number of evicted MAC entries     : "
        + statistics.evicted()
        + "\n  Total number of port moved MAC entries  : "
        + statistics.moved()
        + "\n";
  }

  /** An address as six pairs of hexadecimal digits. */
  public static String mac(long mac) {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      text.append(Character.forDigit((int) (mac >>> (shift + 4)) & 15, 16));
      text.append(Character.forDigit((int) (mac >>> shift) & 15, 16));
      if (shift > 0) {
        text.append(':');
      }
    }
    return text.toString();
  }

  private static void appendListing(StringBuilder text, Listing listing, int width) {
    String name = listing.bridge();
    for (MacEntry entry : listing.entries()) {
      appendBridge(text, name, width);
      name = "";
      String port = listing.portText().apply(entry.bundleId());
      text.append(String.format(Locale.ROOT, "%5s  %4d  ", port, entry.vlan()));
      text.append(mac(entry.mac())).append("  ");
      text.append(
          entry.isStatic() ? "static" : String.format(Locale.ROOT, "%3d", entry.ageSeconds()));
      text.append('\n');
    }
    if (width > 0 && listing.entries().isEmpty()) {
      text.append(' ').append(name).append('\n');
    }
  }

  private static void appendBridge(StringBuilder text, String name, int width) {
    if (width > 0) {
      text.append(' ').append(name).repeat(' ', Math.max(0, width - name.length()));
    }
  }

  private static int bridgeColumnWidth(List<Listing> listings) {
    int width = "Bridge".length();
    for (Listing listing : listings) {
      width = Math.max(width, listing.bridge().length());
    }
    return width + 1;
  }
}
