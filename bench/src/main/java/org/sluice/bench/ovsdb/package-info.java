/**
 * What the database server is worth, beside Debian's: both run as processes on the same file
 * system, driven by the same client over Unix sockets.
 */
package org.sluice.bench.ovsdb;
