package org.sluice.tools.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.tools.options.OptionTable;

class TablePrinterTest {
  private static final BaseType STRING = BaseType.of(AtomicType.STRING);
  private static final ColumnType SET = new ColumnType(STRING, null, 0, ColumnType.UNLIMITED);
  private static final ColumnType MAP = new ColumnType(STRING, STRING, 0, ColumnType.UNLIMITED);
  private static final String UUID = "4bf1f08e-f2ca-44a9-8e14-a2d3b4a8b5ca";

  private static OutputTable table() {
    OutputTable table = new OutputTable(List.of("_uuid", "names", "more")).captioned("T table");
    Cell names = Cell.of(JsonText.parse("[\"set\",[\"a b\",\"c\"]]"), SET);
    Cell more = Cell.of(JsonText.parse("[\"map\",[[\"k\",\"<v>\"]]]"), MAP);
    table.addRow(List.of(Cell.of(UUID), names, more));
    table.addRow(List.of(Cell.of("x")));
    return table;
  }

  private static String print(OutputTable table, String... options) {
    TableOptions parsed = new TableOptions(TableFormat.TABLE);
    new OptionTable().group(parsed::addTo).parse(options);
    return new TablePrinter(parsed.style()).print(table);
  }

  @Test
  void shouldAlignColumns() {
    String expected =
        """
        T table
        _uuid                                names      more
        ------------------------------------ ---------- ---------
        4bf1f08e-f2ca-44a9-8e14-a2d3b4a8b5ca ["a b", c] {k="<v>"}
        x
        """;
    assertEquals(expected, print(table()));
  }

  @Test
  void shouldCutColumnsButNotTheirHeadings() {
    String expected =
        """
        T table
        _uuid names more
        ----- ----- ----
        4bf1f ["a b {k="
        x
        """;
    assertEquals(expected, print(table(), "--max-column-width=4"));
  }

  @Test
  void shouldPrintListsWithABlankLineBetweenRows() {
    String expected =
        """
        T table
        _uuid               : 4bf1f08e-f2ca-44a9-8e14-a2d3b4a8b5ca
        names               : ["a b", c]
        more                : {k="<v>"}

        _uuid               : x
        names               :\s
        more                :\s
        """;
    assertEquals(expected, print(table(), "--format=list"));
  }

  @Test
  void shouldPrintBareCells() {
    String expected = "T table\n" + UUID + "\na b c\nk=<v>\n\nx\n\n\n";
    assertEquals(expected, print(table(), "--bare"));
  }

  @Test
  void shouldQuoteInCsvWhatNeedsIt() {
    String expected =
        """
        T table
        _uuid,names,more
        4bf1f08e-f2ca-44a9-8e14-a2d3b4a8b5ca,"[""a b"", c]","{k=""<v>""}"
        x,,
        """;
    assertEquals(expected, print(table(), "-fcsv"));
  }

  @Test
  void shouldLinkUuidsInHtml() {
    String expected =
        """
        <table border=1>
            <caption>T table</caption>
          <tr>
            <td><a name="4bf1f08e-f2ca-44a9-8e14-a2d3b4a8b5ca">4bf1f08e</a></td>
            <td>[&quot;a b&quot;, c]</td>
            <td>{k=&quot;&lt;v&gt;&quot;}</td>
          </tr>
          <tr>
            <td><a name="x">x</a></td>
            <td></td>
            <td></td>
          </tr>
        </table>
        """;
    assertEquals(expected, print(table(), "-f", "html", "--no-headings"));
    OutputTable references = new OutputTable(List.of("ports"));
    references.addRow(List.of(Cell.of("[" + UUID + "]")));
    String link = "    <td>[<a href=\"#" + UUID + "\">4bf1f08e</a>]</td>\n";
    assertEquals(
        "<table border=1>\n  <tr>\n" + link + "  </tr>\n</table>\n",
        print(references, "-f", "html", "--no-headings"));
  }

  @Test
  void shouldPrintJsonAsOnTheWire() {
    String expected =
        """
        {"caption":"T table","data":[["%s",["set",["a b","c"]],["map",[["k","<v>"]]]],\
        ["x",null,null]],"headings":["_uuid","names","more"],"time":"2001-09-09 01:46:40.123"}
        """
            .formatted(UUID);
    assertEquals(expected, print(table().stamped(1_000_000_000_123L), "--format=json"));
  }

  @Test
  void shouldSpreadPrettyJsonOverLines() {
    String expected =
        """
        {
          "a": [],
          "b": {
            },
          "c": [
            1,
            2.5]}\
        """;
    assertEquals(
        expected, JsonPrinter.print(JsonText.parse("{\"c\":[1.0,2.5],\"b\":{},\"a\":[]}"), true));
  }

  @Test
  void shouldWriteJsonValuesAsOpenVswitchDoes() {
    String json = "[null,true,1e20,-0.5,9223372036854775807,\"\\u001b\\n\\\"\\u00e9\"]";
    String expected = "[null,true,1e+20,-0.5,9223372036854775807,\"\\u001b\\n\\\"\u00e9\"]";
    assertEquals(expected, JsonPrinter.compact(JsonText.parse(json)));
  }

  @Test
  void shouldSeparateTablesByABlankLine() {
    TablePrinter printer = new TablePrinter(TableStyle.of(TableFormat.TABLE));
    OutputTable table = new OutputTable(List.of("a"));
    assertEquals("a\n-\n", printer.print(table));
    assertEquals("\n1970-01-01 00:00:00.001\na\n-\n", printer.print(table.stamped(1)));
  }

  @Test
  void shouldCountBytesWhereTextIsNotAscii() {
    OutputTable table = new OutputTable(List.of("a", "b"));
    table.addRow(List.of(Cell.of("\u00e9\u00e9"), Cell.of("1")));
    table.addRow(List.of(Cell.of("xxxx"), Cell.of("2")));
    assertEquals("\u00e9\u00e9 1\nxxxx 2\n", print(table, "--no-headings"));
    assertEquals("\u00e9  1\nxxx 2\n", print(table, "--no-headings", "--max-column-width=3"));
  }
}
