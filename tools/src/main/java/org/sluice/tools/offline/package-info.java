/** The switch without database, sockets and threads of its own: stepped, in virtual time. */
package org.sluice.tools.offline;
