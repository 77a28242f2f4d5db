/** Tests of translation, and a network of bridges without daemon or database to make them in. */
package org.sluice.vswitchd.translate;
