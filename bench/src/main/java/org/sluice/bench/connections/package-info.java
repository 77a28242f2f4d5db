/**
 * Millions of connections that come and go, and how long the threads that steer the switch are kept
 * from it meanwhile.
 */
package org.sluice.bench.connections;
