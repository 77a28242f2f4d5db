/** What JSON must look like, and what is said of it when it does not. */
package org.sluice.base.json;
