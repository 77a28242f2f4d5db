/** Tests of learning and bridging. */
package org.sluice.vswitchd.l2;
