/** Memory outside the Java heap by the page: large tables, in huge pages where there are any. */
package org.sluice.base.pages;
