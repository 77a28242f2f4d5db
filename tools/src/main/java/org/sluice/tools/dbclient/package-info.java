/** {@code ovsdb-client}: asks and watches a running database server. */
package org.sluice.tools.dbclient;
