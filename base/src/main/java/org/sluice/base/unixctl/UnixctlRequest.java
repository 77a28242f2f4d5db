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
}
