/** {@code ovsdb-tool}: database files without a server. */
package org.sluice.tools.dbtool;
