package org.sluice.tools.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Path;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.packet.DropReason;

/** A replay's result for programs: one JSON object on each line. Used by one thread. */
final class JsonReport implements Report {
  private final ObjectMapper mapper = new ObjectMapper();
  private final FrameText frames = new FrameText();
  private final PrintStream out;
  private final Path folder;

  JsonReport(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  @Override
  public void packet(Fate fate) throws JsonProcessingException {
    ObjectNode object = object("packet");
    object.put("timeNs", fate.sinceStartNs());
    object.put("port", fate.port());
    object.put("bytes", fate.frame().bytes().length);
    object.put("text", frames.describe(fate.frame().bytes()));
    ArrayNode outputs = object.putArray("outputs");
    fate.outputs().forEach(outputs::add);
    ArrayNode drops = object.putArray("drops");
    fate.drops().forEach(reason -> drops.add(reason.counter()));
    ArrayNode rules = object.putArray("rules");
    fate.rules()
        .forEach(rule ->
            rules
                .addObject()
                .put("cookie", String.format("0x%x", rule.cookie()))
                .put("table", rule.tableId())
                .put("priority", rule.priority()));
    print(object);
  }

  @Override
  public void end(Replay replay) throws JsonProcessingException {
    for (Replay.PortCount port : replay.ports()) {
      ObjectNode object = object("port");
      object.put("port", port.port()).put("in", port.in()).put("out", port.out());
      print(object.put("file", Replay.output(folder, port.port()).toString()));
    }
    for (ConnectionSnapshot connection : replay.connections()) {
      print(
          object("connection")
              .put("zone", connection.zone())
              .put("text", ConnectionText.line(connection, false, false)));
    }
    for (var drop : replay.drops().entrySet()) {
      DropReason reason = drop.getKey();
      ObjectNode object = object("drop").put("reason", reason.counter());
      print(object.put("text", reason.text()).put("packets", drop.getValue()));
    }
    DatapathStatistics counted = replay.statistics();
    print(
        object("caches")
            .put("microflowHits", counted.microflowHits())
            .put("megaflowHits", counted.megaflowHits())
            .put("misses", counted.misses()));
  }

  private ObjectNode object(String type) {
    return mapper.createObjectNode().put("type", type);
  }

  private void print(ObjectNode object) throws JsonProcessingException {
    out.println(mapper.writeValueAsString(object));
  }
}
