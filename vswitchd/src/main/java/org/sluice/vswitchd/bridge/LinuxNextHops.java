package org.sluice.vswitchd.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sluice.datapath.flow.AddressText;
import org.sluice.vswitchd.ofproto.NextHops;

/**
 * Looks up the way to a host in the kernel's routes and neighbours: {@code /proc/net/route} and
 * {@code /proc/net/arp} (proc_net(5)). Any thread.
 */
final class LinuxNextHops implements NextHops {
  private static final int FLAG_UP = 1;

  private final Path routes;
  private final Path neighbours;

  /** Of this machine: of the network namespace that the process is in. */
  LinuxNextHops() {
    this(Path.of("/proc/net/route"), Path.of("/proc/net/arp"));
  }

  LinuxNextHops(Path routes, Path neighbours) {
    this.routes = routes;
    this.neighbours = neighbours;
  }

  @Override
  public long macTowards(int address) {
    try {
      return neighbour(gateway(address));
    } catch (IOException | NumberFormatException e) {
      return 0; // no such table, or one of another kernel: nothing is known
    }
  }

  /** The gateway towards {@code address}; the address itself where it is on a network of ours. */
  private int gateway(int address) throws IOException {
    int longest = -1;
    int gateway = address;
    for (String line : rows(routes)) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length < 8 || (Integer.parseInt(columns[3], 16) & FLAG_UP) == 0) {
        continue;
      }
      int mask = number(columns[7]);
      if (Integer.bitCount(mask) > longest && (address & mask) == number(columns[1])) {
        longest = Integer.bitCount(mask);
        int next = number(columns[2]);
        gateway = next == 0 ? address : next;
      }
    }
    return gateway;
  }

  /** The kernel writes addresses as a number of this machine has them. */
  private static int number(String hex) {
    return Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
  }

  private long neighbour(int address) throws IOException {
    String wanted = AddressText.ipv4(address);
    for (String line : rows(neighbours)) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length >= 4 && columns[0].equals(wanted)) {
        return Math.max(0, AddressText.readMac(columns[3]));
      }
    }
    return 0;
  }

  private static List<String> rows(Path table) throws IOException {
    List<String> lines = Files.readAllLines(table);
    return lines.subList(Math.min(1, lines.size()), lines.size());
  }
}
