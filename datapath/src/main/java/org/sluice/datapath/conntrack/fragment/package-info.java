/**
 * Fragments: a datagram is put together for tracking, and its fragments go on as they came. {@link
 * org.sluice.datapath.conntrack.fragment.Reassembler} holds them, {@link
 * org.sluice.datapath.conntrack.fragment.FragmentLimits} says how many and counts.
 */
package org.sluice.datapath.conntrack.fragment;
