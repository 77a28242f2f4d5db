package org.sluice.base.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace with a name, as {@code ip netns} makes and lists them: a mount of the
 * namespace at {@code /run/netns/NAME}, which keeps it alive when no process is in it.
 *
 * <p>A namespace is a property of a kernel thread, so it is entered by a platform thread made for
 * the purpose. A thread started by one that has entered is born inside: code run here should not be
 * the first to use something that starts threads for everybody (a thread pool, virtual threads).
 *
 * <p>Immutable; any thread may use it.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final Path DIRECTORY = Path.of("/run/netns");
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int MS_BIND = 4096;
  private static final int MNT_DETACH = 2;

  private static final LibcFunction SETNS = LibcFunction.narrow("setns");
  private static final LibcFunction UNSHARE = LibcFunction.narrow("unshare");
  private static final LibcFunction MOUNT = LibcFunction.narrow("mount");
  private static final LibcFunction UMOUNT2 = LibcFunction.narrow("umount2");

  private final String name;
  private final int fd;

  private NetworkNamespace(String name, int fd) {
    this.name = name;
    this.fd = fd;
  }

  /** Makes a new namespace; fails with EEXIST if the name is taken. */
  public static NetworkNamespace create(String name) throws IOException {
    Files.createDirectories(DIRECTORY);
    Path path = DIRECTORY.resolve(name);
    String attempted = "create network namespace " + name;
    if (Files.exists(path)) {
      throw new LinuxException(attempted, Errno.EEXIST);
    }
    Files.createFile(path);
    try {
      onNewThread("unshare " + name, () -> unshareTo(path, attempted));
    } catch (IOException e) {
      Files.delete(path);
      throw e;
    }
    return open(name);
  }

  /** Opens a namespace that exists. */
  public static NetworkNamespace open(String name) throws LinuxException {
    String path = DIRECTORY.resolve(name).toString();
    int fd = FileDescriptors.open(path, FileDescriptors.O_RDONLY);
    return new NetworkNamespace(name, (int) check(fd, "open network namespace " + name));
  }

  /** Names of the namespaces that exist. */
  public static List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(DIRECTORY)) {
      try (var entries = Files.newDirectoryStream(DIRECTORY)) {
        entries.forEach(entry -> names.add(entry.getFileName().toString()));
      }
    }
    names.sort(null);
    return names;
  }

  /**
   * Takes the name away; the namespace and its links end with the last process, socket or open
   * descriptor in it.
   */
  public static void delete(String name) throws IOException {
    Path path = DIRECTORY.resolve(name);
    if (!Files.exists(path)) {
      throw new LinuxException("delete network namespace " + name, Errno.ENOENT);
    }
    try (Arena arena = Arena.ofConfined()) {
      long target = arena.allocateFrom(path.toString()).address();
      long result = UMOUNT2.call(target, MNT_DETACH);
      if (result != -Errno.EINVAL) { // EINVAL: the file is there but nothing is mounted on it.
        check(result, "delete network namespace " + name);
      }
    }
    Files.delete(path);
  }

  private static Void unshareTo(Path path, String attempted) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      check(UNSHARE.call(CLONE_NEWNET), attempted);
      long source = arena.allocateFrom("/proc/thread-self/ns/net").address();
      long target = arena.allocateFrom(path.toString()).address();
      long type = arena.allocateFrom("none").address();
      check(MOUNT.call(source, target, type, MS_BIND), attempted + ": mount " + path);
    }
    return null;
  }

  public String name() {
    return name;
  }

  /** A descriptor of the namespace, for {@link Netlink#moveLink}; valid until closed. */
  public int fd() {
    return fd;
  }

  /** Runs {@code task} on a new thread inside the namespace and waits for its result. */
  public <T> T call(Callable<T> task) throws IOException {
    return onNewThread(
        "netns " + name,
        () -> {
          enter();
          return task.call();
        });
  }

  /** A thread, not yet started, that enters the namespace before it runs {@code task}. */
  public Thread thread(String threadName, Runnable task) {
    return Thread.ofPlatform().name(threadName).unstarted(() -> enterAndRun(task));
  }

  private void enterAndRun(Runnable task) {
    try {
      enter();
    } catch (LinuxException e) {
      throw new UncheckedIOException(e);
    }
    task.run();
  }

  private void enter() throws LinuxException {
    check(SETNS.call(fd, CLONE_NEWNET), "enter network namespace " + name);
  }

  private static <T> T onNewThread(String threadName, Callable<T> task) throws IOException {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().name(threadName).start(future);
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException(threadName).initCause(e);
    }
  }

  private static IOException unwrapped(Throwable cause) {
    if (cause instanceof IOException e) {
      return e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    throw cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }

  /** Closes the descriptor; the namespace and its name stay. */
  @Override
  public void close() {
    FileDescriptors.close(fd);
  }
}
