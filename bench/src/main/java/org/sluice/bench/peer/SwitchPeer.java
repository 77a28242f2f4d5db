package org.sluice.bench.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.bench.contest.ServerProcess;

/**
 * A switch that is a program, and the programs around it.
 *
 * @param name what results call it
 * @param commands what to run for each of {@link #PROGRAMS}
 */
public record SwitchPeer(String name, Map<String, List<String>> commands) {
  private static final String DEBIAN_PACKAGE = "openvswitch-switch";
  private static final List<String> PROGRAMS = List.of("ovsdb-server", "ovs-vswitchd", "ovs-vsctl");

  /** The one of the installation that this program is part of. */
  public static SwitchPeer ours() throws IOException {
    Map<String, List<String>> commands = new TreeMap<>();
    for (String program : PROGRAMS) {
      commands.put(program, ServerProcess.ours(program));
    }
    return new SwitchPeer("sluice", commands);
  }

  /** Debian's. */
  public static SwitchPeer installed() throws IOException {
    Map<String, List<String>> commands = new TreeMap<>();
    for (String program : PROGRAMS) {
      commands.put(program, List.of(ServerProcess.installed(program, DEBIAN_PACKAGE)));
    }
    return new SwitchPeer("ovs-vswitchd", commands);
  }

  /** The tool that drives both: Debian's where it is installed. */
  public static List<String> ofctl() throws IOException {
    try {
      return List.of(ServerProcess.installed("ovs-ofctl", DEBIAN_PACKAGE));
    } catch (IOException e) {
      return ServerProcess.ours("ovs-ofctl");
    }
  }

  /** A program of this peer with its arguments. */
  public List<String> command(String program, String... arguments) {
    List<String> words = new ArrayList<>(commands.get(program));
    words.addAll(List.of(arguments));
    return words;
  }
}
