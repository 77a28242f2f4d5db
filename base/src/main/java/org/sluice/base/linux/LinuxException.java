package org.sluice.base.linux;

import java.io.IOException;

/**
 * The kernel refused something. The message names what was attempted, the errno and, where lacking
 * privilege is the likely reason, the cure.
 */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** {@code attempted} reads as {@code open /dev/net/tun}; {@code errno} is positive. */
  public LinuxException(String attempted, int errno) {
    super(attempted + ": " + Errno.name(errno) + " (" + Errno.text(errno) + cure(errno) + ")");
    this.errno = errno;
  }

  /** Returns {@code result} unless it is a negative errno, which it throws. */
  public static long check(long result, String attempted) throws LinuxException {
    if (result < 0) {
      throw new LinuxException(attempted, (int) -result);
    }
    return result;
  }

  /** The C library's words for the error number, such as {@code No such device}. */
  public String errnoText() {
    return Errno.text(errno);
  }

  private static String cure(int errno) {
    return errno == Errno.EPERM || errno == Errno.EACCES
        ? "; needs CAP_NET_ADMIN and CAP_NET_RAW, run as root"
        : "";
  }
}
