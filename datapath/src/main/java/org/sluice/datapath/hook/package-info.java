/**
 * The five points of the Linux packet filter, as an interface for programs: {@link
 * org.sluice.datapath.hook.PacketHook}. Where they lie on a packet's way is drawn in docs/HOOKS.md.
 */
package org.sluice.datapath.hook;
