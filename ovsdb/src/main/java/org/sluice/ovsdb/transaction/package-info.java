/**
 * A database in memory and the transactions of RFC 7047 section 5.2 on it.
 *
 * <p>{@link org.sluice.ovsdb.transaction.TransactionExecutor} runs the operations of one request
 * against a {@link org.sluice.ovsdb.transaction.Transaction}, a private overlay; {@link
 * org.sluice.ovsdb.transaction.CommitCheck} completes it (references, garbage, limits, indexes);
 * {@link org.sluice.ovsdb.transaction.Database#apply} makes it true. What changed comes out as a
 * {@link org.sluice.ovsdb.transaction.ChangeSet}, from which the file and the monitors are fed.
 *
 * <p>Rows are immutable snapshots. Tables belong to one thread, the database's writer.
 */
package org.sluice.ovsdb.transaction;
