package org.sluice.tools.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionTableTest {
  private final List<String> seen = new ArrayList<>();
  private final OptionTable table =
      new OptionTable()
          .flag("more", 'm', () -> seen.add("more"))
          .flag("pretty", () -> seen.add("pretty"))
          .flag("pretend", () -> seen.add("pretend"))
          .value("target", 't', value -> seen.add("target " + value))
          .optionalValue("verbose", 'v', value -> seen.add("verbose " + value));

  @Test
  void shouldReadValuesJoinedAndApart() {
    List<String> words = table.parse("--target=a", "--target", "b", "-tc", "-t", "d", "--target=");
    assertEquals(List.of("target a", "target b", "target c", "target d", "target "), seen);
    assertEquals(List.of(), words);
  }

  @Test
  void shouldTakeOptionalValuesOnlyWhereTheyAreJoined() {
    assertEquals(List.of("word"), table.parse("-v", "word", "-vfile", "--verbose=x", "--verbose"));
    assertEquals(List.of("verbose null", "verbose file", "verbose x", "verbose null"), seen);
  }

  @Test
  void shouldReadJoinedLetters() {
    table.parse("-mmt", "x", "-mvmm");
    assertEquals(List.of("more", "more", "target x", "more", "verbose mm"), seen);
  }

  @Test
  void shouldAcceptShortenedNamesThatAreUnique() {
    table.parse("--targ=x", "--verb", "--m", "--prett");
    assertEquals(List.of("target x", "verbose null", "more", "pretty"), seen);
  }

  @Test
  void shouldReadOptionsAfterWordsUpToTwoDashes() {
    assertEquals(
        List.of("a", "-", "b", "--pretty"), table.parse("a", "-m", "-", "--", "b", "--pretty"));
    assertEquals(List.of("more"), seen);
  }

  @Test
  void shouldLeaveTheRestAloneWhereOptionsLead() {
    assertEquals(List.of("a", "-m", "--", "b"), table.parseLeading("-m", "a", "-m", "--", "b"));
    assertEquals(List.of("more"), seen);
  }

  @Test
  void shouldComplainLikeGetopt() {
    assertComplaint("unrecognized option '--nothing=x'", "--nothing=x");
    assertComplaint("option '--pretty' doesn't allow an argument", "--pretty=x");
    assertComplaint("option '--target' requires an argument", "--targ");
    assertComplaint("option '--pre' is ambiguous; possibilities: '--pretty' '--pretend'", "--pre");
    assertComplaint("invalid option -- 'x'", "-mx");
    assertComplaint("option requires an argument -- 't'", "-mt");
  }

  private void assertComplaint(String expected, String... arguments) {
    assertEquals(expected, assertThrows(BadUsage.class, () -> table.parse(arguments)).getMessage());
  }

  @Test
  void shouldListWhatShellsComplete() {
    assertEquals(
        """
        --more
        -m\s
        --pretty
        --pretend
        --target=ARG
        -t ARG
        --verbose=[ARG]
        -v [ARG]
        """,
        table.completions());
  }
}
