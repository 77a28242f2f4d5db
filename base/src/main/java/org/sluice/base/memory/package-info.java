/** Memory outside the Java heap: raw access by address, and slabs of fixed-size records. */
package org.sluice.base.memory;
