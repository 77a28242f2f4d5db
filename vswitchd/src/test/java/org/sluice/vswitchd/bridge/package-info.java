/** Tests of this package. */
package org.sluice.vswitchd.bridge;
