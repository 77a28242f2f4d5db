package org.sluice.bench.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;

/** The requests of the benchmark, and the database that they are for. Stateless. */
final class Workload {
  static final int ROWS_PER_TRANSACTION = 1000;

  private static final String SCHEMA =
      """
      {"name": "bench", "version": "1.0.0", "tables": {"Item": {"isRoot": true, "columns": {
        "name": {"type": "string"},
        "count": {"type": "integer"},
        "labels": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}}
      }}}}
      """;

  private static final String DURABLE = "{\"op\": \"commit\", \"durable\": true}";

  private Workload() {}

  static DatabaseSchema schema() {
    try {
      return DatabaseSchema.fromJson(JsonText.parse(SCHEMA));
    } catch (OvsdbException e) {
      throw new IllegalStateException("the benchmark's own schema is wrong", e);
    }
  }

  /** Inserts items {@code first} to {@code last} - 1. */
  static String insertItems(int first, int last) {
    StringBuilder out =
        new StringBuilder("{\"id\":1,\"method\":\"transact\",\"params\":[\"bench\"");
    for (int i = first; i < last; i++) {
      out.append(
          """
          ,{"op":"insert","table":"Item","row":{"name":"item%d","count":0,"labels":["map",\
          [["color","blue"],["place","shelf %d"]]]}}\
          """
              .formatted(i, i % 100));
    }
    return out.append("]}").toString();
  }

  /** Adds one to an item's count, durably. */
  static String countItem(int item) {
    return """
    {"id":1,"method":"transact","params":["bench",{"op":"mutate","table":"Item",\
    "where":[["name","==","item%d"]],"mutations":[["count","+=",1]]},%s]}\
    """
        .formatted(item, DURABLE);
  }

  /** Adds one to the count of the item with that UUID, durably. */
  static String countItem(String uuid) {
    return """
    {"id":1,"method":"transact","params":["bench",{"op":"mutate","table":"Item",\
    "where":[["_uuid","==",["uuid","%s"]]],"mutations":[["count","+=",1]]},%s]}\
    """
        .formatted(uuid, DURABLE);
  }

  /** How often items were counted, and under which UUIDs they are. */
  static JsonNode counts(RawConnection connection) throws IOException {
    return connection
        .call(
            """
            {"id":1,"method":"transact","params":["bench",{"op":"select","table":"Item",\
            "where":[],"columns":["_uuid","count"]}]}\
            """)
        .get(0)
        .get("rows");
  }

  /** Looks at one item. */
  static String selectItem(int item) {
    return """
    {"id":1,"method":"transact","params":["bench",{"op":"select","table":"Item",\
    "where":[["name","==","item%d"]]}]}\
    """
        .formatted(item);
  }

  /** Watches all items. */
  static String monitorItems() {
    return """
    {"id":1,"method":"monitor_cond","params":["bench","m",{"Item":[{"columns":\
    ["name","count","labels"]}]}]}\
    """;
  }

  /** A bridge with ports {@code p1} to {@code pN}. */
  static String insertBridge(int ports) {
    StringBuilder out =
        new StringBuilder("{\"id\":1,\"method\":\"transact\",\"params\":[\"Open_vSwitch\"");
    StringBuilder names = new StringBuilder();
    for (int i = 1; i <= ports; i++) {
      out.append(',').append(portOperations(i));
      names.append(i == 1 ? "" : ",").append("[\"named-uuid\",\"port").append(i).append("\"]");
    }
    out.append(",{\"op\":\"insert\",\"table\":\"Bridge\",\"uuid-name\":\"bridge\",\"row\":");
    out.append("{\"name\":\"br0\",\"ports\":[\"set\",[").append(names).append("]]}}");
    out.append(",{\"op\":\"insert\",\"table\":\"Open_vSwitch\",\"row\":");
    return out.append("{\"bridges\":[\"named-uuid\",\"bridge\"]}}]}").toString();
  }

  private static String portOperations(int number) {
    return """
    {"op":"insert","table":"Interface","uuid-name":"device%1$d","row":{"name":"p%1$d"}},\
    {"op":"insert","table":"Port","uuid-name":"port%1$d","row":{"name":"p%1$d",\
    "interfaces":["named-uuid","device%1$d"]}}\
    """
        .formatted(number);
  }

  /** Adds one port to the bridge, as {@code ovs-vsctl add-port} does it. */
  static String addPort(int number) {
    return """
    {"id":1,"method":"transact","params":["Open_vSwitch",%s,{"op":"mutate","table":"Bridge",\
    "where":[["name","==","br0"]],"mutations":[["ports","insert",["named-uuid","port%d"]]]},\
    %s]}\
    """
        .formatted(portOperations(number), number, DURABLE);
  }

  /** Takes a port out of the bridge again, and so out of the database. */
  static void removePort(RawConnection connection, int number) throws IOException {
    JsonNode port =
        connection.call(
            """
            {"id":1,"method":"transact","params":["Open_vSwitch",{"op":"select","table":"Port",\
            "where":[["name","==","p%d"]],"columns":["_uuid"]}]}\
            """
                .formatted(number));
    connection.call(
        """
        {"id":1,"method":"transact","params":["Open_vSwitch",{"op":"mutate","table":"Bridge",\
        "where":[["name","==","br0"]],"mutations":[["ports","delete",%s]]}]}\
        """
            .formatted(port.get(0).get("rows").get(0).get("_uuid")));
  }

  /** Watches bridges, ports and interfaces, as the switch does. */
  static String monitorSwitch() {
    return """
    {"id":1,"method":"monitor_cond","params":["Open_vSwitch","m",{\
    "Bridge":[{"columns":["name","ports"]}],"Port":[{"columns":["name","interfaces"]}],\
    "Interface":[{"columns":["name"]}]}]}\
    """;
  }
}
