/** Tests of the replay of captures. */
package org.sluice.tools.replay;
