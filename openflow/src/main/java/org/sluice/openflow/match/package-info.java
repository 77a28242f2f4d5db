/**
 * Putting matches together: what setting a field means for the key and the mask, what must be
 * matched before it, and what is normal. Shared by the wire codec and the text syntax.
 */
package org.sluice.openflow.match;
