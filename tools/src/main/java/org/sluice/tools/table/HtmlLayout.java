package org.sluice.tools.table;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link TableFormat#HTML}. Stateless. */
final class HtmlLayout {
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final int SHOWN_OF_A_UUID = 8;

  private HtmlLayout() {}

  static void write(OutputTable table, TableStyle style, StringBuilder out) {
    if (table.time() != null) {
      out.append(table.time()).append('\n');
    }
    out.append("<table border=1>\n");
    if (table.caption() != null) {
      cell("caption", table.caption(), out);
    }
    if (style.headings()) {
      out.append("  <tr>\n");
      table.headings().forEach(heading -> cell("th", heading, out));
      out.append("  </tr>\n");
    }
    for (List<Cell> row : table.rows()) {
      out.append("  <tr>\n");
      for (int i = 0; i < row.size(); i++) {
        data(table.headings().get(i), row.get(i).text(style.cells()), out);
      }
      out.append("  </tr>\n");
    }
    out.append("</table>\n");
  }

  /** What other rows' links point to is the row's own UUID. */
  private static void data(String heading, String text, StringBuilder out) {
    if (!heading.equals("_uuid")) {
      cell("td", text, out);
      return;
    }
    String shown = text.substring(0, Math.min(text.length(), SHOWN_OF_A_UUID));
    out.append("    <td><a name=\"").append(escaped(text)).append("\">");
    out.append(escaped(shown)).append("</a></td>\n");
  }

  private static void cell(String element, String text, StringBuilder out) {
    out.append("    <").append(element).append('>');
    Matcher uuids = UUID.matcher(text);
    int end = 0;
    while (uuids.find()) {
      out.append(escaped(text.substring(end, uuids.start())));
      String uuid = uuids.group();
      out.append("<a href=\"#").append(uuid).append("\">");
      out.append(uuid, 0, SHOWN_OF_A_UUID).append("</a>");
      end = uuids.end();
    }
    out.append(escaped(text.substring(end))).append("</").append(element).append(">\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
