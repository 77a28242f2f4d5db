package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/** The three ways to watch a database, each with its request and its notification. */
enum MonitorVersion {
  /** RFC 7047's. */
  MONITOR("monitor", "update"),

  /** With conditions on rows, and differences in updates. */
  MONITOR_COND("monitor_cond", "update2"),

  /** The same, starting after a known change. */
  MONITOR_COND_SINCE("monitor_cond_since", "update3");

  private final String method;
  private final String notification;

  MonitorVersion(String method, String notification) {
    this.method = method;
    this.notification = notification;
  }

  String method() {
    return method;
  }

  /** Which version an update is of that this one may meet, or null. */
  MonitorVersion ofNotification(String name) {
    if (name.equals(MONITOR.notification)) {
      return MONITOR;
    }
    return name.equals(notification) ? this : null;
  }

  ArrayNode request(String database, List<MonitoredTable> tables, UUID since) {
    ArrayNode params = Server.array().add(database).addNull();
    ObjectNode requests = params.addObject();
    tables.forEach(table -> requests.set(table.table().name(), table.requests()));
    return this == MONITOR_COND_SINCE ? params.add(since.toString()) : params;
  }
}
