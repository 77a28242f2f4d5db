/** Tests of switches as processes. */
package org.sluice.bench.peer;
