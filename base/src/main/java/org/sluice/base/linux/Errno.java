package org.sluice.base.linux;

import java.util.HashMap;
import java.util.Map;

/** Error numbers of Linux, their names and the C library's words for them. Stateless. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int ENXIO = 6;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOTSOCK = 88;
  public static final int EMSGSIZE = 90;
  public static final int EOPNOTSUPP = 95;
  public static final int EADDRINUSE = 98;
  public static final int ENETDOWN = 100;
  public static final int ENOBUFS = 105;

  private static final LibcFunction STRERROR = LibcFunction.wide("strerror");

  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    name(
        1,
        "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT"
            + " ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY"
            + " ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG"
            + " ENOLCK ENOSYS ENOTEMPTY ELOOP");
    name(71, "EPROTO");
    name(74, "EBADMSG EOVERFLOW ENOTUNIQ EBADFD");
    name(
        88,
        "ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT"
            + " EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH"
            + " ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS"
            + " ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE");
  }

  private Errno() {}

  private static void name(int first, String names) {
    int number = first;
    for (String name : names.split(" ", -1)) {
      NAMES.put(number++, name);
    }
  }

  /** The symbol, such as {@code ENODEV}. */
  public static String name(int errno) {
    return NAMES.getOrDefault(errno, "E" + errno);
  }

  /** The C library's words, such as {@code No such device}. */
  public static String text(int errno) {
    return LibcFunction.string(STRERROR.call(errno));
  }
}
