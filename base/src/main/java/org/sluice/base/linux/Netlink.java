package org.sluice.base.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.sluice.base.memory.OffHeap;

/**
 * Makes, moves, configures and deletes network links, by rtnetlink, in the namespace of the thread
 * that opened it.
 *
 * <p>One request at a time, each waiting for the kernel's answer; owned by one thread.
 */
public final class Netlink implements AutoCloseable {
  private static final int NETLINK_ROUTE = 0;
  private static final int SOCKADDR_BYTES = 12;
  private static final int REPLY_BYTES = 4096;
  private static final int NLMSG_ERROR = 2;

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_NEWADDR = 20;
  private static final int CREATE_EXCLUSIVELY = 0x400 | 0x200;

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_F_NODAD = 2;
  private static final int AF_INET6 = 10;

  private static final LibcFunction IF_NAMETOINDEX = LibcFunction.narrow("if_nametoindex");

  private final int socket;
  private final Arena arena = Arena.ofShared();
  private final long memory = arena.allocate(REPLY_BYTES, 8).address();
  private int sequence;

  private Netlink(int socket) {
    this.socket = socket;
  }

  /** Opens a socket in the calling thread's namespace. */
  public static Netlink open() throws LinuxException {
    int fd = Sockets.socket(Sockets.AF_NETLINK, Sockets.SOCK_RAW, NETLINK_ROUTE);
    return new Netlink((int) check(fd, "open rtnetlink socket"));
  }

  /** Makes a pair of Ethernet links joined back to back, both here, both down. */
  public void createVeth(String name, String peer) throws LinuxException {
    request(veth(name, peer, -1), "create veth pair " + name + ", " + peer);
  }

  /** Makes a pair of which {@code peer} is born in another namespace. */
  public void createVeth(String name, String peer, NetworkNamespace peerNamespace)
      throws LinuxException {
    request(
        veth(name, peer, peerNamespace.fd()),
        "create veth pair " + name + ", " + peer + " in " + peerNamespace.name());
  }

  private static NetlinkMessage veth(String name, String peer, int peerNamespaceFd) {
    NetlinkMessage message = new NetlinkMessage(RTM_NEWLINK, CREATE_EXCLUSIVELY);
    message.link(0, 0, 0).put(IFLA_IFNAME, name);
    int info = message.begin(IFLA_LINKINFO);
    message.put(IFLA_INFO_KIND, "veth");
    int data = message.begin(IFLA_INFO_DATA);
    int other = message.begin(VETH_INFO_PEER);
    message.link(0, 0, 0).put(IFLA_IFNAME, peer);
    if (peerNamespaceFd >= 0) {
      message.put(IFLA_NET_NS_FD, peerNamespaceFd);
    }
    return message.end(other).end(data).end(info);
  }

  /** Deletes a link, and a veth's other end with it. */
  public void deleteLink(String name) throws LinuxException {
    String attempted = "delete link " + name;
    request(new NetlinkMessage(RTM_DELLINK, 0).link(index(name, attempted), 0, 0), attempted);
  }

  /** Moves a link to another namespace; it arrives down and without addresses. */
  public void moveLink(String name, NetworkNamespace to) throws LinuxException {
    String attempted = "move link " + name + " to " + to.name();
    request(change(name, attempted).put(IFLA_NET_NS_FD, to.fd()), attempted);
  }

  /** Brings a link up or down. */
  public void setUp(String name, boolean up) throws LinuxException {
    String attempted = "set link " + name + (up ? " up" : " down");
    int flag = Interfaces.IFF_UP;
    int index = index(name, attempted);
    request(new NetlinkMessage(RTM_NEWLINK, 0).link(index, up ? flag : 0, flag), attempted);
  }

  public void setMtu(String name, int mtuBytes) throws LinuxException {
    String attempted = "set MTU of " + name + " to " + mtuBytes;
    request(change(name, attempted).put(IFLA_MTU, mtuBytes), attempted);
  }

  /** Sets the hardware address, 48 bits. */
  public void setMac(String name, long mac) throws LinuxException {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (mac >>> (40 - 8 * i));
    }
    String attempted = String.format("set MAC of %s to %012x", name, mac);
    request(change(name, attempted).put(IFLA_ADDRESS, bytes), attempted);
  }

  /** Adds an address, usable at once (no duplicate address detection). */
  public void addAddress(String name, InetAddress address, int prefixLength) throws LinuxException {
    String attempted =
        "add address " + address.getHostAddress() + "/" + prefixLength + " to " + name;
    int family = address instanceof Inet4Address ? Sockets.AF_INET : AF_INET6;
    byte[] bytes = address.getAddress();
    NetlinkMessage message = new NetlinkMessage(RTM_NEWADDR, CREATE_EXCLUSIVELY);
    message.address(family, prefixLength, IFA_F_NODAD, index(name, attempted));
    request(message.put(IFA_LOCAL, bytes).put(IFA_ADDRESS, bytes), attempted);
  }

  /** The index of a link, or 0 if there is none of that name. */
  public int linkIndex(String name) {
    try (Arena scratch = Arena.ofConfined()) {
      long text = scratch.allocateFrom(name).address();
      return Math.max((int) IF_NAMETOINDEX.call(text), 0);
    }
  }

  private NetlinkMessage change(String name, String attempted) throws LinuxException {
    return new NetlinkMessage(RTM_NEWLINK, 0).link(index(name, attempted), 0, 0);
  }

  private int index(String name, String attempted) throws LinuxException {
    int index = linkIndex(name);
    if (index == 0) {
      throw new LinuxException(attempted, Errno.ENODEV);
    }
    return index;
  }

  /** Sends and waits for the acknowledgement, which carries 0 or a negative errno. */
  private void request(NetlinkMessage message, String attempted) throws LinuxException {
    byte[] bytes = message.bytes(++sequence);
    OffHeap.clear(memory, SOCKADDR_BYTES);
    OffHeap.putShort(memory, (short) Sockets.AF_NETLINK);
    long payload = memory + 16;
    OffHeap.copyIn(bytes, 0, payload, bytes.length);
    check(Sockets.sendTo(socket, payload, bytes.length, memory, SOCKADDR_BYTES), attempted);
    check(Sockets.receive(socket, memory, REPLY_BYTES, 0), attempted);
    int type = OffHeap.getShort(memory + 4);
    assert type == NLMSG_ERROR && OffHeap.getInt(memory + 8) == sequence : "not our reply";
    check(OffHeap.getInt(memory + NetlinkMessage.HEADER_BYTES), attempted);
  }

  @Override
  public void close() {
    FileDescriptors.close(socket);
    arena.close();
  }
}
