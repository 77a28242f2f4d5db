package org.sluice.tools.ofctl;

import org.sluice.base.daemon.DaemonDirectories;

/** The help text, but for the logging options. */
final class OfctlUsage {
  private OfctlUsage() {}

  static String text(DaemonDirectories directories) {
    return COMMANDS;
  }

  private static final String COMMANDS = "";
}
