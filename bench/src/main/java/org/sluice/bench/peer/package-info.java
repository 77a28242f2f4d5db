/**
 * Switches as processes with a database of their own: this one, or Debian's, run and configured
 * alike.
 */
package org.sluice.bench.peer;
