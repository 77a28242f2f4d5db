/** What the tests of all OVSDB packages share. */
package org.sluice.ovsdb;
