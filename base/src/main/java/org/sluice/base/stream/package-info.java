/**
 * Byte streams between programs, under the names that Open vSwitch gives them: {@code unix:},
 * {@code tcp:} and {@code ssl:} connect ({@link org.sluice.base.stream.ActiveAddress}), {@code
 * punix:}, {@code ptcp:}, {@code pssl:} and {@code pfd:} listen ({@link
 * org.sluice.base.stream.PassiveAddress}). TLS is the JDK's, set up by {@link
 * org.sluice.base.stream.Tls} from PEM files.
 */
package org.sluice.base.stream;
