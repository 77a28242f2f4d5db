/**
 * The connection methods of OVSDB: where a server listens ({@code punix:}, {@code ptcp:}) and where
 * a client or server connects ({@code unix:}, {@code tcp:}), with their text forms.
 */
package org.sluice.ovsdb.stream;
