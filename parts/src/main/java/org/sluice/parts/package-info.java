/** What the steps of a packet's way cost, each measured by JMH. */
package org.sluice.parts;
