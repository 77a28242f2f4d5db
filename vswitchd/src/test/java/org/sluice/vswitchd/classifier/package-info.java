/** Examples and random operations for the classifier. */
package org.sluice.vswitchd.classifier;
