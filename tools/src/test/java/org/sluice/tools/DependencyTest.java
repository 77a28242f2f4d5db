package org.sluice.tools;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The architecture as a list: which module may know which, and that no packages form a cycle. A
 * line that has to be added here is a wall that moves: say why in {@code docs/DECISIONS.md}.
 */
class DependencyTest {
  private static final String ROOT = "org.sluice.";

  /** What each module may import, itself apart. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "base", Set.of(),
          "datapath", Set.of("base"),
          "openflow", Set.of("base", "datapath"),
          "ovsdb", Set.of("base"),
          "vswitchd", Set.of("base", "datapath", "openflow", "ovsdb"),
          "tools", Set.of("base", "datapath", "openflow", "ovsdb", "vswitchd"));

  /** Of the datapath, OpenFlow's codec needs the vocabulary of fields only. */
  private static final Set<String> DATAPATH_SEEN_BY_OPENFLOW =
      Set.of("org.sluice.datapath.flow", "org.sluice.datapath.packet");

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.sluice");
  }

  @Test
  void shouldOnlyPointDownwardsBetweenModules() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : classes) {
      for (var dependency : from.getDirectDependenciesFromSelf()) {
        String to = module(dependency.getTargetClass());
        if (to != null && !to.equals(module(from)) && !ALLOWED.get(module(from)).contains(to)) {
          wrong.add(from.getPackageName() + " -> " + dependency.getTargetClass().getPackageName());
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @Test
  void shouldShowOpenFlowOnlyTheFieldsOfTheDatapath() {
    Set<String> seen = new TreeSet<>();
    for (JavaClass from : classes) {
      if ("openflow".equals(module(from))) {
        for (var dependency : from.getDirectDependenciesFromSelf()) {
          if ("datapath".equals(module(dependency.getTargetClass()))) {
            seen.add(dependency.getTargetClass().getPackageName());
          }
        }
      }
    }
    seen.removeAll(DATAPATH_SEEN_BY_OPENFLOW);
    assertEquals(Set.of(), seen);
  }

  @Test
  void shouldHaveNoCycleOfPackages() {
    slices().matching("org.sluice.(**)").should().beFreeOfCycles().check(classes);
  }

  private static String module(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(ROOT)) {
      return null;
    }
    int end = name.indexOf('.', ROOT.length());
    return name.substring(ROOT.length(), end < 0 ? name.length() : end);
  }
}
