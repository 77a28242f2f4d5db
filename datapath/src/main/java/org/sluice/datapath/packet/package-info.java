/**
 * One frame in memory: where its headers lie, what is known about it, how to read and edit them.
 */
package org.sluice.datapath.packet;
