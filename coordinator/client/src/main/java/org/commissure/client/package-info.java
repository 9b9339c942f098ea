/** A client of the coordinator's console for Java programs: what people see in a browser, as records. */
@NullMarked
package org.commissure.client;

import org.jspecify.annotations.NullMarked;
