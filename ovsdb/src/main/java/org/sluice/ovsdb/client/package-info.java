/**
 * A client of OVSDB: a live copy of chosen tables and columns, and transactions to change them.
 * Usable on its own.
 *
 * <pre>
 *   ClientConfig config =
 *       ClientConfig.of("unix:/run/openvswitch/db.sock", ShippedSchemas.openVswitch())
 *           .monitor("Open_vSwitch", "bridges", "next_cfg", "cur_cfg")
 *           .monitor("Bridge")                                     // all columns
 *           .lock("ovs_vswitchd");
 *   try (OvsdbClient client = new OvsdbClient(config, log)) {
 *     client.start();
 *     Snapshot seen = Snapshot.NONE;
 *     for (;;) {
 *       Snapshot now = client.awaitChange(seen, 1000);             // or client.onChange(runnable)
 *       for (RowChange change : now.changesSince(seen)) { ... }    // old row, new row
 *       if (now.isComplete() &amp;&amp; now.holdsLock()) {
 *         Row root = now.rows("Open_vSwitch").iterator().next();
 *         Edit edit = client.edit();
 *         edit.set(root, "cur_cfg", root.get("next_cfg"));
 *         CommitResult result = client.commit(edit);               // or submit(), a future
 *       }
 *       seen = now;
 *     }
 *   }
 * </pre>
 *
 * <p>A {@link org.sluice.ovsdb.client.Snapshot} is immutable and consistent: all monitored tables
 * as they were after one and the same update. A commit's own changes are in the client's snapshot
 * before the commit returns. {@link org.sluice.ovsdb.client.OvsdbClient#transact} builds an edit
 * from the newest snapshot, and again from a newer one for as long as a value that it verified had
 * changed meanwhile. The client reconnects by itself, with growing pauses, and then asks only for
 * what it missed, where the server can tell.
 */
package org.sluice.ovsdb.client;
