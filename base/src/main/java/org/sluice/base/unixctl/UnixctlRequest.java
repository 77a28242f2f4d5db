package org.sluice.base.unixctl;

import java.util.List;

/**
 * A command to carry out.
 *
 * @param command its name
 * @param args as many as the command was registered for
 * @param json whether the client would like a document instead of text
 */
public record UnixctlRequest(String command, List<String> args, boolean json) {
  public UnixctlRequest {
    args = List.copyOf(args);
  }

  /** Argument {@code index}, or {@code otherwise} if there are not that many. */
  public String arg(int index, String otherwise) {
    return index < args.size() ? args.get(index) : otherwise;
  }
}
