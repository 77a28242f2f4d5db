/** {@code ./sluice bench parts}: the steps of a packet's way, each measured by JMH. */
package org.sluice.bench.parts;
