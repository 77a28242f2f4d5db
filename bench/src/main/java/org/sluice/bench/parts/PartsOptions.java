package org.sluice.bench.parts;

import java.io.IOException;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command line of {@code ./sluice bench parts}. Filled by picocli. */
@Command(
    name = "./sluice bench parts",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {"./sluice bench parts [--part NAME] [--rounds N] [--json]"},
    description = {
      "",
      "Measures the steps of a packet's way by themselves, with JMH, each in a process of its own"
          + " that has the switch's options: time and bytes allocated for a packet. Packets are UDP"
          + " of 60 bytes, 32 at a time, and near; so are connections. What many flows cost shows in"
          + " microflow and megaflow, which are measured with 32, 1,000 and 100,000 of them.",
      "",
      "  parse           find where the headers lie",
      "  key             write all fields as the words of a flow key",
      "  hash            the hash of addresses and ports that buckets are chosen by",
      "  checksum        check the sums of IPv4's header and of UDP",
      "  checksum-long   sum the 1,460 bytes of a full segment",
      "  microflow       exact-match key, its hash, and the entry that it leads to",
      "  megaflow        flow key, and the masked entry that agrees with it, under one mask",
      "  update          move a connection on that the microflow cache has at hand",
      "  track           copy the frame, find its connection, move it on",
      "  nat             the same, and write the other address into the packet",
      "  create          copy and parse a frame, make its connection known, in an empty table",
      "  create-nat      the same, and choose a port for the connection's other side",
      "",
      "With --json one line for each: {\"part\", \"flows\", \"nsPerOp\", \"errorNs\","
          + " \"bytesPerOp\"}; flows is null where there is nothing to choose, and errorNs is half the"
          + " width of the interval that holds the mean with 99.9 %% confidence.",
      ""
    },
    optionListHeading = "Options:%n",
    footer = {"", "All of them take about two minutes. Nothing else should run meanwhile."})
final class PartsOptions {
  @Option(
      names = "--part",
      paramLabel = "NAME",
      converter = PartName.class,
      description = "Measure this one only; may be repeated.")
  List<Part> parts = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How often each is measured, 0.3 s long, after 3 to warm up (${DEFAULT-VALUE}).")
  int rounds;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;

  /** Refuses what makes no sense. */
  void check() throws IOException {
    CommandLines.checkRange("--rounds", rounds, 2, 1000);
  }

  /** Those that are asked for. */
  List<Part> chosen() {
    return parts.isEmpty() ? List.of(Part.values()) : parts;
  }

  /** Reads a part's name. */
  static final class PartName implements ITypeConverter<Part> {
    @Override
    public Part convert(String word) {
      for (Part part : Part.values()) {
        if (part.toString().equals(word)) {
          return part;
        }
      }
      throw new TypeConversionException("'" + word + "' is none of " + List.of(Part.values()));
    }
  }
}
