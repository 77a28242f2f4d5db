package org.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every type says what it is for, and so does every package. */
class DocumentationTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  /** The line that begins a type: one of a package, or a nested one that is public. */
  private static final Pattern TYPE =
      Pattern.compile("(|  public )([a-z-]+ )*(class|interface|@interface|record|enum) \\w.*");

  @Test
  void shouldSayWhatEveryTypeIsFor() throws IOException {
    Set<String> silent = new TreeSet<>();
    for (Path source : sources()) {
      List<String> lines = Files.readAllLines(source);
      for (int i = 0; i < lines.size(); i++) {
        if (TYPE.matcher(lines.get(i)).matches() && !isDocumented(lines, i)) {
          silent.add(HOME.relativize(source) + ":" + (i + 1));
        }
      }
    }
    assertEquals(Set.of(), silent);
  }

  /** Whether a comment ends above the line, with nothing but annotations in between. */
  private static boolean isDocumented(List<String> lines, int at) {
    int above = at - 1;
    while (above >= 0 && isAnnotation(lines.get(above), indent(lines.get(at)))) {
      above--;
    }
    return above >= 0 && lines.get(above).endsWith("*/");
  }

  /** Whether an annotation of what stands at {@code indent} begins, goes on or ends here. */
  private static boolean isAnnotation(String line, int indent) {
    String text = line.strip();
    boolean edge = text.startsWith("@") || text.startsWith(")") || text.startsWith("})");
    boolean inside = !text.isEmpty() && indent(line) > indent && !text.endsWith("*/");
    return edge || inside;
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  @Test
  void shouldSayWhatEveryPackageIsFor() throws IOException {
    Set<Path> silent = new TreeSet<>();
    for (Path source : sources()) {
      Path info = source.resolveSibling("package-info.java");
      boolean inPackage = !source.endsWith("module-info.java");
      if (inPackage && (!Files.exists(info) || !Files.readString(info).contains("/**"))) {
        silent.add(HOME.relativize(source.getParent()));
      }
    }
    assertEquals(Set.of(), silent);
  }

  private static List<Path> sources() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> modules = Files.list(HOME)) {
      for (Path module : modules.map(path -> path.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(module)) {
          try (Stream<Path> files = Files.walk(module)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
          }
        }
      }
    }
    assertTrue(all.size() > 100, "no sources below " + HOME);
    return all;
  }
}
