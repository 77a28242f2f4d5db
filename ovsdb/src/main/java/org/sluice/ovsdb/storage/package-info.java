/**
 * The database on disk: OVSDB's own log format, readable by {@code ovsdb-tool} and the reverse.
 * {@link org.sluice.ovsdb.storage.DatabaseFile} describes it.
 *
 * <p>Everything here belongs to the database's writer thread.
 */
package org.sluice.ovsdb.storage;
