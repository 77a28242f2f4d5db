/**
 * Two hosts and a switch between them, with the kernel's devices: what traffic gets through, beside
 * Debian's {@code ovs-vswitchd} in user space and the kernel's own bridge.
 */
package org.sluice.bench.network;
