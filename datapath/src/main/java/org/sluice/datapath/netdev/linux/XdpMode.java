package org.sluice.datapath.netdev.linux;

import java.util.Arrays;
import java.util.List;

/**
 * How an AF_XDP port takes packets from its device, as {@code options:xdp-mode} spells it: by the
 * driver or before the kernel's stack, into our memory or by a copy.
 */
public enum XdpMode {
  NATIVE_ZERO_COPY("native-with-zerocopy", Flags.ATTACH_DRIVER, Flags.BIND_ZERO_COPY),
  NATIVE("native", Flags.ATTACH_DRIVER, Flags.BIND_COPY),
  GENERIC("generic", Flags.ATTACH_STACK, Flags.BIND_COPY);

  private static final class Flags {
    static final int ATTACH_STACK = 2;
    static final int ATTACH_DRIVER = 4;
    static final int BIND_COPY = 2;
    static final int BIND_ZERO_COPY = 4;
  }

  private final String title;
  final int attachFlags;
  final int bindFlags;

  XdpMode(String title, int attachFlags, int bindFlags) {
    this.title = title;
    this.attachFlags = attachFlags;
    this.bindFlags = bindFlags;
  }

  /** Its name in the database. */
  public String title() {
    return title;
  }

  /** The modes to try, best first; empty where there is no such name. */
  public static List<XdpMode> named(String name) {
    return name.equals("best-effort")
        ? List.of(values())
        : Arrays.stream(values()).filter(mode -> mode.title.equals(name)).toList();
  }
}
