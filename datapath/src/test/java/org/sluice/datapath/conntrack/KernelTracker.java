package org.sluice.datapath.conntrack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.sluice.base.linux.Processes;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.linux.LinuxNetdev;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * The Linux kernel's connection tracking, asked packet by packet: a namespace forwards between two
 * devices, and its nftables rules write what {@code ct state} says into the DSCP field.
 *
 * <pre>
 *   client 10.77.1.2 --- kta === a1 (forwarding) b1 === ktb --- server 10.77.2.2
 * </pre>
 */
final class KernelTracker implements AutoCloseable {
  static final String CLIENT = "10.77.1.2";
  static final String SERVER = "10.77.2.2";

  private static final String RULES =
      """
      table ip t {
        chain f {
          type filter hook forward priority filter; policy accept;
          ct state new ct direction original ip dscp set 1
          ct state new ct direction reply ip dscp set 9
          ct state established ct direction original ip dscp set 2
          ct state established ct direction reply ip dscp set 10
          ct state related ct direction original ip dscp set 3
          ct state related ct direction reply ip dscp set 11
          ct state invalid ip dscp set 4
        }
      }
      """;
  private static final long PATIENCE_NS = 2_000_000_000L;
  private static final long FIRST_MAC = 0x0200_0000_00a1L;
  private static final long SECOND_MAC = 0x0200_0000_00b1L;

  private final String suffix = Long.toString(Processes.pid() % 100_000);
  private final String namespace = "slk" + suffix;
  private final LinuxNetdev[] devices = new LinuxNetdev[2];
  private final PacketBatch batch = new PacketBatch();
  private int lastId;

  KernelTracker() throws IOException {
    run("ip", "netns", "add", namespace);
    try {
      addPair("kta", "a1", "02:00:00:00:00:a1", "10.77.1");
      addPair("ktb", "b1", "02:00:00:00:00:b1", "10.77.2");
      inside("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0");
      inside("sysctl", "-qw", "net.ipv4.conf.a1.rp_filter=0", "net.ipv4.conf.b1.rp_filter=0");
      inside("nft", RULES);
      devices[0] = new LinuxNetdev("kta" + suffix);
      devices[1] = new LinuxNetdev("ktb" + suffix);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void addPair(String outer, String inner, String mac, String net) throws IOException {
    String name = outer + suffix;
    run("ip", "link", "add", name, "type", "veth", "peer", "name", inner, "netns", namespace);
    run("sysctl", "-qw", "net.ipv6.conf." + name + ".disable_ipv6=1");
    run("ip", "link", "set", name, "up");
    inside("sysctl", "-qw", "net.ipv6.conf." + inner + ".disable_ipv6=1");
    inside("ip", "link", "set", inner, "address", mac, "up");
    inside("ip", "addr", "add", net + ".1/24", "dev", inner);
    for (String host : List.of(".2", ".9")) {
      inside(
          "ip",
          "neigh",
          "add",
          net + host,
          "lladdr",
          "02:00:00:00:00:99",
          "dev",
          inner,
          "nud",
          "permanent");
    }
  }

  private void inside(String... command) throws IOException {
    String[] whole = new String[command.length + 4];
    whole[0] = "ip";
    whole[1] = "netns";
    whole[2] = "exec";
    whole[3] = namespace;
    System.arraycopy(command, 0, whole, 4, command.length);
    run(whole);
  }

  private static void run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    byte[] bytes = process.getInputStream().readAllBytes();
    String output = new String(bytes, StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Sends a packet through; from the client if {@code direction} is 0.
   *
   * @return {@code new}, {@code est|rpl} and so on; {@code lost} if it does not come out
   */
  String track(Packet packet, int direction) {
    lastId = lastId % 65_535 + 1;
    long ip = packet.address + packet.l3Offset;
    OffHeap.putShortBe(ip + 4, lastId);
    Checksum.fillIpv4Header(packet);
    long mac = direction == 0 ? FIRST_MAC : SECOND_MAC;
    OffHeap.putLongBe(packet.address, mac << 16 | 0x0200);
    OffHeap.putIntBe(packet.address + 8, 0x0000_0099);
    devices[direction].transmit(packet);
    devices[direction].flush();
    return await(devices[1 - direction]);
  }

  private String await(LinuxNetdev device) {
    long end = System.nanoTime() + PATIENCE_NS;
    while (System.nanoTime() < end) {
      batch.clear();
      int count = device.receive(batch);
      for (int i = 0; i < count; i++) {
        long ip = batch.get(i).address + 14;
        boolean isIpv4 = OffHeap.getUnsignedShortBe(ip - 2) == 0x0800;
        if (isIpv4 && OffHeap.getUnsignedShortBe(ip + 4) == lastId) {
          return state(OffHeap.getUnsignedByte(ip + 1) >>> 2);
        }
      }
      Thread.onSpinWait();
    }
    return "lost";
  }

  private static String state(int dscp) {
    String name =
        switch (dscp & 7) {
          case 1 -> "new";
          case 2 -> "est";
          case 3 -> "rel";
          case 4 -> "inv";
          default -> "untracked";
        };
    return (dscp & 8) == 0 ? name : name + "|rpl";
  }

  @Override
  public void close() throws IOException {
    for (LinuxNetdev device : devices) {
      if (device != null) {
        device.close();
      }
    }
    run("ip", "netns", "del", namespace);
  }
}
