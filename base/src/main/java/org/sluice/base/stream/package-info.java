/**
 * Byte streams between programs, under the names that Open vSwitch gives them: {@code unix:},
 * {@code tcp:} and {@code ssl:} connect, {@code punix:}, {@code ptcp:}, {@code pssl:} and {@code
 * pfd:} listen ({@link org.sluice.base.stream.StreamAddress}). TLS is the JDK's, set up by {@link
 * org.sluice.base.stream.Tls} from PEM files.
 */
package org.sluice.base.stream;
