package org.sluice.datapath.netdev.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.base.linux.Bpf;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Sockets;
import org.sluice.datapath.netdev.NetdevStatistics;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * An existing interface of the kernel's, through AF_XDP: a program at the device hands everything
 * that its first queues receive to our sockets, one for each queue, past the kernel's stack. What
 * other queues receive goes to the kernel. The program goes with us, also when the process is
 * killed. What is sent leaves by the first socket.
 *
 * <p>AF_XDP knows nothing of unfinished checksums and uncut segments. What leaves with either goes
 * by a packet socket, where a {@link VirtioHeader} can say so; what arrives must have neither, so a
 * veth's other end must be told not to leave them to the device ({@code ethtool -K}).
 */
public final class XdpNetdev extends KernelNetdev {
  private static final int PACKET_VNET_HDR = 15;

  private final XdpMode mode;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final XdpSocket[] sockets;
  private final int pollFd;
  private final SendQueue unfinished;
  private boolean lastUnfinished;

  /** Whose turn it is to be received from first. */
  private int turn;

  /**
   * Opens the interface {@code name} of the calling thread's network namespace.
   *
   * @param queues how many of its receive queues are taken
   * @throws LinuxException if it cannot be had in this mode, or has not as many queues
   */
  public XdpNetdev(String name, XdpMode mode, boolean needWakeUp, int queues)
      throws LinuxException {
    super(name);
    this.mode = mode;
    this.sockets = new XdpSocket[queues];
    try {
      this.unfinished = openPacketSocket();
      for (int i = 0; i < queues; i++) {
        sockets[i] = openSocket(i, needWakeUp);
      }
      this.pollFd = queues == 1 ? sockets[0].fd() : group();
      attachProgram();
    } catch (LinuxException e) {
      close();
      throw e;
    }
  }

  /** In the best mode that works, of several; at least one is given. */
  public static XdpNetdev open(String name, List<XdpMode> modes, boolean needWakeUp, int queues)
      throws LinuxException {
    for (XdpMode each : modes.subList(0, modes.size() - 1)) {
      try {
        return new XdpNetdev(name, each, needWakeUp, queues);
      } catch (LinuxException _) {
        // The next one asks for less; what the last one needs is told.
      }
    }
    return new XdpNetdev(name, modes.getLast(), needWakeUp, queues);
  }

  private XdpSocket openSocket(int queue, boolean needWakeUp) throws LinuxException {
    XdpSocket socket = new XdpSocket(counters, needWakeUp);
    open.push(socket);
    socket.open(ifindex(), queue, mode);
    return socket;
  }

  private int group() throws LinuxException {
    int group = own(check(FileDescriptors.group(), "make a group of AF_XDP sockets"));
    for (XdpSocket each : sockets) {
      check(FileDescriptors.join(group, each.fd()), "watch an AF_XDP socket");
    }
    return group;
  }

  /** It receives nothing: it sends, and keeps the device promiscuous. */
  private SendQueue openPacketSocket() throws LinuxException {
    int fd =
        own(
            check(
                Sockets.socket(Sockets.AF_PACKET, Sockets.SOCK_RAW | Sockets.SOCK_NONBLOCK, 0),
                "open a packet socket"));
    check(Sockets.setOption(fd, Sockets.SOL_PACKET, PACKET_VNET_HDR, 1), "PACKET_VNET_HDR");
    PacketSocket.join(fd, ifindex(), 0, "");
    SendQueue queue = new SendQueue(fd, true, counters);
    open.push(queue::close);
    return queue;
  }

  private int own(long fd) {
    open.push(() -> FileDescriptors.close((int) fd));
    return (int) fd;
  }

  /**
   * The program, one instruction a line:
   *
   * <pre>
   *   r2 = the queue's number
   *   r1 = the map (two places)
   *   r3 = pass to the kernel, for a queue that the map does not have
   *   r0 = redirect(r1, r2, r3)
   *   return r0
   * </pre>
   */
  private void attachProgram() throws LinuxException {
    int map = own(Bpf.socketMap(sockets.length));
    for (int i = 0; i < sockets.length; i++) {
      Bpf.put(map, i, sockets[i].fd());
    }
    int program =
        own(
            Bpf.loadXdp(
                0x0000_0000_0010_1261L,
                (long) map << 32 | 0x1118,
                0,
                0x0000_0002_0000_03b7L,
                0x0000_0033_0000_0085L,
                0x95));
    own(Bpf.attachXdp(program, ifindex(), mode.attachFlags));
  }

  /** How packets are taken from the device. */
  public XdpMode mode() {
    return mode;
  }

  @Override
  public String type() {
    return "afxdp";
  }

  /** Each queue is the first to be asked in turn: one that always has packets fills the batch. */
  @Override
  public int receive(PacketBatch batch) {
    turn = (turn + 1) % sockets.length;
    int count = 0;
    for (int i = 0; i < sockets.length && !batch.isFull(); i++) {
      count += sockets[(turn + i) % sockets.length].receive(batch);
    }
    return count;
  }

  /** Frames keep their order: what waits on the other way goes first. */
  @Override
  public void transmit(Packet packet) {
    boolean isUnfinished =
        (packet.offloadFlags & Packet.CHECKSUM_PARTIAL) != 0
            || packet.segmentType != 0
            || packet.length > XdpSocket.LONGEST;
    if (isUnfinished != lastUnfinished) {
      flush();
      lastUnfinished = isUnfinished;
    }
    if (isUnfinished) {
      unfinished.add(packet);
    } else {
      sockets[0].add(packet);
    }
  }

  @Override
  public void flush() {
    if (lastUnfinished) {
      unfinished.flush();
    } else {
      sockets[0].flush();
    }
  }

  @Override
  public int pollFd() {
    return pollFd;
  }

  @Override
  public NetdevStatistics statistics() {
    NetdevStatistics own = super.statistics();
    long dropped = own.rxDropped();
    for (XdpSocket each : sockets) {
      long[] kernel = each.statistics();
      dropped += kernel[0] + kernel[3];
    }
    return new NetdevStatistics(
        own.rxPackets(),
        own.rxBytes(),
        own.rxErrors(),
        dropped,
        own.txPackets(),
        own.txBytes(),
        own.txErrors(),
        own.txDropped());
  }

  @Override
  public Map<String, String> status() {
    Map<String, String> all = new LinkedHashMap<>(super.status());
    all.put("xdp-mode", mode.title());
    return all;
  }

  @Override
  public Map<String, Long> customStatistics() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (int i = 0; i < sockets.length; i++) {
      long[] kernel = sockets[i].statistics();
      String queue = "xsk_queue_" + i;
      all.put(queue + "_rx_dropped", kernel[0]);
      all.put(queue + "_rx_invalid_descs", kernel[1]);
      all.put(queue + "_tx_invalid_descs", kernel[2]);
    }
    return all;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new AssertionError("a close that only asks the kernel does not throw", e);
      }
    }
    super.close();
  }
}
