/**
 * {@code ./sluice replay}: captures through the switch in virtual time, and what became of them.
 */
package org.sluice.tools.replay;
