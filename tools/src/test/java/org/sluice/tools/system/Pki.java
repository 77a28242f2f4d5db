package org.sluice.tools.system;

import java.nio.file.Path;

/** Keys with certificates that vouch for themselves, as {@code NAME.key} and {@code NAME.cert}. */
final class Pki {
  private final Path directory;
  private final Tools tools;

  Pki(Path directory, Tools tools) {
    this.directory = directory;
    this.tools = tools;
  }

  /** Makes them, with the {@code openssl} that is installed. */
  Pki make(String... names) throws Exception {
    for (String name : names) {
      tools.run(
          ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN="
                  + name
                  + " -keyout "
                  + file(name + ".key")
                  + " -out "
                  + file(name + ".cert"))
              .split(" "));
    }
    return this;
  }

  String file(String name) {
    return directory.resolve(name).toString();
  }

  /** What tells a program that it is {@code own} and that {@code peer} is to be trusted. */
  String[] options(String own, String peer) {
    return new String[] {
      "--private-key=" + file(own + ".key"),
      "--certificate=" + file(own + ".cert"),
      "--ca-cert=" + file(peer + ".cert")
    };
  }
}
