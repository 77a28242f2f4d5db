/**
 * Byte streams that carry OpenFlow: where to connect or listen, framing with bounds, and the
 * agreement on a version. What the messages mean is the codec's business.
 */
package org.sluice.openflow.connection;
