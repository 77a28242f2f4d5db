/**
 * Linux itself: system calls and rtnetlink through the foreign function interface, with no native
 * code of ours.
 *
 * <p>The plain calls ({@link org.sluice.base.linux.FileDescriptors}, {@link
 * org.sluice.base.linux.Sockets} ...) answer as the kernel does, with a result or a negative errno,
 * and neither throw nor allocate, so that the packet path may use them. {@link
 * org.sluice.base.linux.LinuxException#check} turns such an answer into an exception where that is
 * what one wants.
 *
 * <p>Numbers and layouts are those of 64-bit little-endian Linux (x86-64 and AArch64 agree on all
 * that is used here).
 */
package org.sluice.base.linux;
