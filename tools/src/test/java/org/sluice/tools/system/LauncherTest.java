package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's first use, with a Maven that only says what it was asked for. */
@Timeout(60)
class LauncherTest {
  private static final String HOMELESS = "54321";

  @TempDir Path directory;
  private Path home;
  private Tools tools;

  @BeforeEach
  void copy() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("setpriv", "chown");
    tools = new Tools(directory);
    home = Files.createDirectory(directory.resolve("with a space"));
    Files.copy(Path.of("../sluice"), home.resolve("sluice"));
    Files.copy(Path.of("../pom.xml"), home.resolve("pom.xml"));
    script(home.resolve("sluice"), Files.readString(home.resolve("sluice")));
    script(Files.createDirectory(directory.resolve("bin")).resolve("mvn"), failingMaven());
    for (Path folder : List.of(directory, home)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static String failingMaven() {
    return "#!/bin/sh\necho \"[ERROR] asked for $*\"\nexit 1\n";
  }

  private static void script(Path path, String text) throws Exception {
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Tools.Result launch(String... asWhom) throws Exception {
    String path = directory.resolve("bin") + ":" + System.getenv("PATH");
    List<String> command = new ArrayList<>(List.of("env", "-u", "HOME", "-u", "MAVEN_OPTS"));
    command.addAll(List.of("PATH=" + path, "JAVA_HOME=" + System.getProperty("java.home")));
    command.addAll(List.of(asWhom));
    command.addAll(List.of(home.resolve("sluice").toString(), "--version"));
    return tools.attempt(command.toArray(String[]::new));
  }

  private static String[] withoutHome() {
    String id = HOMELESS;
    return new String[] {"setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"};
  }

  @Test
  void shouldKeepWhatMavenFetchesWhenTheUserHasNoHome() throws Exception {
    tools.run("chown", "-R", HOMELESS, home.toString());
    Tools.Result result = launch(withoutHome());
    assertEquals(1, result.status());
    String place = "-Dmaven.repo.local=" + home.resolve(".sluice/repository");
    assertTrue(result.output().contains(place), result.output());
  }

  @Test
  void shouldLeaveMavenItsFolderWhenTheUserHasAHome() throws Exception {
    String output = launch().output();
    assertTrue(output.contains("[ERROR] asked for "), output);
    assertFalse(output.contains("maven.repo.local"), output);
  }

  @Test
  void shouldAddWhereAFaultHappenedToTheLog() throws Exception {
    Path log = Files.writeString(directory.resolve("the log"), "before\n");
    Files.createDirectories(home.resolve(".sluice"));
    Files.writeString(
        home.resolve(".sluice/crash-7.txt"),
        """
        #
        #  SIGSEGV (0xb) at pc=0x00007f, pid=7, tid=7

        Native frames: (J=compiled Java code)
        C  [libc.so.6+0x89f66]
        V  [libjvm.so+0x1]

        Java frames: (J=compiled Java code)
        j  java.lang.Object.wait()V+1

        Registers:
        RAX=0
        """);
    Files.writeString(home.resolve(".sluice/crash-8.txt"), "#\n#  Out of Memory Error\n");
    for (String pid : List.of("7", "8", "9")) {
      tools.run(home.resolve("sluice").toString(), "crashed", pid, log.toString());
    }
    assertEquals(
        List.of(
            "before",
            "SIGSEGV detected, backtrace:",
            "C  [libc.so.6+0x89f66]",
            "V  [libjvm.so+0x1]",
            "j  java.lang.Object.wait()V+1"),
        Files.readAllLines(log));
  }

  @Test
  void shouldSayInOneLineWhenTheFolderIsSomebodyElses() throws Exception {
    Tools.Result result = launch(withoutHome());
    assertEquals(1, result.status());
    assertEquals(
        "sluice: cannot build: %s is not yours to write; run it as its owner, or clone for yourself\n"
            .formatted(home.resolve(".sluice")),
        result.output());
  }

  /** A build that is there already, and a JDK that only says who it runs as. */
  private void pretendToBeBuilt() throws Exception {
    Path jdk = directory.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
    script(jdk.resolve("bin/javac"), "");
    script(jdk.resolve("bin/java"), sayWho());
    Path state = Files.createDirectories(home.resolve(".sluice"));
    Files.writeString(state.resolve("daemon.aot"), "");
    Files.writeString(state.resolve("jdk"), jdk.toString());
    Files.writeString(state.resolve("built"), "");
  }

  private static String sayWho() {
    return """
    #!/bin/sh
    echo "$(id -un):$(id -gn)"
    [ -z "$SLUICE_READY" ] || echo ready > "/proc/self/fd/$SLUICE_READY"
    """;
  }

  private Tools.Result start(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("sluice").toString()));
    command.addAll(List.of(words));
    return tools.attempt(command.toArray(String[]::new));
  }

  @Test
  void shouldRunProgramsAsTheUserAndGroupThatTheyAreTold() throws Exception {
    pretendToBeBuilt();
    for (String program : List.of("ovsdb-server", "ovs-vswitchd", "ovsdb-client")) {
      assertEquals("root:root\n", start(program).output());
      assertEquals("daemon:daemon\n", start(program, "--user=daemon").output());
      assertEquals("daemon:daemon\n", start(program, "--user", "daemon").output());
      assertEquals("daemon:nogroup\n", start(program, "--user", "daemon:nogroup").output());
      assertEquals("root:daemon\n", start(program, "--user=:daemon").output());
      assertEquals("root:root\n", start(program, "--", "--user=daemon").output());
      assertEquals(0, start(program, "--detach", "--user=daemon").status());
    }
  }

  @Test
  void shouldRefuseUsersAndGroupsThatThereAreNot() throws Exception {
    pretendToBeBuilt();
    for (String how : List.of("--detach", "--no-chdir")) {
      Tools.Result user = start("ovsdb-server", "--user=nobody-at-all", how);
      assertEquals("ovsdb-server: user nobody-at-all not found, aborting.\n", user.output());
      assertEquals(1, user.status());
    }
    assertEquals(
        "ovsdb-client: group none-at-all not found, aborting.\n",
        start("ovsdb-client", "--user=daemon:none-at-all").output());
  }

  private Tools.Result startWithModules(String modules) throws Exception {
    script(directory.resolve("jdk/bin/java"), "#!/bin/sh\necho \"$*\"\n");
    return tools.attempt(
        "env", "SLUICE_MODULES=" + modules, home.resolve("sluice").toString(), "ovs-vswitchd");
  }

  /** A JVM that starts from a recorded cache binds only the services that it was recorded with. */
  @Test
  void shouldStartWithoutTheWarmStartWhenThereAreModulesToLookFor() throws Exception {
    pretendToBeBuilt();
    assertTrue(startWithModules("").output().contains("-XX:AOTCache="));
    String output = startWithModules(directory.toString()).output();
    assertFalse(output.contains("-XX:AOTCache="), output);
    assertTrue(output.contains(".sluice/lib:" + directory + " -m "), output);
  }

  @Test
  void shouldRefuseModulesThatAreNotThere() throws Exception {
    pretendToBeBuilt();
    Tools.Result result = startWithModules(directory + ":/not/there");
    assertEquals("sluice: SLUICE_MODULES names /not/there, which is not there\n", result.output());
    assertEquals(1, result.status());
  }
}
