package org.sluice.tools.ovs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.daemon.DaemonDirectories;
import org.sluice.base.linux.Processes;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.tools.Command;
import org.sluice.tools.Main;

/** {@code sluice run}: the switch and its database as one daemon. */
public final class RunCommand implements Command {
  private static final String PROGRAM = "ovs-vswitchd";
  private static final String USAGE =
      """
      sluice run: the switch and its database as one process
      usage: ./sluice run [--dir DIR] [OPTIONS]

        --dir DIR               where sockets, pidfile and database lie, under the names that
                                Open vSwitch gives them; made if missing (default: %s)
        --threads N             packet threads, where other_config:pmd-cpu-mask says nothing
                                (default: 1)

      Drive it with Open vSwitch's own tools:
        OVS_RUNDIR=DIR ovs-vsctl add-br br0
        OVS_RUNDIR=DIR ovs-ofctl dump-flows br0
        OVS_RUNDIR=DIR ovs-appctl list-commands
      """;

  /** What a Unix socket's name may have, 107 bytes, without that of the longest socket in it. */
  private static final int MAX_DIRECTORY_BYTES = 107 - "/ovs-vswitchd.4194304.ctl".length();

  private Path directory;
  private int threads = 1;

  public RunCommand() {}

  @Override
  public String name() {
    return "run";
  }

  @Override
  public String summary() {
    return "the switch and its database as one daemon: run --dir DIR";
  }

  @Override
  public int run(String[] arguments) throws InterruptedException {
    DaemonDirectories environment = DaemonDirectories.fromEnvironment(System.getenv());
    directory = environment.run();
    try {
      takeDirectory(arguments);
      DaemonDirectories directories =
          new DaemonDirectories(
              directory, directory, directory, directory, environment.packageData());
      VlogRegistry log = new VlogRegistry(Clock.system(), PROGRAM, System.err);
      DaemonOptions options = new DaemonOptions(PROGRAM, "try './sluice run --help'", directories);
      options.read(arguments, log, this::accept);
      if (options.help()) {
        System.out.print(USAGE.formatted(environment.run()) + options.usage());
        return 0;
      }
      if (options.version()) {
        System.out.println("sluice " + Main.VERSION);
        return 0;
      }
      if (!options.words().isEmpty()) {
        throw new OptionReader.BadOption(
            "unexpected argument '" + options.words().getFirst() + "'; try './sluice run --help'");
      }
      return serve(directories, log, options);
    } catch (OptionReader.BadOption | OvsdbException | IOException e) {
      System.err.println("sluice run: " + e.getMessage());
      return 1;
    }
  }

  /** The directory has to be known before the log's options can be obeyed. */
  private void takeDirectory(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith("--dir=")) {
        directory = folder(arguments[i].substring("--dir=".length()));
      } else if (arguments[i].equals("--dir") && i + 1 < arguments.length) {
        directory = folder(arguments[i + 1]);
      }
    }
  }

  private static Path folder(String name) {
    if (name.isEmpty()) {
      throw new OptionReader.BadOption("--dir needs the name of a folder");
    }
    try {
      Path folder = Path.of(name).toAbsolutePath();
      int bytes = folder.toString().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_DIRECTORY_BYTES) {
        throw new OptionReader.BadOption(
            "--dir "
                + folder
                + ": at most "
                + MAX_DIRECTORY_BYTES
                + " bytes, for the names of sockets to fit in");
      }
      return folder;
    } catch (InvalidPathException e) {
      throw new OptionReader.BadOption("--dir " + name + ": no name of a folder");
    }
  }

  private boolean accept(String option, OptionReader reader) {
    switch (option) {
      case "--dir" -> reader.value();
      case "--threads" -> threads = reader.count(256);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void makeDirectory() throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("--dir " + directory + ": is no directory", e);
    } catch (NoSuchFileException e) {
      throw new IOException("--dir " + directory + ": cannot be made there", e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "--dir " + directory + ": permission denied; name another, or run it as root", e);
    }
  }

  private int serve(DaemonDirectories directories, VlogRegistry log, DaemonOptions options)
      throws IOException, OvsdbException, InterruptedException {
    makeDirectory();
    if (!Processes.mayOpenDevices()) {
      System.err.println(
          "sluice run: without CAP_NET_ADMIN and CAP_NET_RAW only dummy devices work;"
              + " run it as root for others");
    }
    if (options.pidfile() == null) {
      // The tools find the control socket by it.
      options.usePidfile(directory.resolve(PROGRAM + ".pid"));
    }
    DaemonShell shell = new DaemonShell(PROGRAM, directories, log);
    if (!shell.open(options)) {
      return 1;
    }
    try {
      EmbeddedSwitch running =
          new EmbeddedSwitch(directory, threads, log, shell.commands(), () -> shell.ready(options));
      shell.termination().atEnd(running::close);
      shell.registerExit("[--cleanup]", 1, _ -> running.close());
    } catch (IOException | OvsdbException e) {
      shell.termination().run();
      throw e;
    }
    shell.serve();
    return shell.awaitEnd();
  }
}
