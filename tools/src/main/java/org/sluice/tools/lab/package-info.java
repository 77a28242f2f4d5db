/**
 * The lab: three hosts, three firewall policies, the same probes under each, and a table of what
 * passed. With root the hosts are network namespaces with real sockets; without, the probes are
 * captures played through the same switch.
 */
package org.sluice.tools.lab;
