/**
 * The values of OVSDB (RFC 7047 section 3.2 and 5.1): atoms, the sets and maps made of them, their
 * types with constraints, their JSON and text forms, and the error value that a peer gets back.
 *
 * <p>Everything here is immutable and without thread ownership, except {@link
 * org.sluice.ovsdb.data.MemberReader}, which lives for the length of one parse.
 */
package org.sluice.ovsdb.data;
